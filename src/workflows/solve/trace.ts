/**
 * What a solution tells people who operate a worker: spans, counts and log lines. A replay tells nothing again.
 *
 * The ids of spans come from the workflow's own random numbers. So a replay gives them the same ids, and a call can name the span of its
 * step before the step has ended.
 */
import { AsyncLocalStorage, log, uuid4 } from '@temporalio/workflow';
import type { StepPlace, TracePlace, WorkflowSpan } from '../../contract/trace';
import type { Calls } from '../../loop/calls';
import type { SolutionState } from '../../loop/solution-state';
import type { Step } from '../../trajectory/step';
import { announce } from './sinks';

const current = new AsyncLocalStorage<SolutionTrace>();
/** Position of a step that runs beside others. */
const beside = new AsyncLocalStorage<number>();
let startedBy: TracePlace | undefined;

/** Called once, with the place in a trace that the workflow was started from. */
export function received(place: TracePlace | undefined): void {
  startedBy = place;
}

/** The place in the trace of a call that is made now. */
export function currentPlace(): TracePlace | undefined {
  return current.getStore()?.place ?? startedBy;
}

/** The step that is being carried out; undefined outside of a solution. */
export function currentStep(): StepPlace | undefined {
  return current.getStore()?.stepPlace;
}

export const isBeside = (): boolean => beside.getStore() !== undefined;

/** The same calls, made for the step at a position, which may run beside others. */
export function inStep(index: number, calls: Calls): Calls {
  const bound = Object.entries(calls).map(([name, call]) => [
    name,
    typeof call === 'function' ? (...args: unknown[]) => beside.run(index, () => (call as AnyCall)(...args)) : call,
  ]);
  return Object.fromEntries(bound) as Calls;
}

type AnyCall = (...args: unknown[]) => unknown;

/** Counts a solution that has ended, of one sample or of several. */
export function countEnd({ startedAt, usage }: Pick<SolutionState, 'startedAt' | 'usage'>, stopReason: string): void {
  announce.counted({ what: 'ended', stopReason, durationMs: Date.now() - startedAt, money: usage.money });
}

const newSpanId = () => uuid4().replaceAll('-', '').slice(0, 16);

export class SolutionTrace {
  /** Absent when nobody traces this workflow. */
  private readonly spans: { parent: TracePlace; spanId: string } | undefined;
  private stepId = '';
  private stepStartedAt = Date.now();
  private readonly fused: boolean;

  /** @param isNew whether this run of the workflow is its first */
  constructor(
    private readonly solution: SolutionState,
    private readonly isNew: boolean,
  ) {
    // Calls in an activity of several steps hang below the solution.
    this.fused = solution.profile.stepsPerActivity > 0;
    if (startedBy) {
      this.spans = { parent: startedBy, spanId: newSpanId() };
      this.stepId = newSpanId();
    }
  }

  /** Samples count as one solution together, but each has its own span. */
  private get isSample(): boolean {
    return this.solution.head !== this.solution.id;
  }

  get place(): TracePlace | undefined {
    return this.spans && { ...this.spans.parent, spanId: this.fused ? this.spans.spanId : this.stepId };
  }

  get stepPlace(): StepPlace {
    return { solution: this.solution.id, step: (beside.getStore() ?? this.solution.steps.length) + 1 };
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isNew && !this.isSample) announce.counted({ what: 'started' });
    log.debug(this.isNew ? 'Solution started' : 'Solution continued', { solution: this.solution.id });
    return current.run(this, work);
  }

  stepped({ index, tool, step, output, durationMs, usage, attempts, failure, together }: Step): void {
    const error = failure ? { failure: failure.kind } : {};
    announce.counted({ what: 'step', tool, durationMs, ...error });
    const place = { solution: this.solution.id, step: index + 1 };
    log.debug('Step taken', { ...place, tool, durationMs, ...tokens(usage), attempts, ...error });
    const endedAt = this.fused ? this.stepStartedAt + durationMs : Date.now();
    this.below({
      name: `step ${tool}`,
      startedAt: together ? Math.min(this.stepStartedAt, endedAt - durationMs) : this.stepStartedAt,
      endedAt,
      attributes: {
        'husky.step.index': index,
        'husky.step.tool': tool,
        'husky.step.attempts': attempts,
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
      },
      texts: { 'gen_ai.tool.call.arguments': step, 'gen_ai.tool.call.result': output },
      ...(failure ? { error: failure.kind } : {}),
    });
    this.stepStartedAt = endedAt;
  }

  /** The next run continues the solution. */
  left(): void {
    this.span();
  }

  ended(error?: 'cancelled' | 'failed'): void {
    const { id, steps, usage, startedAt } = this.solution;
    const stopReason = error ?? this.solution.stopReason ?? 'failed';
    const durationMs = Date.now() - startedAt;
    if (!this.isSample) countEnd(this.solution, stopReason);
    log.info('Solution ended', { solution: id, stopReason, steps: steps.length, durationMs, ...tokens(usage) });
    this.span(error);
  }

  private span(error?: string): void {
    if (!this.spans) return;
    // After the last step there may be calls: the action that finished, or what was in flight when the solution was stopped.
    if (!this.fused)
      this.below({ name: 'last action', startedAt: this.stepStartedAt, endedAt: Date.now(), attributes: {} });
    const { question, answer, stopReason, steps, usage, startedAt } = this.solution;
    announce.traced({
      ...this.spans,
      name: 'invoke_agent husky',
      startedAt,
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
      texts: { 'husky.question': question, 'husky.answer': answer },
      error,
    });
  }

  private below(span: Omit<WorkflowSpan, 'spanId' | 'parent'>): void {
    if (!this.spans) return;
    const { parent, spanId } = this.spans;
    announce.traced({ ...span, spanId: this.stepId, parent: { ...parent, spanId } });
    this.stepId = newSpanId();
  }
}

const tokens = ({ inputTokens, outputTokens }: Step['usage']) => ({ inputTokens, outputTokens });
