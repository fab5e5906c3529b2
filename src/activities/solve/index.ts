/** The activities of the solve workflow, by role. */
import { activityInfo } from '@temporalio/activity';
import type { SolveRole } from '../../contract/roles';
import type { ActivityContext } from '../../runtime/activity-context';
import { createAdvance } from './advance';
import { executeCode } from './execute-code';
import { createFindSameAnswer } from './find-same-answer';
import { generateArguments } from './generate-arguments';
import { generateCode } from './generate-code';
import { generateQuery } from './generate-query';
import { withHeartbeat } from '../../runtime/heartbeat';
import { callMcpTool, listMcpTools } from './mcp-tools';
import { predictAction } from './predict-action';
import { reasonCommonsense, reasonMath } from './reason';
import { recordEnd } from './record-end';
import { createRecordProfile } from './record-profile';
import { rewriteResult } from './rewrite-result';
import { search } from './search';
import type { ActivityBody } from '../../runtime/activity-body';
import type { ModelCall } from '../../contract/payloads';

export interface CreateActivitiesOptions {
  context: ActivityContext;
  /** Whether solutions that begin on this worker send all calls to one queue, or to a queue for each role. */
  queues: 'shared' | 'separate';
}

export type HuskyActivities = ReturnType<typeof createActivities>;

/** All activities of the solve workflow. Their names are contracts. */
export function createActivities({ context, queues }: CreateActivitiesOptions) {
  const at =
    <Input, Result>(work: ActivityBody<Input, Result>) =>
    (input: Input) =>
      withHeartbeat(
        (signal) => work(context, input, signal),
        context.solutions.abandoned(activityInfo().workflowExecution?.runId ?? ''),
        (input as Partial<ModelCall>).tokens,
      );
  return {
    recordProfile: createRecordProfile(context, queues),
    advance: createAdvance(context),
    predictAction: at(predictAction),
    generateCode: at(generateCode),
    executeCode: at(executeCode),
    generateQuery: at(generateQuery),
    search: at(search),
    rewriteResult: at(rewriteResult),
    reasonMath: at(reasonMath),
    reasonCommonsense: at(reasonCommonsense),
    generateArguments: at(generateArguments),
    listMcpTools: at(listMcpTools),
    callMcpTool: at(callMcpTool),
    findSameAnswer: createFindSameAnswer(context),
    recordEnd,
  };
}

/** Which activities a role's queue serves. */
export const ROLE_ACTIVITIES: Record<SolveRole, (keyof HuskyActivities)[]> = {
  workflow: ['recordProfile', 'findSameAnswer', 'recordEnd'],
  tool: ['executeCode', 'search', 'listMcpTools', 'callMcpTool'],
  action: ['predictAction'],
  code: ['generateCode'],
  math: ['reasonMath'],
  query: ['generateQuery'],
  commonsense: ['reasonCommonsense', 'rewriteResult', 'generateArguments'],
};
