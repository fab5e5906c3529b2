/** Answers, scores and records questions of an evaluation, independently of the parent workflow. */
import { ApplicationFailure, continueAsNew, patched } from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { EvaluationActivities } from '../../activities/lab/evaluation';
import type { ProgramActivities } from '../../activities/lab/program-under-evaluation';
import type {
  EvaluationItem,
  EvaluationSettings,
  KeyedSample,
  RecordedSample,
  RecordSampleInput,
} from '../../contract/evaluation';
import { isFailureOfAll } from '../../contract/failures-of-all';
import type { SolveProfile } from '../../contract/profile';
import { roomForSteps } from '../../trajectory/bound-trajectory';
import { failureOf } from '../solve/call-failure';
import { recordProfile } from '../solve/record-profile';
import { runSolutionInParts } from '../solve/run-in-parts';
import type { RunOptions, SolveInput } from '../solve/run-solution';
import { suggestedToContinue } from './suggested-to-continue';

export interface EvaluateQuestionInput {
  settings: EvaluationSettings;
  item: EvaluationItem;
  /** Set by continue-as-new only. */
  carried?: Unfinished;
}

/** A question that is gone on with in the next run of its workflow. */
interface Unfinished {
  unfinished: SolveInput;
  startedAt: number;
}

type QuestionPart = { sample: RecordedSample } | Unfinished;

const retry = { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' } as const;
const { recordSample } = huskyActivities<Pick<EvaluationActivities, 'recordSample'>>({
  // A judge may be a large model behind a queue, asked twice.
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '20 seconds',
  retry,
});
const { answerDirectly, answerByCommand } = huskyActivities<
  Pick<EvaluationActivities, 'answerDirectly'> & ProgramActivities
>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '10 seconds',
  retry,
});

export interface EvaluateQuestionsInput {
  settings: EvaluationSettings;
  items: readonly EvaluationItem[];
  /** Set by continue-as-new only: how each question ended, or how far it is. */
  carried?: readonly QuestionPart[];
}

/**
 * A call that failed for good is the question's result and does not end the evaluation. If it would fail for every question, it ends both
 * and nothing is recorded.
 *
 * @throws ApplicationFailure of such a failure's type
 */
export async function huskyEvaluateQuestion({
  settings,
  item,
  carried,
}: EvaluateQuestionInput): Promise<RecordedSample> {
  const part = await evaluateOne({ settings, item, before: carried });
  if ('sample' in part) return part.sample;
  return continueAsNew<typeof huskyEvaluateQuestion>({ settings, item, carried: part });
}

/** Several questions at once; each is recorded when it ends. */
export async function huskyEvaluateQuestions({
  settings,
  items,
  carried,
}: EvaluateQuestionsInput): Promise<KeyedSample[]> {
  const { system, limits, stepsPerActivity } = settings;
  const profiles = new Map<string | undefined, Promise<SolveProfile>>();
  const profileOf = (task: string) => {
    const builtInTools = toolsOf(settings, task);
    const recorded = profiles.get(builtInTools?.join());
    const profile = recorded ?? recordProfile({ limits, stepsPerActivity, ...(builtInTools ? { builtInTools } : {}) });
    profiles.set(builtInTools?.join(), profile);
    return profile;
  };
  // Trajectories of all questions may be carried over in one payload.
  const maxTrajectoryBytes = Math.floor(roomForSteps(items.map(({ question }) => question).join('')) / items.length);
  const parts = await Promise.all(
    items.map((item, index) => {
      const before = carried?.[index];
      if (before && 'sample' in before) return before;
      const profile = system.kind === 'husky' && !before ? profileOf(item.task) : undefined;
      return evaluateOne({ settings, item, before }, { profile, detailed: false, maxTrajectoryBytes });
    }),
  );
  if (parts.some((part) => 'unfinished' in part))
    return continueAsNew<typeof huskyEvaluateQuestions>({ settings, items, carried: parts });
  return items.map(({ key }, index) => ({ key, ...(parts[index] as { sample: RecordedSample }).sample }));
}

const toolsOf = ({ tasks }: EvaluationSettings, task: string) => tasks.find(({ name }) => name === task)?.builtInTools;

interface Question {
  settings: EvaluationSettings;
  item: EvaluationItem;
  before: Unfinished | undefined;
}

async function evaluateOne({ settings, item, before }: Question, options?: RunOptions): Promise<QuestionPart> {
  const startedAt = before?.startedAt ?? Date.now();
  const outcome = await answer({ settings, item, before }, options);
  if ('unfinished' in outcome) return { unfinished: outcome.unfinished, startedAt };
  const { failure } = outcome;
  if (failure && isFailureOfAll(failure) && patched('failures-of-all-questions-end-an-evaluation'))
    throw ApplicationFailure.nonRetryable(failure.message, failure.type);
  return { sample: await recordSample({ settings, item, startedAt, durationMs: Date.now() - startedAt, ...outcome }) };
}

async function answer(
  { settings, item, before }: Question,
  options?: RunOptions,
): Promise<Pick<RecordSampleInput, 'solution' | 'direct' | 'failure'> | { unfinished: SolveInput }> {
  const { system, samples, limits, stepsPerActivity } = settings;
  try {
    if (system.kind === 'command')
      return { direct: await answerByCommand({ command: system.command, question: item.question }) };
    if (system.kind !== 'husky') return { direct: await answerDirectly({ system, item, samples }) };
    const builtInTools = toolsOf(settings, item.task);
    const input = before?.unfinished ?? { question: item.question, limits, stepsPerActivity, builtInTools };
    return await runSolutionInParts(input, suggestedToContinue, options);
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
