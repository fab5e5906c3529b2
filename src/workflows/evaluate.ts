/**
 * An evaluation: every question a workflow of its own, in a sliding window. A run of this workflow ends after so many questions and
 * continues as new, so that neither history nor memory grows with the number of questions.
 *
 * @module
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  condition,
  continueAsNew,
  defineQuery,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import type { EvaluationActivities } from '../activities/evaluation';
import { oneLine } from '../trajectory/bounded-text';
import type { EvaluationItem, EvaluationProgress, EvaluationSettings, RecordedSample } from '../trajectory/evaluation';
import { addUsage, NO_USAGE } from '../trajectory/step';
import { evaluateQuestion } from './evaluate-question';
import { EVALUATION_PROGRESS_QUERY } from './names-evaluation';

export interface EvaluateInput {
  settings: EvaluationSettings;
  /** Questions after which this run continues as new. @default 400 */
  questionsPerRun?: number;
  /** Set by continue-as-new only. */
  carried?: { cursor: number; progress: EvaluationProgress };
}

export const evaluationProgress = defineQuery<EvaluationProgress | undefined>(EVALUATION_PROGRESS_QUERY);

/** About twelve events a question; well below Temporal's suggestion to continue as new. */
const QUESTIONS_PER_RUN = 400;

const files = proxyActivities<EvaluationActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** @throws ApplicationFailure InputInvalid for a dataset or run directory that cannot be used */
export async function evaluate(input: EvaluateInput): Promise<EvaluationProgress> {
  const { settings, questionsPerRun = QUESTIONS_PER_RUN, carried } = input;
  let progress = carried?.progress;
  setHandler(evaluationProgress, () => progress);
  const running = (progress ??= begin(await files.openEvaluation(settings)));
  let cursor = carried?.cursor ?? 0;
  let asked = 0;
  let waiting: EvaluationItem[] = [];
  let unstarted = true;

  while (asked < questionsPerRun) {
    if (waiting.length === 0 && unstarted) {
      const next = await files.nextItems({ settings, cursor, limit: Math.max(settings.maxInFlight * 2, 50) });
      unstarted = next.cursor > cursor;
      cursor = next.cursor;
      waiting = next.items;
      if (waiting.length === 0 && unstarted) continue;
    }
    const item = waiting.shift();
    if (item === undefined) break;
    await condition(() => running.inFlight < settings.maxInFlight);
    asked += 1;
    running.inFlight += 1;
    void ask(settings, item).then((sample) => count(running, sample));
  }
  await condition(() => running.inFlight === 0);
  if (waiting.length > 0 || unstarted) {
    const position = waiting[0]?.position ?? cursor;
    return continueAsNew<typeof evaluate>({ ...input, carried: { cursor: position, progress: running } });
  }
  await files.closeEvaluation({ settings });
  return running;
}

/** The child's result; an earlier child of the same name, from a run that was ended from outside, is not asked again. */
async function ask(settings: EvaluationSettings, item: EvaluationItem): Promise<RecordedSample> {
  const { workflowId } = workflowInfo();
  const childId = `${workflowId}/${item.key}`;
  try {
    const child = await startChild(evaluateQuestion, {
      args: [{ settings, item }],
      workflowId: childId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      staticSummary: oneLine(item.question, 200),
    });
    return await child.result();
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return files.collectSample({ workflowId: childId });
    return { correct: false, failed: true, usage: NO_USAGE, money: 0 };
  }
}

function begin(opened: { total: number; done: number; reused: number; correct: number }): EvaluationProgress {
  return { ...opened, failed: 0, inFlight: 0, usage: NO_USAGE, money: 0, startedAt: Date.now() };
}

function count(progress: EvaluationProgress, sample: RecordedSample): void {
  progress.inFlight -= 1;
  progress.done += 1;
  progress.correct += sample.correct ? 1 : 0;
  progress.failed += sample.failed ? 1 : 0;
  progress.usage = addUsage(progress.usage, sample.usage);
  progress.money += sample.money;
  const { done, total, correct, failed } = progress;
  setCurrentDetails(`**${done} of ${total}** answered, ${correct} right, ${failed} failed`);
}
