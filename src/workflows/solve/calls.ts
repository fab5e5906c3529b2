/**
 * How the solve workflow calls its activities: queue, timeouts, retries and the one-line summary that the Temporal UI shows.
 *
 * @module
 */
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
  type ActivityOptions,
} from '@temporalio/workflow';
import { createFailure } from '../../failures';
import { huskyActivities, huskyLocalActivities } from '../call-activities';
import type { HuskyActivities } from '../../activities/solve';
import type { Call, Calls, CustomOutcome } from '../../loop/calls';
import { oneLine } from '../../trajectory/bounded-text';
import type { Expert } from '../../trajectory/modules';
import type {
  AdvanceInput,
  AdvanceResult,
  FindSameAnswerInput,
  FindSameAnswerResult,
  RecordProfileInput,
} from '../../contract/payloads';
import type { CustomTool, CustomToolInput, SolveProfile, TypedToolInput } from '../../contract/profile';
import { tokens } from './tokens';

/** Characters of an activity's summary. */
const SUMMARY = 120;
/** Attempts of a tool with arguments, which may fail without its solution. */
const TYPED_ATTEMPTS = 3;
/** Milliseconds for MCP servers to be started and listed. */
const LISTING = 90_000;

/** The profile is the first thing recorded; a local activity costs one event and no round trip through a queue. */
const recorded = huskyLocalActivities<Pick<HuskyActivities, 'recordProfile'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

/** What the worker's configuration decides for a solution. The tools of MCP servers are listed where they will be called. */
export async function recordProfile(input: RecordProfileInput): Promise<SolveProfile> {
  const { mcp, ...profile } = await recorded.recordProfile(input);
  return mcp === undefined ? profile : withMcpTools(profile, mcp);
}

const compared = huskyLocalActivities<Pick<HuskyActivities, 'findSameAnswer'>>({
  startToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: 3 },
});

/** By the scorer, which is no workflow code. */
export function findSameAnswer(input: FindSameAnswerInput): Promise<FindSameAnswerResult> {
  return compared.findSameAnswer(input);
}

async function withMcpTools(profile: SolveProfile, servers: readonly string[]): Promise<SolveProfile> {
  const options = activityOptions(profile, 'tool', LISTING);
  const { listMcpTools } = huskyActivities<Pick<HuskyActivities, 'listMcpTools'>>({
    ...options,
    retry: { ...options.retry, maximumAttempts: 2 },
  });
  const summary = oneLine(`tools of ${servers.join(', ')}`, SUMMARY);
  const { tools, problems } = await listMcpTools.executeWithOptions({ summary }, [{}]).catch((error: unknown) => {
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
  return { ...profile, tools: offered, ...(notices.length > 0 ? { notices } : {}) };
}

/** Several steps in one activity; its result is awaited even when the solution is cancelled, so that no finished step is lost. */
export function createAdvance(profile: SolveProfile): Call<AdvanceInput, AdvanceResult> {
  const { advance } = huskyActivities<Pick<HuskyActivities, 'advance'>>({
    ...activityOptions(
      profile,
      undefined,
      (profile.timeouts.model + profile.timeouts.execute) * profile.stepsPerActivity,
    ),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  return (input, summary) => advance.executeWithOptions({ summary: oneLine(summary, SUMMARY) }, [input]);
}

/** Each call an activity of its own, on the queue of its expert. */
export function createCalls(profile: SolveProfile): Calls {
  const { timeouts } = profile;
  const options = (role: Expert | 'tool', timeout: number) => activityOptions(profile, role, timeout);
  const at = (role: Expert | 'tool', timeout: number) => {
    const activities = huskyActivities<Record<string, (input: unknown) => Promise<unknown>>>(options(role, timeout));
    const watched = () => (role === 'tool' ? {} : tokens());
    return <Name extends Exclude<keyof Calls, 'custom'>>(name: Name) =>
      ((input: object, summary: string) =>
        activities[name]?.executeWithOptions({ summary: oneLine(summary, SUMMARY) }, [
          { ...input, ...watched() },
        ])) as Calls[Name];
  };
  const custom = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>(
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
    generateArguments: at('commonsense', timeouts.model)('generateArguments'),
    custom: async (tool, input) => {
      const activity = custom[tool.activity];
      if (!activity) throw new TypeError(`No activity ${tool.activity}`);
      try {
        return {
          returned: await activity.executeWithOptions(toolOptions(profile, tool, input.step), [given(tool, input)]),
        };
      } catch (error) {
        if (tool.input === undefined) throw isTooLarge(error) ? tooLarge(tool) : error;
        return outcomeOf(error, tool);
      }
    },
  };
}

/** An MCP server's tool is called by its own name, and knows nothing of questions. */
function given({ mcp }: CustomTool, input: CustomToolInput | TypedToolInput): unknown {
  return mcp && 'arguments' in input ? { ...mcp, arguments: input.arguments } : input;
}

function toolOptions({ retry }: SolveProfile, tool: CustomTool, step: string): ActivityOptions & { summary: string } {
  const { taskQueue, timeoutMs = 60_000, heartbeatMs, input } = tool;
  const maximumAttempts = tool.maxAttempts ?? (input === undefined ? undefined : TYPED_ATTEMPTS);
  return {
    summary: oneLine(`[${tool.name}] ${step}`, SUMMARY),
    taskQueue,
    startToCloseTimeout: timeoutMs,
    heartbeatTimeout: heartbeatMs,
    ...(maximumAttempts === undefined ? {} : { retry: { ...retryPolicy(retry), maximumAttempts } }),
  };
}

/** A tool that is used with arguments may fail without the solution: the action generator is told, and can go another way. */
function outcomeOf(error: unknown, tool: CustomTool): CustomOutcome {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  if (isTooLarge(error)) return { failed: tooLarge(tool).message };
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return { failed: `it gave no answer within its time (${cause.message})` };
  const message = cause?.message ?? error.message;
  const rejects = cause instanceof ApplicationFailure && cause.type === 'ToolArgumentsInvalid';
  return rejects ? { rejected: message } : { failed: message };
}

/** The server ends a call whose result or error is larger than a payload may be. */
function isTooLarge(error: unknown): boolean {
  return error instanceof ActivityFailure && /exceeds? (size )?limit|EXCEEDS_LIMIT/i.test(error.cause?.message ?? '');
}

function tooLarge({ name, activity }: CustomTool): ApplicationFailure {
  return createFailure(
    'ToolResultTooLarge',
    `The tool ${name} (activity ${activity}) returned a result, or failed with a message, of more than the 2 MB that Temporal takes; 4,000 characters of it would be used.`,
  );
}

function activityOptions(
  { queues, timeouts, retry }: SolveProfile,
  role: Expert | 'tool' | undefined,
  timeout: number,
): ActivityOptions {
  return {
    taskQueue: role && queues[role],
    startToCloseTimeout: timeout,
    heartbeatTimeout: timeouts.heartbeat,
    retry: retryPolicy(retry),
  };
}

const retryPolicy = (retry: SolveProfile['retry']) => ({
  initialInterval: retry.initialMs,
  maximumInterval: retry.maximumMs,
  ...(retry.maximumAttempts > 0 ? { maximumAttempts: retry.maximumAttempts } : {}),
});
