/** Makes evaluation questions: a model proposes them, and those that programs and independent solutions confirm are kept. */
import {
  continueAsNew,
  defineQuery,
  executeChild,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { QuestionMakingActivities } from '../../activities/lab/question-making';
import type { Candidate, QuestionMakingProgress, QuestionMakingSettings } from '../../contract/question-making';
import { addUsage, NO_USAGE } from '../../trajectory/step';
import { QUESTION_MAKING_PROGRESS_QUERY } from '../../contract/names-evaluation';
import { huskySolve } from '../solve/solve';
import { tally } from '../../trajectory/tally';

export interface MakeQuestionsInput {
  settings: QuestionMakingSettings;
  /** Set by continue-as-new only. */
  carried?: Carried;
}

interface Carried {
  progress: QuestionMakingProgress;
  model: string;
  /** Calls of earlier runs into this folder. This run's numbers follow them, so that it draws other facts with other seeds. */
  callsBefore?: number;
}

export const questionMakingProgress = defineQuery<QuestionMakingProgress | undefined>(QUESTION_MAKING_PROGRESS_QUERY);

const activities = huskyActivities<QuestionMakingActivities>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

export async function huskyMakeQuestions({ settings, carried }: MakeQuestionsInput): Promise<QuestionMakingProgress> {
  let progress = carried?.progress;
  setHandler(questionMakingProgress, () => progress);
  const begun = carried ?? (await begin(settings));
  const { progress: state, callsBefore = 0 } = begun;
  progress = state;
  let { model } = begun;
  while (state.kept < settings.n && state.calls < settings.maxCalls) {
    if (workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof huskyMakeQuestions>({ settings, carried: { progress: state, model, callsBefore } });
    const proposed = await activities.proposeQuestions({ settings, call: callsBefore + state.calls });
    state.calls += 1;
    model = proposed.model;
    state.usage = addUsage(state.usage, proposed.usage);
    state.proposed += proposed.candidates.length;
    for (const [reason, count] of Object.entries(proposed.rejections))
      state.rejections[reason] = (state.rejections[reason] ?? 0) + count;
    for (const candidate of proposed.candidates) {
      if (state.kept >= settings.n) break;
      if (await confirmed(settings, state, candidate))
        state.kept = await activities.recordQuestion({ settings, candidate });
    }
    setCurrentDetails(`**${state.kept} of ${settings.n}** kept after ${state.calls} calls`);
  }
  await activities.writeDataCard({ settings, progress: state, model });
  return state;
}

async function begin(settings: QuestionMakingSettings): Promise<Carried> {
  const { kept, calls } = patched('make-questions-goes-on-after-earlier-calls')
    ? await activities.openQuestions(settings)
    : { kept: await activities.countKept(settings), calls: 0 };
  return { progress: { kept, proposed: 0, calls: 0, rejections: {}, usage: NO_USAGE }, model: '', callsBefore: calls };
}

/** Asks for several solutions, none of which sees the proposed answer. */
async function confirmed(
  settings: QuestionMakingSettings,
  state: QuestionMakingProgress,
  candidate: Candidate,
): Promise<boolean> {
  const { workflowId } = workflowInfo();
  const solutions = await Promise.allSettled(
    Array.from({ length: settings.solutions }, (_, i) =>
      executeChild(huskySolve, {
        args: [{ question: candidate.question, stepsPerActivity: 8, samples: 1 }],
        workflowId: `${workflowId}/${state.calls}-${candidate.question.length}-${hash(candidate.question)}-${i}`,
        staticSummary: candidate.question.slice(0, 200),
      }),
    ),
  );
  const answers = solutions.flatMap((solution) => (solution.status === 'fulfilled' ? [solution.value.answer] : []));
  for (const solution of solutions)
    if (solution.status === 'fulfilled') state.usage = addUsage(state.usage, solution.value.usage);
  const agreeing = await activities.countAgreement({ candidate, answers });
  if (agreeing >= settings.agree) return true;
  tally(state.rejections, 'solutions disagree');
  return false;
}

/** FNV-1a, for workflow ids of questions. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value.toString(16);
}
