/**
 * Husky's loop, for use inside any workflow.
 *
 * @module
 */
import {
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { SolutionState, type CarriedSolution } from '../../loop/solution-state';
import { takeHint } from '../../loop/review';
import { carryOut, solveLoop, type LoopEnd } from '../../loop/solve-loop';
import type { CarriedPeople } from '../../contract/people';
import type { Limits, SolveProfile } from '../../contract/profile';
import { renderMarkdown } from '../../trajectory/render-markdown';
import type { Solution, Step, StopReason } from '../../trajectory/step';
import { createAdvance, createCalls, recordProfile } from './calls';
import { finishNow, trajectory } from './messages';
import { peopleOf } from './people';
import { servePeople } from './people-messages';
import { entered, left, peopleForNextRun, waitingOf, wantsAttention } from './people-state';
import { announce } from './sinks';
import { SolutionTrace } from './trace';

export interface SolveInput {
  question: string;
  /** Overrides of the worker's limits. */
  limits?: Partial<Limits>;
  /** Built-in tools that this solution may use, such as `['math', 'code']`. @default the worker's */
  builtInTools?: string[];
  /** Overrides the worker's; see the configuration. */
  stepsPerActivity?: number;
  /** Set by continue-as-new only. */
  carried?: CarriedSolution;
  /** Rules and tools whose steps wait for a person, beside those of the worker's configuration (`approval`). */
  approval?: string[];
  /** Set by continue-as-new only: what people said that no step has heeded yet. */
  people?: CarriedPeople;
  /** Set by continue-as-new only: a person asked to finish when the solution had left for this run already. */
  finishAsked?: boolean;
}

export interface RunOptions<Left = Solution> {
  /** Called once, when the profile is recorded. */
  started?: (solution: SolutionState) => void;
  /** Called between steps; true leaves the loop, and `left` decides what comes next. */
  leave?: () => boolean;
  left?: (solution: SolutionState) => Promise<Left>;
  /** Names it among the solutions of this workflow, see the query `trajectory`. @default its number, from 1 */
  id?: string;
  /** What was recorded for another solution of this workflow. @default recorded anew */
  profile?: SolveProfile | Promise<SolveProfile>;
  /** Bytes of the trajectory, see bound-trajectory.ts. */
  maxTrajectoryBytes?: number;
  /** Whether the Temporal UI shows the steps as the workflow's current details. @default true */
  detailed?: boolean;
}

/** Solutions of this workflow by id, for the query. */
const solutions = new Map<string, SolutionState>();
/** Those whose calls somebody waits for. */
const awaited = new Set<SolutionState>();
let finishAsked = false;

/** Steps and characters shown as current details; the query returns all. */
const DETAILS = { lastSteps: 20, maxChars: 600 };

/**
 * Solves one question inside the calling workflow's own history. The worker of that workflow needs the `HuskyPlugin`.
 *
 * What it adds to that history, measured on the stored ones: each call is 6 events (3 of the activity, 3 of the workflow task after it). A
 * step of `code` or `search` makes 4 calls, one of `math`, `commonsense` or a tool of your own 2, each repair 2 more, the last action 1:
 * 24, 12, 12 and 6 events, and about 4 kB a step beside what the tool returns, which is stored twice. With `stepsPerActivity` 8 those steps
 * share 6 events. Temporal ends a workflow at 51,200 events or 50 MB, so a workflow that solves question after question has to continue as
 * new: between two questions when `workflowInfo().continueAsNewSuggested`, or within one by `runSolutionInParts`.
 *
 * @throws ActivityFailure when a model call fails for good (see the table in failures.ts)
 */
export async function runSolution<Left = Solution>(
  input: SolveInput,
  options: RunOptions<Left> = {},
): Promise<Solution | Left> {
  const { question, limits = {}, stepsPerActivity, builtInTools, approval, carried } = input;
  serve();
  const profile =
    carried?.profile ??
    (await options.profile) ??
    (await recordProfile({ limits, stepsPerActivity, builtInTools, approval }));
  const { workflowId, runId } = workflowInfo();
  const solution = new SolutionState({
    id: options.id ?? String(solutions.size + 1),
    question,
    profile,
    workflowId,
    runId,
    carried,
    maxTrajectoryBytes: options.maxTrajectoryBytes,
    changed: (changed, added) => {
      added.forEach((step) => trace.stepped(step));
      tell(changed, added, options.detailed ?? true);
    },
  });
  const trace = new SolutionTrace(solution, !carried);
  solutions.set(solution.id, solution);
  announce.began(solution.id, question);
  solution.steps.forEach(announceStep(solution.id));
  if (!carried) options.started?.(solution);
  const end = (stopReason: StopReason, answer?: string) => {
    const whole = solution.end(stopReason, answer);
    trace.ended();
    return whole;
  };
  if (input.finishAsked) return end('finish-now');
  entered(solution, input.people);
  try {
    const work = (stop: (because: StopReason) => void) => loop(solution, options.leave ?? (() => false), stop);
    const ended = await untilStopped(solution, (stop) => trace.run(() => work(stop)));
    if (ended || !options.left) return end(ended?.stopReason ?? 'max-steps', ended?.answer);
  } catch (error) {
    trace.ended(isCancellation(error) ? 'cancelled' : 'failed');
    throw error;
  }
  trace.left();
  return options.left(solution);
}

/** For the next run, when this one ends by continue-as-new: a solution that has left its loop hears of it there. */
export function askedForNextRun(): Pick<SolveInput, 'finishAsked' | 'people'> {
  return { ...(finishAsked ? { finishAsked } : {}), ...peopleForNextRun() };
}

/** One activity a call, or several steps an activity, as the profile says. */
async function loop(
  solution: SolutionState,
  leave: () => boolean,
  stop: (because: StopReason) => void,
): Promise<LoopEnd | undefined> {
  const { profile } = solution;
  const people = peopleOf(solution, () => stop('deadline'));
  const calls = { ...createCalls(profile), people };
  if (profile.stepsPerActivity === 0) {
    const left = await solveLoop(solution, calls, { betweenSteps: () => !leave() });
    return left?.handOver ? undefined : left;
  }
  const advance = createAdvance(profile);
  do {
    const pause = people.pause();
    if (pause) await pause;
    for (const hint of people.hints()) takeHint(solution, hint);
    const { usage, startedAt, moneyAllowed } = solution;
    const input = {
      solution: solution.soFar(),
      usage,
      startedAt,
      profile,
      ...(moneyAllowed === undefined ? {} : { moneyAllowed }),
    };
    const taken = await untilAttention(solution, () => advance(input, summaryOf(solution)));
    if (!taken) continue;
    solution.take(taken.steps, taken.usage);
    if (taken.interrupted && !wantsAttention(solution))
      throw new CancelledFailure('The solution was interrupted between two calls.');
    if (taken.end) return taken.end;
    const { handOver } = taken;
    const end = handOver && (await carryOut(solution, calls, handOver.action, handOver.prediction));
    if (end) return end;
  } while (!leave());
  return undefined;
}

/** Several steps in one activity are let go when a person gives a hint or wants them to pause. @returns undefined when none had begun */
async function untilAttention<T>(solution: SolutionState, work: () => Promise<T>): Promise<T | undefined> {
  const steps = new CancellationScope();
  const watch = new CancellationScope();
  watch.run(() => condition(() => wantsAttention(solution)).then(() => steps.cancel())).catch(() => undefined);
  try {
    return await steps.run(work);
  } catch (error) {
    if (isCancellation(error) && wantsAttention(solution) && !CancellationScope.current().consideredCancelled)
      return undefined;
    throw error;
  } finally {
    watch.cancel();
  }
}

/** Runs the loop until it ends, the deadline passes or a person asks to finish. */
async function untilStopped(
  solution: SolutionState,
  run: (stop: (because: StopReason) => void) => Promise<LoopEnd | undefined>,
): Promise<LoopEnd | undefined> {
  let reason: StopReason | undefined;
  const { deadlineMs } = solution.profile.limits;
  const work = new CancellationScope();
  const watch = new CancellationScope();
  const stop = (because: StopReason) => {
    reason ??= because;
    work.cancel();
  };
  const watching = watch.run(async () => {
    const asked = condition(() => finishAsked).then(() => stop('finish-now'));
    if (deadlineMs <= 0) return asked;
    const left = sleep(Math.max(1, solution.startedAt + deadlineMs - Date.now())).then(() => stop('deadline'));
    return Promise.race([asked, left]);
  });
  watching.catch(() => undefined);
  // Calls on this worker hear of it at once; elsewhere with the answer to their next heartbeat.
  awaited.add(solution);
  work.cancelRequested.catch(() => {
    if (awaited.delete(solution) && awaited.size === 0) announce.abandoned();
  });
  try {
    return await work.run(() => run(stop));
  } catch (error) {
    // A call that fails while it is being cancelled, by a silent worker for instance, was cancelled all the same.
    if (!isCancellation(error) && !work.consideredCancelled) throw error;
    if (reason !== undefined) return { stopReason: reason };
    solution.end('cancelled');
    throw isCancellation(error) ? error : new CancelledFailure('The solution was cancelled.');
  } finally {
    awaited.delete(solution);
    left(solution);
    watch.cancel();
  }
}

function serve(): void {
  setHandler(trajectory, (id) => {
    const solution = id === undefined ? [...solutions.values()].at(-1) : solutions.get(id);
    const waiting = solution && waitingOf(solution);
    return solution && { ...solution.progress(), ...(waiting ? { waiting } : {}) };
  });
  setHandler(finishNow, () => {
    finishAsked = true;
  });
  servePeople();
}

/** Shows the trajectory in the Temporal UI, and tells the worker what it may need for the next call. */
function tell(solution: SolutionState, added: readonly Step[], detailed: boolean): void {
  const { id, question, steps, usage, answer, stopReason, profile } = solution;
  added.forEach(announceStep(id));
  if (stopReason !== undefined) announce.ended(id);
  if (!detailed) return;
  const ended = stopReason === undefined ? {} : { answer, stopReason, partial: stopReason !== 'finished' };
  const waiting = waitingOf(solution);
  setCurrentDetails(renderMarkdown({ question, steps, usage, notices: profile.notices, ...ended, waiting }, DETAILS));
}

const announceStep = (id: string) => (step: Step) =>
  announce.stepped(id, step.index, step.step, step.output, step.tool);

function summaryOf({ steps, question }: SolutionState): string {
  return steps.length === 0 ? `from the start: ${question}` : `from step ${steps.length + 1}: ${question}`;
}
