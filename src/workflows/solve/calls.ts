/**
 * How the solve workflow calls its activities: queue, timeouts, retries and the one-line summary that the Temporal UI shows.
 *
 * @module
 */
import {
  ActivityCancellationType,
  ActivityFailure,
  proxyActivities,
  type ActivityOptions,
  type ApplicationFailure,
} from '@temporalio/workflow';
import { createFailure } from '../../failures';
import { huskyActivities, huskyLocalActivities } from '../call-activities';
import type { HuskyActivities } from '../../activities/solve';
import type { Call, Calls } from '../../loop/calls';
import { oneLine } from '../../trajectory/bounded-text';
import type { Expert } from '../../trajectory/modules';
import type { AdvanceInput, AdvanceResult } from '../../contract/payloads';
import type { CustomTool, CustomToolInput, SolveProfile } from '../../contract/profile';

/** Characters of an activity's summary. */
const SUMMARY = 120;

/** The profile is the first thing recorded; a local activity costs one event and no round trip through a queue. */
export const { recordProfile } = huskyLocalActivities<Pick<HuskyActivities, 'recordProfile'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

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
  const options = (place: Expert | 'tool', timeout: number) => activityOptions(profile, place, timeout);
  const at = (place: Expert | 'tool', timeout: number) => {
    const activities = huskyActivities<Record<string, (input: unknown) => Promise<unknown>>>(options(place, timeout));
    return <Name extends Exclude<keyof Calls, 'custom'>>(name: Name) =>
      ((input: unknown, summary: string) =>
        activities[name]?.executeWithOptions({ summary: oneLine(summary, SUMMARY) }, [input])) as Calls[Name];
  };
  const custom = proxyActivities<Record<string, (input: CustomToolInput) => Promise<unknown>>>(
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
      const summary = oneLine(`[${tool.name}] ${input.step}`, SUMMARY);
      const options = { summary, taskQueue, startToCloseTimeout, heartbeatTimeout: undefined };
      return activity.executeWithOptions(options, [input]).catch((error: unknown) => {
        throw isTooLarge(error) ? tooLarge(tool) : error;
      });
    },
  };
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
  place: Expert | 'tool' | undefined,
  timeout: number,
): ActivityOptions {
  return {
    taskQueue: place && queues[place],
    startToCloseTimeout: timeout,
    heartbeatTimeout: timeouts.heartbeat,
    retry: {
      initialInterval: retry.initialMs,
      maximumInterval: retry.maximumMs,
      ...(retry.maximumAttempts > 0 ? { maximumAttempts: retry.maximumAttempts } : {}),
    },
  };
}
