/** Tells who runs workers of calls that fail: solutions wait for a model that is away, and their askers may be elsewhere. */
import type { LogMetadata } from '@temporalio/worker';
import { doing } from '../../calls-in-flight';
import { warnOnce } from './warn-once';
import type { Terminal } from './terminal';

/** The SDK's line about an attempt of an activity that failed. */
export const FAILED = 'Activity failed';
/** The same failure is told again after so long. */
const AGAIN_MS = 60_000;

/** @returns takes what the SDK tells of a failed attempt */
export function tellFailedCalls(terminal: Terminal): (meta: LogMetadata | undefined) => void {
  let warn = warnOnce(terminal);
  let since = Date.now();
  return ({ activityType, error } = {}) => {
    if (!(error instanceof Error)) return;
    if (Date.now() - since >= AGAIN_MS) [warn, since] = [warnOnce(terminal), Date.now()];
    const isOver = 'nonRetryable' in error && error.nonRetryable === true;
    warn(`${doing(String(activityType))}: ${error.message.replace(/\.?$/, '.')}${isOver ? '' : ' It is tried again.'}`);
  };
}
