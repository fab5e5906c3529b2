/**
 * Liveness and cancellation of every activity that waits for something outside.
 *
 * @module
 */
import { cancelled, cancellationSignal, Context, heartbeat } from '@temporalio/activity';

/** Beats per heartbeat timeout. */
const BEATS = 3;
/** Where a cancellation is heard of with the answer to a beat only: a cancelled call should free its slot within a second. */
const LONGEST_PAUSE_MS = 700;

/**
 * Runs a call under a heartbeat timer; its signal aborts when the activity is cancelled, timed out, let go by its workflow, or the
 * worker shuts down. The first beat comes after one pause, so that short calls send none.
 *
 * @param abandoned aborts when the workflow, on this same worker, waits no longer
 */
export async function withHeartbeat<T>(call: (signal: AbortSignal) => Promise<T>, abandoned?: AbortSignal): Promise<T> {
  const { heartbeatTimeoutMs } = Context.current().info;
  const longest = abandoned ? Infinity : LONGEST_PAUSE_MS;
  const timer = heartbeatTimeoutMs
    ? setInterval(() => heartbeat(), Math.min(heartbeatTimeoutMs / BEATS, longest))
    : undefined;
  const signal = abandoned ? AbortSignal.any([cancellationSignal(), abandoned]) : cancellationSignal();
  try {
    return await Promise.race([call(signal), cancelled()]);
  } finally {
    clearInterval(timer);
  }
}
