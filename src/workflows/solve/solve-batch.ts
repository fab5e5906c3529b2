/**
 * A batch: several questions in one workflow, side by side, each with a state of its own. Files of questions and evaluations use it, because
 * there a workflow for each question costs more than it is worth.
 */
import { continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { CarriedSolution } from '../../loop/solution-state';
import { roomForSteps } from '../../trajectory/bound-trajectory';
import { oneLine } from '../../trajectory/bounded-text';
import type { BatchOutcome } from '../../contract/batch';
import type { CarriedPeople } from '../../contract/people';
import { MAX_BATCH_SAMPLES, type SolutionWishes, type SolveProfile } from '../../contract/profile';
import { createFailure } from '../../failures';
import { failureOf } from './call-failure';
import { mustBeAlone, mustBeBatchInput } from './check-input';
import { recordProfile } from './record-profile';
import { askedForNextRun, runSolution } from './run-solution';

/** The wishes hold for each question; their samples may be `MAX_BATCH_SAMPLES` together. */
export interface SolveBatchInput extends SolutionWishes {
  questions: readonly string[];
  /** Set by continue-as-new only, see SolveInput. */
  people?: CarriedPeople;
  /** Set by continue-as-new only: how each question ended, or how far it is. */
  carried?: readonly BatchPart[];
  /** Set by continue-as-new only, see SolveInput. */
  finishAsked?: boolean;
}

/** How a question ended, or how far it is. */
export type BatchPart = { outcome: BatchOutcome } | { solution: CarriedSolution };

/** Solves all questions; one that fails for good fails alone. Ends as cancelled when it is cancelled, whatever was solved. */
export async function huskySolveBatch(input: SolveBatchInput): Promise<BatchOutcome[]>;
export async function huskySolveBatch(input: SolveBatchInput, ...more: unknown[]): Promise<BatchOutcome[]> {
  mustBeBatchInput(input);
  mustBeAlone(more);
  const {
    questions,
    limits = {},
    stepsPerActivity,
    builtInTools,
    approval,
    samples,
    carried,
    finishAsked,
    people,
    ...others
  } = input;
  const profile = carried
    ? undefined
    : recordProfile({ limits, stepsPerActivity, builtInTools, approval, samples, others }).then((recorded) =>
        mustFit(recorded, questions.length),
      );
  // All trajectories together are the result, or are carried over: one payload.
  const maxTrajectoryBytes = Math.floor(roomForSteps(questions.join('')) / questions.length);
  const parts: (BatchPart | undefined)[] = [...(carried ?? [])];
  const show = () => setCurrentDetails(batchDetails(questions, parts));
  show();
  const all = await Promise.all(
    questions.map(async (question, index): Promise<BatchPart> => {
      const before = carried?.[index];
      if (before && 'outcome' in before) return before;
      let part: BatchPart;
      try {
        let left: CarriedSolution | undefined;
        const solution = await runSolution(
          { question, carried: before?.solution, finishAsked, people },
          {
            id: String(index + 1),
            profile,
            maxTrajectoryBytes,
            detailed: false,
            leave: () => workflowInfo().continueAsNewSuggested,
            left: (unfinished) => {
              left = unfinished.carry();
              return Promise.resolve(undefined);
            },
          },
        );
        part = solution ? { outcome: { solution } } : { solution: left as CarriedSolution };
      } catch (error) {
        part = { outcome: { failure: failureOf(error) } };
      }
      parts[index] = part;
      show();
      return part;
    }),
  );
  if (all.some((part) => 'solution' in part))
    return continueAsNew<typeof huskySolveBatch>({ ...input, carried: all, ...askedForNextRun() });
  return all.map((part) => (part as { outcome: BatchOutcome }).outcome);
}

/** @throws InputInvalid */
function mustFit(profile: SolveProfile, questions: number): SolveProfile {
  const { samples = 1 } = profile;
  if (questions > 1 && samples * questions > MAX_BATCH_SAMPLES)
    throw createFailure(
      'InputInvalid',
      `A batch of ${questions} questions with ${samples} samples each is too large: ${MAX_BATCH_SAMPLES} samples are possible, so give it ${Math.floor(MAX_BATCH_SAMPLES / samples)} questions at most.`,
    );
  return profile;
}

/** Characters of a question, and of its answer, in the current details. */
const SHOWN = 120;

function batchDetails(questions: readonly string[], parts: readonly (BatchPart | undefined)[]): string {
  return questions
    .map((question, index) => `${index + 1}. ${oneLine(question, SHOWN)} ${endOf(parts[index])}`)
    .join('\n');
}

function endOf(part: BatchPart | undefined): string {
  if (!part || 'solution' in part) return '…';
  const { outcome } = part;
  return 'failure' in outcome
    ? `→ failed: ${oneLine(outcome.failure.message, SHOWN)}`
    : `→ **${oneLine(outcome.solution.answer, SHOWN) || 'no answer'}**`;
}
