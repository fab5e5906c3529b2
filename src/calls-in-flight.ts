/** What a running solution is doing, and which of its calls are tried again, in words. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { temporalCommand, type TemporalPlace } from './temporal-command';
import { registered } from './contract/registered-name';

/** What an activity does, in words, by its registered name. */
const DOING: Record<string, string> = registered({
  recordProfile: 'starting',
  advance: 'working',
  predictAction: 'choosing the next step',
  generateCode: 'writing a program',
  executeCode: 'running the program',
  generateQuery: 'writing a query',
  search: 'searching',
  rewriteResult: 'putting the result into a sentence',
  reasonMath: 'reasoning',
  reasonCommonsense: 'reasoning',
  generateArguments: 'writing the arguments of a tool',
  listMcpTools: 'asking an MCP server for its tools',
  callMcpTool: 'calling a tool of an MCP server',
  findSameAnswer: 'comparing answers',
  recordEnd: 'recording the end',
  openSynthesis: 'opening the synthesis',
  nextQuestions: 'reading questions',
  writeTrajectory: 'writing a trajectory',
  judgeTrajectory: 'judging a trajectory',
  appendTrajectories: 'keeping trajectories',
  collectQuestion: 'collecting trajectories',
  recordSynthesis: 'recording the synthesis',
  trainModule: 'training',
  readStage: 'reading what was done before',
  recordStage: 'recording what was done',
  hostTeacher: 'serving the teacher',
  extractTrainingSet: 'extracting a training set',
  writeServing: 'writing what serves the experts',
  openEvaluation: 'opening the evaluation',
  nextItems: 'reading questions',
  answerDirectly: 'asking the model',
  answerByCommand: 'asking the program',
  recordSample: 'scoring an answer',
  collectSample: 'collecting an answer',
  collectSamples: 'collecting answers',
  closeEvaluation: 'closing the evaluation',
  openQuestions: 'reading what was made before',
  proposeQuestions: 'writing questions',
  countAgreement: 'comparing answers',
  recordQuestion: 'keeping a question',
  countKept: 'counting questions',
  writeDataCard: 'writing the data card',
});

/** A call of a command that was left: it is made again because of that alone. */
const LEFT = 'Worker is shutting down';

/** @param activity registered name; that of a user's own tool stands for itself */
export function doing(activity: string): string {
  return DOING[activity] ?? activity;
}

/** What Temporal itself says of a call, and what it means. */
const TIMEOUTS: Record<string, string> = {
  'activity Heartbeat timeout': 'its worker gave no more sign of life.',
  'activity StartToClose timeout': 'it took longer than it may.',
};

/** One sentence for each call that failed and is tried again, or that a person paused. @param place of the server that told of it */
export function retriesOf(
  { raw, workflowId }: Pick<WorkflowExecutionDescription, 'raw' | 'workflowId'>,
  place: TemporalPlace,
): string[] {
  return (raw.pendingActivities ?? []).flatMap((call) => {
    const { activityType, activityId, attempt, maximumAttempts, lastFailure, paused, pauseInfo } = call;
    if (paused) {
      const { identity, reason } = pauseInfo?.manual ?? {};
      const who = `${identity ? ` by ${identity}` : ''}${reason ? ` (${reason})` : ''}`;
      const unpause = temporalCommand(
        place,
        `activity unpause --workflow-id ${workflowId} --activity-id ${activityId}`,
      );
      return [
        `${doing(activityType?.name ?? '')}: the call was paused${who} and waits until somebody lets it go on: ${unpause}`,
      ];
    }
    const message = lastFailure?.message ?? '';
    const why = TIMEOUTS[message] ?? message.replace(/\.?$/, '.');
    if (!message || (attempt ?? 0) < 2 || why.startsWith(LEFT)) return [];
    const again = maximumAttempts ? `up to ${maximumAttempts} times` : 'until it succeeds';
    return [`${doing(activityType?.name ?? '')}: ${why} It is tried again ${again}.`];
  });
}
