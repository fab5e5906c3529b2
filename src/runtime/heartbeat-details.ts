/**
 * Heartbeats of long work that carry how far it is: what the Temporal UI and a live bar show.
 *
 * @module
 */
import { cancellationSignal, Context, heartbeat } from '@temporalio/activity';

const BEATS = 3;
const LONGEST_PAUSE_MS = 1000;

/**
 * Runs work under a heartbeat timer that repeats the last details. Unlike a model call, work is given the time to end its child
 * process when it is cancelled.
 */
export async function withHeartbeatOf<Details, Result>(
  first: Details,
  work: (signal: AbortSignal, report: (details: Details) => void) => Promise<Result>,
): Promise<Result> {
  let details = first;
  const { heartbeatTimeoutMs } = Context.current().info;
  heartbeat(details);
  const timer = setInterval(
    () => heartbeat(details),
    Math.min((heartbeatTimeoutMs ?? Infinity) / BEATS, LONGEST_PAUSE_MS),
  );
  try {
    return await work(cancellationSignal(), (now) => {
      details = now;
    });
  } finally {
    clearInterval(timer);
  }
}
