/** Messages of the solve workflow to its worker process, so that activities there need not pull what the process already has. */
import type { Sinks } from '@temporalio/workflow';
import type { Counted, WorkflowSpan } from './trace';

export interface HuskySinks extends Sinks {
  husky: {
    began(solutionId: string, question: string): void;
    stepped(solutionId: string, index: number, step: string, output: string, tool?: string, together?: true): void;
    ended(solutionId: string): void;
    /** This workflow no longer waits for its calls in flight. */
    abandoned(): void;
    /** A span of a workflow that is traced. */
    traced(span: WorkflowSpan): void;
    /** For metrics. */
    counted(event: Counted): void;
  };
}
