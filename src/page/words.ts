/** Numbers and states in words. */
import type { SolutionStatus, SolutionView } from '../endpoint/page-contract';
import type { Decision, Usage } from '../trajectory/step';

export const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;

/** What models consumed, in a few words each. */
export function spent({ calls, inputTokens, outputTokens, cachedTokens, money }: Usage): string[] {
  return [
    `${calls} model ${calls === 1 ? 'call' : 'calls'}`,
    `${inputTokens.toLocaleString()} tokens in${cachedTokens ? `, ${cachedTokens.toLocaleString()} from the cache` : ''}`,
    `${outputTokens.toLocaleString()} out`,
    ...(money === undefined ? [] : [`cost ${money.toFixed(4)}`]),
  ];
}

export const STATUS: Record<SolutionStatus, { text: string; tone: string }> = {
  running: { text: 'running', tone: 'at-work' },
  completed: { text: 'completed', tone: 'good' },
  failed: { text: 'failed', tone: 'bad' },
  cancelled: { text: 'cancelled', tone: 'warn' },
  terminated: { text: 'terminated', tone: 'bad' },
  timed_out: { text: 'timed out', tone: 'bad' },
};

/** A moment, in ISO 8601 or milliseconds since 1970, as the reader's own clock shows it. */
export const when = (moment: string | number) => new Date(moment).toLocaleString();

export const lasted = ({ startedAt, closedAt }: SolutionView) =>
  closedAt === undefined ? undefined : seconds(Date.parse(closedAt) - Date.parse(startedAt));

/** Why it ended, where that needs saying. */
export function endOf({ stopReason, partial, answer }: SolutionView): string | undefined {
  if (stopReason === undefined || stopReason === 'finished') return undefined;
  return `Stopped: ${stopReason}${partial && answer ? '; this is the best result so far' : ''}.`;
}

/** What a person did to a step, and why. */
export const decided = ({ kind, by, byDeadline, reason }: Decision) =>
  `${kind} by ${byDeadline ? 'the deadline' : (by ?? 'somebody')}${reason === undefined ? '' : `: ${reason}`}`;
