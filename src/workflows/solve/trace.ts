/**
 * The spans of a solution and its steps. Their ids come from the workflow's own random numbers, so a replay names them the same, and
 * calls hang below a step that has not ended yet.
 *
 * @module
 */
import { AsyncLocalStorage, uuid4 } from '@temporalio/workflow';
import type { TracePlace } from '../../contract/trace';
import type { SolutionState } from '../../loop/solution-state';
import type { Step } from '../../trajectory/step';
import { announce } from './sinks';

const current = new AsyncLocalStorage<SolutionTrace>();
let startedBy: TracePlace | undefined;

/** Called once, with what the workflow was started with. */
export function received(place: TracePlace | undefined): void {
  startedBy = place;
}

/** Where what is called now hangs. */
export function currentPlace(): TracePlace | undefined {
  return current.getStore()?.place ?? startedBy;
}

const newSpanId = () => uuid4().replaceAll('-', '').slice(0, 16);

/** @returns undefined when nobody traces this workflow */
export function traceSolution(startedAt: number, stepsPerActivity: number): SolutionTrace | undefined {
  return startedBy && new SolutionTrace(startedBy, startedAt, stepsPerActivity > 0);
}

export class SolutionTrace {
  private readonly spanId = newSpanId();
  private stepId: string;
  private stepStartedAt = Date.now();

  /** @param fused several steps share an activity: its calls hang below the solution */
  constructor(
    private readonly parent: TracePlace,
    private readonly startedAt: number,
    private readonly fused: boolean,
  ) {
    this.stepId = newSpanId();
  }

  get place(): TracePlace {
    return { ...this.parent, spanId: this.fused ? this.spanId : this.stepId };
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return current.run(this, work);
  }

  stepped({ index, tool, durationMs, usage, attempts, failure }: Step): void {
    const endedAt = this.fused ? this.stepStartedAt + durationMs : Date.now();
    announce.traced({
      name: `step ${tool}`,
      spanId: this.stepId,
      parent: { ...this.parent, spanId: this.spanId },
      startedAt: this.stepStartedAt,
      endedAt,
      attributes: {
        'husky.step.index': index,
        'husky.step.tool': tool,
        'husky.step.attempts': attempts,
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
      },
      ...(failure ? { error: failure.kind } : {}),
    });
    this.stepId = newSpanId();
    this.stepStartedAt = endedAt;
  }

  ended({ stopReason, steps, usage }: SolutionState, error?: string): void {
    // Calls after the last step: the action that finished, or what was in flight when the solution was stopped.
    if (!this.fused)
      announce.traced({
        name: 'last action',
        spanId: this.stepId,
        parent: { ...this.parent, spanId: this.spanId },
        startedAt: this.stepStartedAt,
        endedAt: Date.now(),
        attributes: {},
      });
    announce.traced({
      name: 'invoke_agent husky',
      spanId: this.spanId,
      parent: this.parent,
      startedAt: this.startedAt,
      endedAt: Date.now(),
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'husky',
        'husky.steps': steps.length,
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
        ...(usage.money === undefined ? {} : { 'husky.cost': usage.money }),
        ...(stopReason === undefined ? {} : { 'husky.stop_reason': stopReason }),
      },
      ...(error === undefined ? {} : { error }),
    });
  }
}
