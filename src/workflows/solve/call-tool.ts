/** Calls a user's own tool: an activity of the user's, of `defineTool`, or of an MCP server. */
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
  type ActivityOptions,
} from '@temporalio/workflow';
import { createFailure } from '../../failures';
import type { Calls, CustomOutcome } from '../../loop/calls';
import type { CustomTool, CustomToolInput, SolveProfile, TypedToolInput } from '../../contract/profile';
import { activityOptions, retryPolicy, summarized } from './activity-options';

/** Attempts of a tool with arguments. When they are used up the step fails, and the solution goes on. */
const TYPED_ATTEMPTS = 3;

export function createToolCall(profile: SolveProfile): Calls['custom'] {
  const activities = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>(
    activityOptions(profile, 'tool', profile.timeouts.execute),
  );
  return async (tool, input) => {
    const activity = activities[tool.activity];
    if (!activity) throw new TypeError(`No activity ${tool.activity}`);
    try {
      const options = toolOptions(profile, tool, input.step);
      return { returned: await activity.executeWithOptions(options, [inputOf(tool, input)]) };
    } catch (error) {
      if (tool.input === undefined) throw isTooLarge(error) ? tooLarge(tool) : error;
      return outcomeOf(error, tool);
    }
  };
}

/** An MCP server's tool is called by its own name and knows nothing of questions. */
function inputOf({ mcp }: CustomTool, input: CustomToolInput | TypedToolInput): unknown {
  return mcp && 'arguments' in input ? { ...mcp, arguments: input.arguments } : input;
}

function toolOptions({ retry }: SolveProfile, tool: CustomTool, step: string): ActivityOptions & { summary: string } {
  const { taskQueue, timeoutMs = 60_000, heartbeatMs, input } = tool;
  const maximumAttempts = tool.maxAttempts ?? (input === undefined ? undefined : TYPED_ATTEMPTS);
  return {
    ...summarized(`[${tool.name}] ${step}`),
    taskQueue,
    startToCloseTimeout: timeoutMs,
    heartbeatTimeout: heartbeatMs,
    ...(maximumAttempts === undefined ? {} : { retry: { ...retryPolicy(retry), maximumAttempts } }),
  };
}

/** A tool with arguments may fail without ending its solution: the action generator is told, and can go another way. */
function outcomeOf(error: unknown, tool: CustomTool): CustomOutcome {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  if (isTooLarge(error)) return { failed: tooLarge(tool).message };
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return { failed: `it gave no answer within its time (${cause.message})` };
  const message = cause?.message ?? error.message;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  if (type === 'ToolArgumentsInvalid') return { rejected: message };
  return type === 'ToolFailed' ? { failed: message, correctable: true } : { failed: message };
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
