/** The activities of the makeQuestions workflow. */
import type {
  Candidate,
  ProposedQuestions,
  QuestionMakingProgress,
  QuestionMakingSettings,
} from '../../contract/question-making';
import type { ActivityContext } from '../../runtime/activity-context';
import { withHeartbeat } from '../../runtime/heartbeat';
import { countAgreement, proposeQuestions } from '../../training/propose-questions';
import { callsMade, keepQuestion, keptQuestions, writeDataCard } from '../../training/question-folder';

export type QuestionMakingActivities = ReturnType<typeof createQuestionMakingActivities>;

/** Input of the activities that work in the run's folder. */
export interface InFolder {
  settings: QuestionMakingSettings;
}

export function createQuestionMakingActivities(context: ActivityContext) {
  return {
    /** One call of the model over facts that the seed and the call's number draw; each candidate's program is run. */
    proposeQuestions: ({ settings, call }: InFolder & { call: number }): Promise<ProposedQuestions> =>
      withHeartbeat(async (signal) => {
        const [model, sandbox] = [await context.model('action'), await context.sandbox()];
        return proposeQuestions({ model, sandbox }, settings, call, signal);
      }),

    /** How many answers of independent solutions are the proposed one. */
    countAgreement: ({ candidate, answers }: { candidate: Candidate; answers: string[] }): Promise<number> =>
      countAgreement(candidate, answers),

    /** Appends a question that was kept. It may run twice: the second time changes nothing. @returns questions kept so far */
    recordQuestion: ({ settings, candidate }: InFolder & { candidate: Candidate }): Promise<number> =>
      keepQuestion(settings, candidate),

    /** What earlier runs have left in the folder. */
    openQuestions: async (settings: QuestionMakingSettings): Promise<{ kept: number; calls: number }> => ({
      kept: (await keptQuestions(settings)).length,
      calls: await callsMade(settings),
    }),

    /** Questions that earlier runs kept. Workflows that began before {@link openQuestions} existed ask for it. */
    countKept: async (settings: QuestionMakingSettings): Promise<number> => (await keptQuestions(settings)).length,

    writeDataCard: async (card: InFolder & { progress: QuestionMakingProgress; model: string }): Promise<void> =>
      writeDataCard(card.settings, card.progress, card.model),
  };
}
