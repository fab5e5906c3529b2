/**
 * Making evaluation questions: a model proposes, programs and independent solutions confirm, what they agree on is kept.
 *
 * @module
 */
import {
  continueAsNew,
  defineQuery,
  executeChild,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { QuestionMakingActivities } from '../activities/question-making';
import type { Candidate, QuestionMakingProgress, QuestionMakingSettings } from '../trajectory/question-making';
import { addUsage, NO_USAGE } from '../trajectory/step';
import { QUESTION_MAKING_PROGRESS_QUERY } from './names-evaluation';
import { solve } from './solve';

export interface MakeQuestionsInput {
  settings: QuestionMakingSettings;
  /** Set by continue-as-new only. */
  carried?: { progress: QuestionMakingProgress; model: string };
}

export const questionMakingProgress = defineQuery<QuestionMakingProgress | undefined>(QUESTION_MAKING_PROGRESS_QUERY);

const activities = proxyActivities<QuestionMakingActivities>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

export async function makeQuestions({ settings, carried }: MakeQuestionsInput): Promise<QuestionMakingProgress> {
  let progress = carried?.progress;
  setHandler(questionMakingProgress, () => progress);
  const state = (progress ??= {
    kept: await activities.countKept(settings),
    proposed: 0,
    calls: 0,
    rejections: {},
    usage: NO_USAGE,
  });
  let model = carried?.model ?? '';
  while (state.kept < settings.n && state.calls < settings.maxCalls) {
    if (workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof makeQuestions>({ settings, carried: { progress: state, model } });
    const proposed = await activities.proposeQuestions({ settings, call: state.calls });
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

/** Several solutions, none of which sees the proposed answer. */
async function confirmed(
  settings: QuestionMakingSettings,
  state: QuestionMakingProgress,
  candidate: Candidate,
): Promise<boolean> {
  const { workflowId } = workflowInfo();
  const solutions = await Promise.allSettled(
    Array.from({ length: settings.solutions }, (_, i) =>
      executeChild(solve, {
        args: [{ question: candidate.question, stepsPerActivity: 8 }],
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
  state.rejections['solutions disagree'] = (state.rejections['solutions disagree'] ?? 0) + 1;
  return false;
}

/** FNV-1a, for names that tell questions apart. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value.toString(16);
}
