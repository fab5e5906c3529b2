/**
 * An evaluation: a sliding window of child workflows, each for one question or a few. It continues as new after a number of questions, so
 * that history and memory stay bounded.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  setCurrentDetails,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { EvaluationActivities } from '../../activities/lab/evaluation';
import type { CallFailure } from '../../contract/batch';
import { oneLine } from '../../trajectory/bounded-text';
import type {
  EvaluationItem,
  EvaluationProgress,
  EvaluationSettings,
  KeyedSample,
  RecordedSample,
} from '../../contract/evaluation';
import { isFailureOfAll } from '../../contract/failures-of-all';
import { addUsage, NO_USAGE } from '../../trajectory/step';
import { failureOfChild } from '../solve/call-failure';
import { huskyEvaluateQuestion, huskyEvaluateQuestions } from './evaluate-question';
import { EVALUATION_PROGRESS_QUERY } from '../../contract/names-evaluation';

export interface EvaluateInput {
  settings: EvaluationSettings;
  /** Questions after which this run continues as new. @default 400 */
  questionsPerRun?: number;
  /** Set by continue-as-new only. */
  carried?: { cursor: number; progress: EvaluationProgress };
}

export const evaluationProgress = defineQuery<EvaluationProgress | undefined>(EVALUATION_PROGRESS_QUERY);

/** A question is about twelve events, so this is well below Temporal's limit. */
const QUESTIONS_PER_RUN = 400;

const files = huskyActivities<EvaluationActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** @throws ApplicationFailure InputInvalid for a dataset or run directory that cannot be used; a call's failure that every question would meet */
export async function huskyEvaluate(input: EvaluateInput): Promise<EvaluationProgress> {
  const { settings, questionsPerRun = QUESTIONS_PER_RUN, carried } = input;
  let progress = carried?.progress;
  setHandler(evaluationProgress, () => progress);
  const running = (progress ??= begin(await files.openEvaluation(settings)));
  let cursor = carried?.cursor ?? 0;
  let asked = 0;
  const asking: Asking = { settings };
  const waiting: EvaluationItem[] = [];
  let unstarted = true;

  const more = async () => {
    const next = await files.nextItems({ settings, cursor, limit: Math.max(settings.maxInFlight * 2, 50) });
    unstarted = next.cursor > cursor;
    cursor = next.cursor;
    waiting.push(...next.items);
  };

  while (asked < questionsPerRun && !asking.ofAll) {
    while (unstarted && !holdsWholeBlock(waiting, settings)) await more();
    const items = takeBlock(waiting, settings);
    if (items.length === 0) break;
    await condition(() => running.inFlight === 0 || running.inFlight + items.length <= settings.maxInFlight);
    if (asking.ofAll) break;
    asked += items.length;
    running.inFlight += items.length;
    void ask(asking, items).then((samples) => samples.forEach((sample) => count(running, sample)));
  }
  await condition(() => running.inFlight === 0);
  if (asking.ofAll) throw ApplicationFailure.nonRetryable(asking.ofAll.message, asking.ofAll.type);
  if (waiting.length > 0 || unstarted) {
    const position = waiting[0]?.position ?? cursor;
    return continueAsNew<typeof huskyEvaluate>({ ...input, carried: { cursor: position, progress: running } });
  }
  await files.closeEvaluation({ settings });
  return running;
}

/** Groups questions by blocks of positions, so that a block has the same child whichever of its questions remain. */
const blockOf = ({ position }: EvaluationItem, { questionsPerWorkflow = 1 }: EvaluationSettings) =>
  Math.floor(position / questionsPerWorkflow);

function holdsWholeBlock(waiting: readonly EvaluationItem[], settings: EvaluationSettings): boolean {
  const [first] = waiting;
  const last = waiting.at(-1);
  if (!first || !last) return false;
  return (settings.questionsPerWorkflow ?? 1) === 1 || blockOf(first, settings) !== blockOf(last, settings);
}

function takeBlock(waiting: EvaluationItem[], settings: EvaluationSettings): EvaluationItem[] {
  const [first] = waiting;
  if (!first) return [];
  const after = waiting.findIndex((item) => blockOf(item, settings) !== blockOf(first, settings));
  return waiting.splice(0, after < 0 ? waiting.length : after);
}

/** The questions of this run of the workflow, and why it asks no more. */
interface Asking {
  readonly settings: EvaluationSettings;
  ofAll?: CallFailure;
}

/** A failed call counts as the questions' failure, so that they never stay in flight. */
async function ask(asking: Asking, items: readonly EvaluationItem[]): Promise<RecordedSample[]> {
  try {
    return await askTogether(asking, items);
  } catch {
    return items.map(() => FAILED);
  }
}

async function askTogether(asking: Asking, items: readonly EvaluationItem[]): Promise<RecordedSample[]> {
  const { settings } = asking;
  const { questionsPerWorkflow = 1 } = settings;
  const [first] = items;
  if (!first) return [];
  if (questionsPerWorkflow === 1 || items.some(({ failedBefore }) => failedBefore))
    return Promise.all(items.map((item) => askOne(asking, item)));
  const childId = `${workflowInfo().workflowId}/${questionsPerWorkflow}x${blockOf(first, settings)}`;
  const options = childOptions(childId, `${items.length} questions: ${oneLine(first.question, 160)}`);
  const samples = await resultOf<KeyedSample[]>(
    asking,
    () => startChild(huskyEvaluateQuestions, { args: [{ settings, items }], ...options }),
    () => files.collectSamples({ workflowId: childId }),
  );
  if (!samples) return items.map(() => FAILED);
  return Promise.all(items.map((item) => samples.find(({ key }) => key === item.key) ?? askOne(asking, item)));
}

async function askOne(asking: Asking, item: EvaluationItem): Promise<RecordedSample> {
  const { settings } = asking;
  const { key, failedBefore } = item;
  const childId = `${workflowInfo().workflowId}/${key}${failedBefore ? `/again-${failedBefore}` : ''}`;
  const options = childOptions(childId, oneLine(item.question, 200));
  const sample = await resultOf<RecordedSample>(
    asking,
    () => startChild(huskyEvaluateQuestion, { args: [{ settings, item }], ...options }),
    () => files.collectSample({ workflowId: childId }),
  );
  return sample ?? FAILED;
}

/**
 * A child's result; undefined if it failed. If a child of the same name runs from a terminated run, its result is awaited; it is started
 * again only if it ends without one.
 *
 * @param collect the earlier child's result, undefined when it has none
 */
async function resultOf<Result>(
  asking: Asking,
  begin: () => Promise<{ result(): Promise<Result> }>,
  collect: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (;;) {
    try {
      return await (await begin()).result();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
        const failure = failureOfChild(error);
        if (failure && isFailureOfAll(failure)) asking.ofAll ??= failure;
        return undefined;
      }
    }
    const earlier = await collect();
    if (earlier !== undefined) return earlier;
  }
}

const childOptions = (workflowId: string, staticSummary: string) => ({
  workflowId,
  workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  staticSummary,
});

const FAILED: RecordedSample = { correct: false, failed: true, usage: NO_USAGE, money: 0 };

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
