/**
 * How the solve workflow calls its activities: queue, timeouts, retries and the one-line summary that the Temporal UI shows.
 *
 * @module
 */
import { proxyActivities, proxyLocalActivities, type ActivityOptions } from '@temporalio/workflow';
import type { HuskyActivities } from '../activities';
import { oneLine } from '../trajectory/bounded-text';
import type { Expert } from '../trajectory/modules';
import type { CustomTool, CustomToolInput, CustomToolResult, SolveProfile } from '../trajectory/profile';

/** Characters of an activity's summary. */
const SUMMARY = 120;

type Call<Name extends keyof HuskyActivities> = (
  input: Parameters<HuskyActivities[Name]>[0],
  summary: string,
) => ReturnType<HuskyActivities[Name]>;

export interface Calls {
  predictAction: Call<'predictAction'>;
  generateCode: Call<'generateCode'>;
  executeCode: Call<'executeCode'>;
  generateQuery: Call<'generateQuery'>;
  search: Call<'search'>;
  rewriteResult: Call<'rewriteResult'>;
  reasonMath: Call<'reasonMath'>;
  reasonCommonsense: Call<'reasonCommonsense'>;
  custom(tool: CustomTool, input: CustomToolInput): Promise<string | CustomToolResult>;
}

/** The profile is the first thing recorded; a local activity costs one event and no round trip through a queue. */
export const { recordProfile } = proxyLocalActivities<Pick<HuskyActivities, 'recordProfile'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

export function createCalls(profile: SolveProfile): Calls {
  const { queues, timeouts, retry } = profile;
  const options = (place: Expert | 'tool', timeout: number): ActivityOptions => ({
    taskQueue: queues[place],
    startToCloseTimeout: timeout,
    heartbeatTimeout: timeouts.heartbeat,
    retry: {
      initialInterval: retry.initialMs,
      maximumInterval: retry.maximumMs,
      ...(retry.maximumAttempts > 0 ? { maximumAttempts: retry.maximumAttempts } : {}),
    },
  });
  const at = (place: Expert | 'tool', timeout: number) => {
    const activities = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>(options(place, timeout));
    return <Name extends keyof HuskyActivities>(name: Name) =>
      ((input, summary) =>
        activities[name]?.executeWithOptions({ summary: oneLine(summary, SUMMARY) }, [input])) as Call<Name>;
  };
  const custom = proxyActivities<Record<string, (input: CustomToolInput) => Promise<string | CustomToolResult>>>(
    options('tool', timeouts.execute),
  );
  return {
    predictAction: at('action', timeouts.model)('predictAction'),
    generateCode: at('code', timeouts.model)('generateCode'),
    executeCode: at('tool', timeouts.execute)('executeCode'),
    generateQuery: at('query', timeouts.model)('generateQuery'),
    search: at('tool', timeouts.search)('search'),
    rewriteResult: at('commonsense', timeouts.model)('rewriteResult'),
    reasonMath: at('math', timeouts.model)('reasonMath'),
    reasonCommonsense: at('commonsense', timeouts.model)('reasonCommonsense'),
    custom: (tool, input) => {
      const activity = custom[tool.activity];
      if (!activity) throw new TypeError(`No activity ${tool.activity}`);
      const { taskQueue, timeoutMs: startToCloseTimeout = 60_000 } = tool;
      return activity.executeWithOptions(
        {
          summary: oneLine(`[${tool.name}] ${input.step}`, SUMMARY),
          taskQueue,
          startToCloseTimeout,
          heartbeatTimeout: undefined,
        },
        [input],
      );
    },
  };
}
