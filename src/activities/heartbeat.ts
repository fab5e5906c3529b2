/**
 * Liveness and cancellation of every activity that waits for something outside.
 *
 * @module
 */
import { cancelled, cancellationSignal, Context, heartbeat } from '@temporalio/activity';

/** Beats per heartbeat timeout; cancellation reaches an activity with the answer to a beat. */
const BEATS = 3;
/** A cancelled call should free its slot within a second. */
const LONGEST_PAUSE_MS = 700;

/**
 * Runs a call under a heartbeat timer; its signal aborts when the activity is cancelled, timed out, or the worker shuts down.
 * The first beat comes after one pause, so that short calls send none.
 */
export async function withHeartbeat<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { heartbeatTimeoutMs } = Context.current().info;
  const timer = heartbeatTimeoutMs
    ? setInterval(() => heartbeat(), Math.min(heartbeatTimeoutMs / BEATS, LONGEST_PAUSE_MS))
    : undefined;
  try {
    return await Promise.race([call(cancellationSignal()), cancelled()]);
  } finally {
    clearInterval(timer);
  }
}
