/** Runs the loop of one solution, or of one sample, until it ends, is stopped, or is left for the next run of the workflow. */
import {
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { CarriedPeople } from '../../contract/people';
import type { SolveProfile } from '../../contract/profile';
import type { Calls } from '../../loop/calls';
import { takeHint } from '../../loop/review';
import { SolutionState, type CarriedSolution, type SharedBudget } from '../../loop/solution-state';
import { carryOut, solveLoop, type LoopEnd } from '../../loop/solve-loop';
import { renderMarkdown } from '../../trajectory/render-markdown';
import type { Solution, Step, StopReason } from '../../trajectory/step';
import { createAdvance, createCalls } from './calls';
import { peopleOf } from './people';
import { entered, left, waitingOf, wantsAttention } from './people-state';
import { announce } from './sinks';
import { tokens } from './tokens';
import { inStep, SolutionTrace } from './trace';

export interface RunOneInput {
  id: string;
  question: string;
  profile: SolveProfile;
  carried?: CarriedSolution;
  people?: CarriedPeople;
  /** A person asked to finish while the workflow continued as new. */
  finishAsked?: boolean;
  maxTrajectoryBytes?: number;
  /** Whether the Temporal UI shows the steps as the workflow's current details. */
  detailed: boolean;
  /** Asked between two steps; true leaves the loop. */
  leave: () => boolean;
  /** Whether the caller continues a loop that was left. If not, the solution ends with its best answer. */
  goesOn: boolean;
  /** Called with the state before the first call. */
  began(solution: SolutionState): void;
  /** Present if this is one of several samples. */
  sample?: { head: string; position: number; isNew: boolean; shared: SharedBudget; changed(): void };
}

/** Solutions that wait for their calls. Once none does, the worker may abort the calls of this workflow. */
const awaited = new Set<SolutionState>();
/** What people have told this workflow. */
export const told = { toFinish: false };

/** Current details show this much; the query returns everything. */
const DETAILS = { lastSteps: 20, maxChars: 600 };

/** @returns undefined when the loop was left before its end @throws ActivityFailure when a model call fails for good */
export async function runOne(input: RunOneInput): Promise<Solution | undefined> {
  const { id, question, profile, carried, sample, detailed } = input;
  const { workflowId, runId } = workflowInfo();
  const solution = new SolutionState({
    id,
    question,
    profile,
    workflowId,
    runId,
    carried,
    ...{ head: sample?.head, sample: sample?.position, shared: sample?.shared },
    maxTrajectoryBytes: input.maxTrajectoryBytes,
    changed: (changed, added) => {
      added.forEach((step) => trace.stepped(step));
      tell(changed, added, detailed);
      sample?.changed();
    },
  });
  const trace = new SolutionTrace(solution, sample ? sample.isNew : !carried);
  announce.began(id, question);
  solution.steps.forEach(announceStep(id));
  input.began(solution);
  const end = (stopReason: StopReason, answer?: string) => {
    const whole = solution.end(stopReason, answer);
    trace.ended();
    return whole;
  };
  if (input.finishAsked) return end('finish-now');
  entered(solution, input.people);
  try {
    const work = (stop: (because: StopReason) => void) => loop(solution, input.leave, stop);
    const ended = await untilStopped(solution, (stop) => trace.run(() => work(stop)));
    if (ended || !input.goesOn) return end(ended?.stopReason ?? 'max-steps', ended?.answer);
  } catch (error) {
    trace.ended(isCancellation(error) ? 'cancelled' : 'failed');
    throw error;
  }
  trace.left();
  return undefined;
}

/** Makes one activity of each call, or of several steps, as the profile says. */
async function loop(
  solution: SolutionState,
  leave: () => boolean,
  stop: (because: StopReason) => void,
): Promise<LoopEnd | undefined> {
  const { profile } = solution;
  const people = peopleOf(solution, () => stop('deadline'));
  const calls: Calls = { ...createCalls(profile), people, beside: (index) => inStep(index, calls) };
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
      profile: solution.profileApart(),
      // The activity does not know what other samples cost, so that is taken off here.
      moneyAllowed:
        moneyAllowed === undefined ? undefined : moneyAllowed - (solution.spent.money ?? 0) + (usage.money ?? 0),
      ...tokens(),
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

/** Cancels an activity of several steps when there is a hint to read or a pause to keep. @returns undefined if no step had begun */
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
    const asked = condition(() => told.toFinish).then(() => stop('finish-now'));
    if (deadlineMs <= 0) return asked;
    const left = sleep(Math.max(1, solution.startedAt + deadlineMs - Date.now())).then(() => stop('deadline'));
    return Promise.race([asked, left]);
  });
  watching.catch(() => undefined);
  // Calls on this worker are aborted at once. Calls elsewhere hear of it with the answer to their next heartbeat.
  awaited.add(solution);
  work.cancelRequested.catch(() => {
    if (awaited.delete(solution) && awaited.size === 0) announce.abandoned();
  });
  try {
    return await work.run(() => run(stop));
  } catch (error) {
    // A call that fails while it is being cancelled counts as cancelled, for example if its worker is silent.
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

/** Shows the trajectory in the Temporal UI, and tells it to the worker, whose activities then need not query it. */
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
  announce.stepped(id, step.index, step.step, step.output, step.tool, step.together);

function summaryOf({ steps, question }: SolutionState): string {
  return steps.length === 0 ? `from the start: ${question}` : `from step ${steps.length + 1}: ${question}`;
}
