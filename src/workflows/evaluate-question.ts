/**
 * One question of an evaluation: answered, scored and written down by itself, so that nothing depends on its parent living.
 *
 * @module
 */
import { ActivityFailure, ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { EvaluationActivities } from '../activities/evaluation';
import type { EvaluationItem, EvaluationSettings, RecordedSample, RecordSampleInput } from '../trajectory/evaluation';
import { runSolution } from './run-solution';

export interface EvaluateQuestionInput {
  settings: EvaluationSettings;
  item: EvaluationItem;
}

const retry = { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' } as const;
const { recordSample } = proxyActivities<Pick<EvaluationActivities, 'recordSample'>>({
  // A judge may be a large model behind a queue, asked twice.
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '20 seconds',
  retry,
});
const { answerDirectly } = proxyActivities<Pick<EvaluationActivities, 'answerDirectly'>>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '10 seconds',
  retry,
});

/** A call that failed for good is the question's result, not the evaluation's end. */
export async function evaluateQuestion({ settings, item }: EvaluateQuestionInput): Promise<RecordedSample> {
  const startedAt = Date.now();
  const outcome = await answer(settings, item);
  return recordSample({ settings, item, startedAt, durationMs: Date.now() - startedAt, ...outcome });
}

async function answer(
  settings: EvaluationSettings,
  item: EvaluationItem,
): Promise<Pick<RecordSampleInput, 'solution' | 'direct' | 'failure'>> {
  const { system, limits, stepsPerActivity } = settings;
  try {
    if (system.kind !== 'husky') return { direct: await answerDirectly({ system, item }) };
    return { solution: await runSolution({ question: item.question, limits, stepsPerActivity }) };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const cause = error.cause;
    const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : (cause?.name ?? 'Error');
    return { failure: { type, message: cause?.message ?? error.message } };
  }
}
