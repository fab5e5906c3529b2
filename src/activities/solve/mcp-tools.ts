/** Lists and calls the tools of MCP servers. */
import { log } from '@temporalio/activity';
import { registeredName } from '../../contract/registered-name';
import type { CallMcpToolInput, ListedTools } from '../../contract/payloads';
import { createFailure } from '../../failures';
import type { ActivityBody } from '../../runtime/activity-body';
import type { ActivityContext } from '../../runtime/activity-context';
import { tracedCall } from '../../runtime/traced-parts';

/** A solution lists its tools once and records them, so a server that changes its list does not change the solution. */
export const listMcpTools: ActivityBody<object, ListedTools> = async (context) => {
  const listed = await (await serversOf(context)).list(registeredName('callMcpTool'));
  for (const problem of listed.problems) log.warn(problem);
  return listed;
};

export const callMcpTool: ActivityBody<CallMcpToolInput, string> = async (context, input, signal) => {
  const servers = await serversOf(context);
  return tracedCall(`${input.server}_${input.tool}`, input.arguments, context.texts, () => servers.call(input, signal));
};

function serversOf(context: ActivityContext) {
  const servers = context.mcp?.();
  if (servers) return servers;
  throw createFailure('ToolUnknown', 'This worker has no MCP servers.');
}
