/** Answers, scores and records questions of an evaluation, independently of the parent workflow. */
import { ApplicationFailure, patched } from '@temporalio/workflow';
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
import { failureOf } from '../solve/call-failure';
import { recordProfile } from '../solve/calls';
import { runSolution, type RunOptions } from '../solve/run-solution';

export interface EvaluateQuestionInput {
  settings: EvaluationSettings;
  item: EvaluationItem;
}

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
}

/**
 * A call that failed for good is the question's result and does not end the evaluation. If it would fail for every question, it ends both
 * and nothing is recorded.
 *
 * @throws ApplicationFailure of such a failure's type
 */
export function huskyEvaluateQuestion({ settings, item }: EvaluateQuestionInput): Promise<RecordedSample> {
  return evaluateOne(settings, item);
}

/** Several questions at once; each is recorded when it ends. */
export function huskyEvaluateQuestions({ settings, items }: EvaluateQuestionsInput): Promise<KeyedSample[]> {
  const { system, limits, stepsPerActivity } = settings;
  const profiles = new Map<string | undefined, Promise<SolveProfile>>();
  const profileOf = (task: string) => {
    const builtInTools = toolsOf(settings, task);
    const recorded = profiles.get(builtInTools?.join());
    const profile = recorded ?? recordProfile({ limits, stepsPerActivity, ...(builtInTools ? { builtInTools } : {}) });
    profiles.set(builtInTools?.join(), profile);
    return profile;
  };
  return Promise.all(
    items.map(async (item) => ({
      key: item.key,
      ...(await evaluateOne(settings, item, {
        profile: system.kind === 'husky' ? profileOf(item.task) : undefined,
        detailed: false,
      })),
    })),
  );
}

const toolsOf = ({ tasks }: EvaluationSettings, task: string) => tasks.find(({ name }) => name === task)?.builtInTools;

async function evaluateOne(
  settings: EvaluationSettings,
  item: EvaluationItem,
  options?: RunOptions,
): Promise<RecordedSample> {
  const startedAt = Date.now();
  const outcome = await answer(settings, item, options);
  const { failure } = outcome;
  if (failure && isFailureOfAll(failure) && patched('failures-of-all-questions-end-an-evaluation'))
    throw ApplicationFailure.nonRetryable(failure.message, failure.type);
  return recordSample({ settings, item, startedAt, durationMs: Date.now() - startedAt, ...outcome });
}

async function answer(
  settings: EvaluationSettings,
  item: EvaluationItem,
  options?: RunOptions,
): Promise<Pick<RecordSampleInput, 'solution' | 'direct' | 'failure'>> {
  const { system, samples, limits, stepsPerActivity } = settings;
  try {
    if (system.kind === 'command')
      return { direct: await answerByCommand({ command: system.command, question: item.question }) };
    if (system.kind !== 'husky') return { direct: await answerDirectly({ system, item, samples }) };
    const builtInTools = toolsOf(settings, item.task);
    return {
      solution: await runSolution({ question: item.question, limits, stepsPerActivity, builtInTools }, options),
    };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
