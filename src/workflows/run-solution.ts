/**
 * Husky's loop, for use inside any workflow.
 *
 * @module
 */
import { CancellationScope, condition, isCancellation, setHandler, sleep, uuid4 } from '@temporalio/workflow';
import type { Limits } from '../trajectory/profile';
import type { Solution, StopReason } from '../trajectory/step';
import { createCalls, recordProfile, type Calls } from './calls';
import { finishNow, trajectory } from './messages';
import { SolutionState, type CarriedSolution } from './solution-state';
import { takeStep } from './tools';

export interface SolveInput {
  question: string;
  /** Overrides of the worker's limits. */
  limits?: Partial<Limits>;
  /** Set by continue-as-new only. */
  carried?: CarriedSolution;
}

export interface RunOptions {
  /** Called once, when the profile is recorded. */
  started?: (solution: SolutionState) => void;
  /** Called between steps; `solve` continues as new here. */
  betweenSteps?: (solution: SolutionState) => Promise<void> | void;
}

/** Solutions of this workflow by id, for the query. */
const solutions = new Map<string, SolutionState>();
let finishAsked = false;

/**
 * Solves one question inside the calling workflow's own history. The worker of that workflow needs the {@link HuskyPlugin}.
 *
 * @throws ActivityFailure when a model call fails for good (see the table in failures.ts)
 */
export async function runSolution(input: SolveInput, options: RunOptions = {}): Promise<Solution> {
  const profile = input.carried?.profile ?? (await recordProfile({ limits: input.limits ?? {} }));
  const solution = new SolutionState(uuid4(), input.question, profile, input.carried);
  serve(solution);
  if (!input.carried) options.started?.(solution);
  return untilStopped(solution, () => loop(solution, createCalls(profile), options));
}

async function loop(solution: SolutionState, calls: Calls, { betweenSteps }: RunOptions): Promise<Solution> {
  const { limits, tools } = solution.profile;
  for (;;) {
    const last = solution.steps.at(-1);
    const summary = last ? `next step after [${last.tool}] ${last.step}` : `first step: ${solution.question}`;
    const prediction = await calls.predictAction({ solution: solution.soFar(), tools: offered(tools) }, summary);
    solution.spend(prediction.usage);
    const { action } = prediction;
    if (action.kind === 'finish') return solution.end('finished', action.answer);
    if (solution.steps.length >= limits.maxSteps) return solution.end('max-steps');
    if (solution.tokensSpent()) return solution.end('token-budget');
    await takeStep(solution, calls, action, prediction);
    if (solution.tokensSpent()) return solution.end('token-budget');
    await betweenSteps?.(solution);
  }
}

/** Runs the loop until it ends, the deadline passes or a person asks to finish; then returns the best answer so far. */
async function untilStopped(solution: SolutionState, run: () => Promise<Solution>): Promise<Solution> {
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
  try {
    return await work.run(run);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    if (reason === undefined) {
      solution.end('cancelled');
      throw error;
    }
    return solution.end(reason);
  } finally {
    watch.cancel();
  }
}

function serve(solution: SolutionState): void {
  solutions.set(solution.id, solution);
  setHandler(trajectory, (id) => (id === undefined ? [...solutions.values()].at(-1) : solutions.get(id))?.progress());
  setHandler(finishNow, () => {
    finishAsked = true;
  });
}

function offered(tools: readonly { name: string; description: string }[]) {
  return tools.map(({ name, description }) => ({ name, description }));
}
