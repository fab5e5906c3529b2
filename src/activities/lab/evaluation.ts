/** The activities of the evaluate workflow. */
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { EvaluationRuns } from '../../evaluation/evaluation-runs';
import { createFailure } from '../../failures';
import type * as wire from '../../contract/evaluation';
import type { ActivityContext } from '../../runtime/activity-context';
import { withHeartbeat } from '../../runtime/heartbeat';
import { Scorer } from '../../scoring/scorer';
import { answerByBaseline } from './baseline';
import { createJudge } from './judge';

export type EvaluationActivities = ReturnType<typeof createEvaluationActivities>;

export function createEvaluationActivities(context: ActivityContext) {
  const scorer = new Scorer({ judge: createJudge(context) });
  const runs = new EvaluationRuns(context, scorer);

  return {
    openEvaluation: (settings: wire.EvaluationSettings): Promise<wire.OpenedEvaluation> =>
      withHeartbeat(() => runs.open(settings)),

    nextItems: (input: wire.NextItemsInput): Promise<wire.NextItems> => withHeartbeat(() => runs.next(input)),

    /** A baseline's answer. */
    answerDirectly: ({ system, item, samples }: wire.AnswerDirectlyInput): Promise<wire.DirectAnswer> =>
      withHeartbeat(async (signal) => {
        const { question } = item;
        if (system.kind === 'husky' || system.kind === 'command')
          throw createFailure('InputInvalid', `System ${system.kind} does not answer by this activity.`);
        return answerByBaseline(context, { baseline: system.kind, question, samples }, signal);
      }),

    recordSample: (input: wire.RecordSampleInput): Promise<wire.RecordedSample> =>
      withHeartbeat((signal) => runs.record(input, signal)),

    /** The result of a question that an earlier run of the workflow began; undefined if it has none. */
    collectSample: ({ workflowId }: { workflowId: string }): Promise<wire.RecordedSample | undefined> =>
      withHeartbeat(() => resultOf<wire.RecordedSample>(workflowId)),

    /** The same of several questions. */
    collectSamples: ({ workflowId }: { workflowId: string }): Promise<wire.KeyedSample[] | undefined> =>
      withHeartbeat(() => resultOf<wire.KeyedSample[]>(workflowId)),

    closeEvaluation: async ({ settings }: { settings: wire.EvaluationSettings }): Promise<void> => {
      runs.close(settings);
      await scorer.close();
    },
  };
}

async function resultOf<Result>(workflowId: string): Promise<Result | undefined> {
  try {
    return (await Context.current().client.workflow.getHandle(workflowId).result()) as Result;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return undefined;
    throw error;
  }
}
