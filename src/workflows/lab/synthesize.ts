/**
 * Stage 1: trajectories for a whole dataset. A sliding window of question workflows report by signal, so that this workflow can continue as
 * new without waiting for them. The window bounds memory.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { SynthesisActivities } from '../../activities/lab/synthesis';
import type {
  QuestionOutcome,
  SynthesisProgress,
  SynthesisQuestion,
  SynthesisSettings,
} from '../../contract/synthesis';
import {
  PAUSE_SIGNAL,
  QUESTION_DONE_SIGNAL,
  RESUME_SIGNAL,
  SYNTHESIS_PROGRESS_QUERY,
} from '../../contract/names-training';
import { describeProgress, SynthesisState, type CarriedSynthesis } from './synthesis-state';
import { huskySynthesizeQuestion } from './synthesize-question';
import type { QuestionIndex } from '../../trajectory/trajectory';

export interface SynthesizeInput {
  settings: SynthesisSettings;
  /** Events of history after which the workflow continues as new. @default 4000 */
  eventsPerRun?: number;
  /** Set by continue-as-new only. */
  carried?: CarriedSynthesis;
}

export const pauseSynthesis = defineSignal(PAUSE_SIGNAL);
export const resumeSynthesis = defineSignal(RESUME_SIGNAL);
export const questionDone = defineSignal<[QuestionOutcome]>(QUESTION_DONE_SIGNAL);
export const synthesisProgress = defineQuery<SynthesisProgress | undefined>(SYNTHESIS_PROGRESS_QUERY);

/** Events after which the workflow continues as new, well below Temporal's limits. */
const HISTORY_EVENTS = 4000;
/** Pause between checks of the questions in flight. */
const SILENCE = '15 minutes';
/** Failed questions in a row that end the synthesis, because something is wrong for all. */
const FAILURES_IN_A_ROW = 50;

const files = huskyActivities<SynthesisActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** @throws ApplicationFailure InputInvalid for a dataset or folder that cannot be used; the model's failure when all questions would fail */
export async function huskySynthesize({
  settings,
  eventsPerRun = HISTORY_EVENTS,
  carried,
}: SynthesizeInput): Promise<SynthesisProgress> {
  let state: SynthesisState | undefined = carried && new SynthesisState(settings, carried);
  const early: QuestionOutcome[] = [];
  let paused = carried?.paused ?? false;
  setHandler(synthesisProgress, () => state?.progress(paused));
  setHandler(pauseSynthesis, () => void (paused = true));
  setHandler(resumeSynthesis, () => void (paused = false));
  setHandler(questionDone, (outcome) => (state ? state.done(outcome) : void early.push(outcome)));
  const running = (state ??= SynthesisState.begin(settings, await files.openSynthesis(settings)));
  for (const outcome of early) running.done(outcome);

  try {
    for (;;) {
      await flush(running);
      await Promise.all([startQuestions(running, paused), readQuestions(running, paused)]);
      setCurrentDetails(describeProgress(running.progress(paused)));
      if (running.isOver()) break;
      const { continueAsNewSuggested, historyLength } = workflowInfo();
      if ((continueAsNewSuggested || historyLength > eventsPerRun) && running.results.length === 0)
        return await continueAsNew<typeof huskySynthesize>({ settings, eventsPerRun, carried: running.carry(paused) });
      const wakes = () => running.results.length > 0 || (!paused && running.hasWork()) || running.isOver();
      if (!(await condition(wakes, SILENCE))) await collectSilent(running);
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => cancelled(running));
    throw error;
  }
  return finish(running);
}

async function startQuestions(state: SynthesisState, paused: boolean): Promise<void> {
  if (paused) return;
  await Promise.all(state.take().map((question) => start(state, question)));
}

async function start(state: SynthesisState, question: SynthesisQuestion): Promise<void> {
  const { workflowId } = workflowInfo();
  try {
    await startChild(huskySynthesizeQuestion, {
      args: [{ settings: state.settings, question, synthesisId: workflowId }],
      workflowId: questionId(question.index),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      staticSummary: question.question.slice(0, 200),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    collect(state, question).catch(() => undefined);
  }
}

/**
 * Fetches the result of a question that an earlier, terminated run of this synthesis started. It is retried for ever, until this run
 * continues as new; the next run's watchdog then tries again.
 */
async function collect(state: SynthesisState, question: SynthesisQuestion): Promise<void> {
  state.done(await files.collectQuestion({ workflowId: questionId(question.index) }));
}

/** The watchdog: a question whose workflow was terminated never reports. It is started again, or its result is fetched. */
async function collectSilent(state: SynthesisState): Promise<void> {
  await Promise.all(state.inFlight().map((question) => start(state, question)));
}

async function readQuestions(state: SynthesisState, paused: boolean): Promise<void> {
  if (paused || !state.wantsQuestions()) return;
  const { settings, finishedBefore } = state;
  const { cursor } = state.carried;
  state.add(await files.nextQuestions({ settings, cursor, limit: settings.maxInFlight * 4, finishedBefore }));
}

async function flush(state: SynthesisState): Promise<void> {
  if (state.results.length === 0) return;
  const trajectories = state.results.splice(0);
  const { settings, carried } = state;
  carried.offset = await files.appendTrajectories({ out: settings.out, offset: carried.offset, trajectories });
  if (carried.failuresInARow >= FAILURES_IN_A_ROW)
    carried.fatal ??= { type: 'ModelUnavailable', message: `${carried.failuresInARow} questions in a row failed.` };
}

async function finish(state: SynthesisState): Promise<SynthesisProgress> {
  const progress = state.progress(false);
  await files.recordSynthesis({ settings: state.settings, progress });
  const { fatal } = state.carried;
  if (fatal) throw ApplicationFailure.nonRetryable(fatal.message, fatal.type);
  return progress;
}

async function cancelled(state: SynthesisState): Promise<void> {
  state.cancel();
  await Promise.all(
    state.inFlight().map(({ index }) =>
      getExternalWorkflowHandle(questionId(index))
        .cancel()
        .catch(() => undefined),
    ),
  );
  await flush(state);
  await files.recordSynthesis({ settings: state.settings, progress: state.progress(false) });
}

function questionId(index: QuestionIndex): string {
  return `${workflowInfo().workflowId}/question-${index}`;
}
