/** The activities of the synthesize workflow. */
import { Context } from '@temporalio/activity';
import type * as wire from '../../contract/synthesis';
import type { ActivityContext } from '../../runtime/activity-context';
import { withHeartbeat } from '../../runtime/heartbeat';
import { SynthesisRuns, type CountingJudge } from '../../training/synthesis-runs';

export function createSynthesisActivities(context: ActivityContext, judge: CountingJudge) {
  const runs = new SynthesisRuns(context, judge);
  return {
    openSynthesis: (settings: wire.SynthesisSettings): Promise<wire.OpenedSynthesis> =>
      withHeartbeat(() => runs.open(settings)),

    nextQuestions: (input: wire.NextQuestionsInput): Promise<wire.NextQuestionsResult> =>
      withHeartbeat(() => runs.next(input)),

    appendTrajectories: (input: wire.AppendTrajectoriesInput): Promise<number> =>
      withHeartbeat(() => runs.append(input)),

    /** The outcome of a question whose workflow an earlier run began. */
    collectQuestion: ({ workflowId }: { workflowId: string }): Promise<wire.QuestionOutcome> =>
      withHeartbeat(
        () => Context.current().client.workflow.getHandle(workflowId).result() as Promise<wire.QuestionOutcome>,
      ),

    recordSynthesis: (input: wire.RecordSynthesisInput): Promise<void> => withHeartbeat(() => runs.record(input)),

    writeTrajectory: (input: wire.WriteTrajectoryInput): Promise<wire.WriteTrajectoryResult> =>
      withHeartbeat((signal) => runs.write(input, signal)),

    judgeTrajectory: (input: wire.JudgeTrajectoryInput): Promise<wire.JudgeTrajectoryResult> =>
      withHeartbeat((signal) => runs.judge(input, signal)),
  };
}

export type SynthesisActivities = ReturnType<typeof createSynthesisActivities>;
