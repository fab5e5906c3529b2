/** Compares an answer with those of other samples of the question, as an evaluation compares it with a label. */
import type { FindSameAnswerInput, FindSameAnswerResult } from '../../contract/payloads';
import type { ActivityContext } from '../../runtime/activity-context';
import { GENERAL_METRIC } from '../../scoring/score';

export const createFindSameAnswer =
  (context: ActivityContext) =>
  async ({ question, answer, among }: FindSameAnswerInput): Promise<FindSameAnswerResult> => {
    const scorer = await context.scorer();
    for (const [at, gold] of among.entries()) {
      const { correct } = await scorer.score({ metric: GENERAL_METRIC, prediction: answer, gold, question });
      if (correct) return { at };
    }
    return { at: -1 };
  };
