/** Husky's loop, for use inside any workflow. */
import { setHandler } from '@temporalio/workflow';
import type { CarriedPeople } from '../../contract/people';
import type { SolutionWishes, SolveProfile } from '../../contract/profile';
import type { CarriedSolution, SolutionState } from '../../loop/solution-state';
import type { Solution, SolutionProgress } from '../../trajectory/step';
import { mustBeSolveInput } from './check-input';
import { recordProfile } from './record-profile';
import { finishNow, tellTokens, trajectory } from './messages';
import { servePeople } from './people-messages';
import { peopleForNextRun, waitingOf } from './people-state';
import { runOne, told } from './run-one';
import { runSamples } from './run-samples';
import { askForTokens, tokens } from './tokens';

export interface SolveInput extends SolutionWishes {
  question: string;
  /** The text of models is told as they write it. @default false */
  tokens?: boolean;
  /** Set by continue-as-new only. */
  carried?: CarriedSolution;
  /** Set by continue-as-new only: what people said, as far as no step has read it. */
  people?: CarriedPeople;
  /** Set by continue-as-new only: a person asked to finish while the workflow continued as new. */
  finishAsked?: boolean;
}

export interface RunOptions<Left = Solution> {
  /** Called once, when the profile is recorded. */
  started?: (solution: Pick<SolutionState, 'profile' | 'usage'>) => void;
  /** Asked between steps; true leaves the loop, and `left` decides what comes next. */
  leave?: () => boolean;
  left?: (solution: Pick<SolutionState, 'carry'>) => Promise<Left>;
  /** Names it among the solutions of this workflow, see the query `trajectory`. @default its number, from 1 */
  id?: string;
  /** A profile that another solution of this workflow recorded. @default a new one */
  profile?: SolveProfile | Promise<SolveProfile>;
  /** Bytes of the trajectory, see bound-trajectory.ts. */
  maxTrajectoryBytes?: number;
  /** Whether the Temporal UI shows the steps as the workflow's current details. @default true */
  detailed?: boolean;
}

/** What the queries read of a solution, whether it has one sample or several. */
type Shown = Pick<SolutionState, 'id' | 'profile' | 'usage' | 'carry'> & { progress(): SolutionProgress };

/** Solutions of this workflow by id, for the query. */
const solutions = new Map<string, Shown>();
const samplesById = new Map<string, SolutionState>();

/**
 * Solves one question inside the calling workflow's own history. The worker of that workflow needs the `HuskyPlugin`.
 *
 * What it adds to that history, measured on the stored ones: each call is 6 events (3 of the activity, 3 of the workflow task after it). A
 * step of `code` or `search` makes 4 calls, one of `math`, `commonsense` or a tool of your own 2, each repair 2 more, the last action 1:
 * 24, 12, 12 and 6 events, and about 4 kB a step beside what the tool returns, which is stored twice. With `stepsPerActivity` 8 those steps
 * share 6 events. Temporal ends a workflow at 51,200 events or 50 MB, so a workflow that solves question after question has to continue as
 * new: between two questions when `workflowInfo().continueAsNewSuggested`, or within one by `runSolutionInParts`.
 *
 * @throws InputInvalid when the question is no text or blank, or the input has a field that it cannot have; ActivityFailure when a model call fails for good (see the table in failures.ts)
 */
export async function runSolution<Left = Solution>(
  input: SolveInput,
  options: RunOptions<Left> = {},
): Promise<Solution | Left> {
  mustBeSolveInput(input);
  const { question, limits = {}, carried, people, finishAsked, ...rest } = input;
  serve();
  const { stepsPerActivity, builtInTools, approval, samples, tokens: _, ...others } = rest;
  if (input.tokens) askForTokens();
  const profile =
    carried?.profile ??
    (await options.profile) ??
    (await recordProfile({ limits, stepsPerActivity, builtInTools, approval, samples, others }));
  const id = options.id ?? String(solutions.size + 1);
  let begun: Shown | undefined;
  const one = {
    ...{ id, question, profile, carried, people, finishAsked },
    maxTrajectoryBytes: options.maxTrajectoryBytes,
    detailed: options.detailed ?? true,
    leave: options.leave ?? (() => false),
    goesOn: options.left !== undefined,
    began: (solution: Shown) => {
      begun = solution;
      solutions.set(id, solution);
      if (!carried) options.started?.(solution);
    },
    beganSample: (solution: SolutionState) => void samplesById.set(solution.id, solution),
  };
  const whole = (profile.samples ?? 1) > 1 ? await runSamples(one) : await runOne(one);
  return whole ?? (options.left as NonNullable<typeof options.left>)(begun as unknown as Shown);
}

/** What the next run has to know of people's wishes, when this one continues as new. */
export function askedForNextRun(): Pick<SolveInput, 'finishAsked' | 'people' | 'tokens'> {
  return { ...(told.toFinish ? { finishAsked: true } : {}), ...tokens(), ...peopleForNextRun() };
}

/** What the query `trajectory` tells. @param id of a solution or a sample @default the newest solution */
export function progressNow(id?: string): SolutionProgress | undefined {
  const solution = id === undefined ? [...solutions.values()].at(-1) : (solutions.get(id) ?? samplesById.get(id));
  if (!solution) return undefined;
  const guided = solution.profile.guidance ? { guided: true as const } : {};
  return { ...solution.progress(), ...guided, ...tokens(), waiting: waitingOf(solution) };
}

function serve(): void {
  setHandler(trajectory, progressNow, { description: 'The steps so far. Input: none, or the id of a solution.' });
  setHandler(finishNow, () => void (told.toFinish = true), {
    description: 'Ends the solution now with the best answer so far. Input: none.',
  });
  setHandler(tellTokens, askForTokens, { description: 'From the next call on, models tell their text. Input: none.' });
  servePeople();
}
