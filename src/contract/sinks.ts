/**
 * What the solve workflow tells its own worker process, so that activities there need not pull what the process already knows.
 *
 * @module
 */
import type { Sinks } from '@temporalio/workflow';

export interface HuskySinks extends Sinks {
  husky: {
    began(solutionId: string, question: string): void;
    stepped(solutionId: string, index: number, step: string, output: string, tool?: string): void;
    ended(solutionId: string): void;
    /** Nobody waits any more for the calls that this workflow has in flight. */
    abandoned(): void;
  };
}
