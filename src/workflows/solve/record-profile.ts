/** The first thing that a solution does: it records what the worker's configuration decides for it. */
import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import { huskyActivities, huskyLocalActivities } from '../call-activities';
import type { HuskyActivities } from '../../activities/solve';
import type { RecordProfileInput } from '../../contract/payloads';
import type { SolveProfile } from '../../contract/profile';
import { activityOptions, summarized } from './activity-options';

/** Milliseconds for MCP servers to be started and listed, where the profile does not say. */
const LISTING = 90_000;

/** A local activity costs one event, and no round trip through a queue. */
const recorded = huskyLocalActivities<Pick<HuskyActivities, 'recordProfile'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

/** Records the profile. The tools of MCP servers are listed by the workers that will call them. */
export async function recordProfile(input: RecordProfileInput): Promise<SolveProfile> {
  const { mcp, ...profile } = await recorded.recordProfile(input);
  return mcp === undefined ? profile : withMcpTools(profile, mcp);
}

async function withMcpTools(profile: SolveProfile, servers: readonly string[]): Promise<SolveProfile> {
  const options = activityOptions(profile, 'tool', profile.timeouts.listing ?? LISTING);
  const { listMcpTools } = huskyActivities<Pick<HuskyActivities, 'listMcpTools'>>({
    ...options,
    retry: { ...options.retry, maximumAttempts: 2 },
  });
  const summary = summarized(`tools of ${servers.join(', ')}`);
  const { tools, problems } = await listMcpTools.executeWithOptions(summary, [{}]).catch((error: unknown) => {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const why = error.cause?.message ?? error.message;
    return { tools: [], problems: [`The tools of MCP servers are not offered: ${why}`] };
  });
  const notices = [...problems];
  const offered = [...profile.tools];
  for (const tool of tools)
    if (offered.some(({ name }) => name === tool.name))
      notices.push(`The MCP tool ${tool.name} is left out: another tool has its name.`);
    else offered.push({ ...tool, taskQueue: profile.queues.tool, heartbeatMs: profile.timeouts.heartbeat });
  return { ...profile, tools: offered, notices: notices.length > 0 ? notices : undefined };
}
