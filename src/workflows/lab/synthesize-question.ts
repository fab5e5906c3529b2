/**
 * Makes and judges all samples of one question. It reports its end to the synthesis by a signal, so that the synthesis can continue as new
 * while questions run.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
} from '@temporalio/workflow';
import { huskyActivities, huskyLocalActivities } from '../call-activities';
import type { SynthesisActivities } from '../../activities/lab/synthesis';
import { isFailureOfAll } from '../../contract/failures-of-all';
import { addUsage, NO_USAGE, type Usage } from '../../trajectory/step';
import type { QuestionOutcome, SynthesisQuestion, SynthesisSettings } from '../../contract/synthesis';
import { TRAJECTORY_VERSION, type Trajectory } from '../../trajectory/trajectory';
import { QUESTION_DONE_SIGNAL } from '../../contract/names-training';
import type { SolveInput } from '../solve/run-solution';
import { origin, sampleTrajectory, type Meter, type SampleInput } from './sample-trajectory';

export interface SynthesizeQuestionInput {
  settings: SynthesisSettings;
  question: SynthesisQuestion;
  /** Workflow id of the synthesis; absent when this workflow is run by itself. */
  synthesisId?: string;
  /** Set by continue-as-new only: what came of each sample, or how far it is. */
  carried?: readonly SamplePart[];
}

type SamplePart = Attempt | { unfinished: SolveInput };

const judging = { startToCloseTimeout: '5 minutes', heartbeatTimeout: '10 seconds' } as const;
const rules = huskyLocalActivities<SynthesisActivities>({ startToCloseTimeout: '30 seconds' });
const models = huskyActivities<SynthesisActivities>(judging);

export async function huskySynthesizeQuestion({
  settings,
  question,
  synthesisId,
  carried,
}: SynthesizeQuestionInput): Promise<QuestionOutcome> {
  const { index, question: text, gold, samples } = question;
  const outcome: QuestionOutcome = { index, trajectories: [], usage: NO_USAGE, callsFailed: true };
  const parts = await Promise.all(
    samples.map((sample, number): SamplePart | Promise<SamplePart> => {
      const before = carried?.[number];
      if (before && !('unfinished' in before)) return before;
      return attempt({ settings, index, question: text, gold, sample, ...before });
    }),
  );
  if (parts.some((part) => 'unfinished' in part))
    return continueAsNew<typeof huskySynthesizeQuestion>({ settings, question, synthesisId, carried: parts });
  for (const result of parts as Attempt[]) {
    outcome.usage = addUsage(outcome.usage, result.usage);
    if ('fatal' in result) outcome.fatal = result.fatal;
    else outcome.trajectories.push(result.trajectory);
    if (!('callFailed' in result)) outcome.callsFailed = false;
  }
  outcome.trajectories.sort((a, b) => a.source.sample - b.source.sample);
  if (synthesisId !== undefined) await report(synthesisId, outcome);
  return outcome;
}

/** What came of one sample. Its usage counts however it ended. */
type Attempt = { usage: Usage } & (
  { trajectory: Trajectory; callFailed?: true } | { fatal: NonNullable<QuestionOutcome['fatal']> }
);

/** Makes and judges one sample. A call of the teacher or the judge that fails for good ends the sample; otherwise the synthesis would ask the question for ever. */
async function attempt(input: SampleInput): Promise<SamplePart> {
  const meter: Meter = { usage: NO_USAGE };
  try {
    const trajectory = await sampleTrajectory(input, meter);
    if ('unfinished' in trajectory) return trajectory;
    const { metric } = input.settings;
    const judge = metric === 'judge' ? models.judgeTrajectory : rules.judgeTrajectory;
    const { rejection, usage } = await judge({ trajectory, metric });
    const verdict = rejection === undefined ? { accepted: true } : { accepted: false, rejection };
    return { trajectory: { ...trajectory, ...verdict }, usage: addUsage(meter.usage, usage) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { type, message } = causeOf(error);
    if (isFailureOfAll({ type })) return { fatal: { type, message }, ...meter };
    return { trajectory: failed(input, type), callFailed: true, ...meter };
  }
}

/** The record of a sample whose call failed for good: it is counted, and not tried again. */
function failed(input: SampleInput, type: string): Trajectory {
  return {
    version: TRAJECTORY_VERSION,
    ...origin(input, ''),
    question: input.question,
    answer: '',
    steps: [],
    accepted: false,
    rejection: `failed-call: ${type}`,
  };
}

function causeOf(error: unknown): { type: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return { type: cause.type ?? 'Unknown', message: cause.message };
  return { type: 'Unknown', message: String(cause) };
}

/** Reports to the synthesis. One that has ended is left alone: its next run fetches this workflow's result. */
async function report(synthesisId: string, outcome: QuestionOutcome): Promise<void> {
  try {
    await getExternalWorkflowHandle(synthesisId).signal(QUESTION_DONE_SIGNAL, outcome);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the synthesis is not running any more', { synthesisId });
  }
}
