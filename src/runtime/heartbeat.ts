/** Heartbeats and cancellation of activities that wait for something. */
import { cancelled, cancellationSignal, Context, heartbeat } from '@temporalio/activity';
import { PARTIAL_MS, PartialSink, withPartialSink } from './partial-text';

/** Beats per heartbeat timeout. */
const BEATS = 3;
/** Longest pause in milliseconds: an activity learns of its cancellation by the answer to a beat, and should free its slot within a second. */
const LONGEST_PAUSE_MS = 700;

/**
 * Runs a call with heartbeats. Its signal aborts when the activity is cancelled, times out or is abandoned, or the worker shuts down. The
 * first beat comes after one pause, so that short calls send none.
 *
 * @param abandoned aborts when the workflow, on this same worker, waits no longer
 * @param tokens whether the beats carry the text that a model writes
 */
export async function withHeartbeat<T>(
  call: (signal: AbortSignal) => Promise<T>,
  abandoned?: AbortSignal,
  tokens = false,
): Promise<T> {
  const signal = abandoned ? AbortSignal.any([cancellationSignal(), abandoned]) : cancellationSignal();
  const sink = tokens ? new PartialSink(Context.current().info.attempt) : undefined;
  const stop = beat(abandoned ? Infinity : LONGEST_PAUSE_MS, () => sink?.detail());
  const tell = sink && setInterval(() => sink.hasNews() && heartbeat(sink.detail()), PARTIAL_MS);
  try {
    return await Promise.race([withPartialSink(sink, () => call(signal)), cancelled()]);
  } finally {
    stop();
    clearInterval(tell);
  }
}

/**
 * Runs long work with heartbeats that carry its progress, for the Temporal UI and progress bars. The first beat comes at once. Unlike a
 * model call, cancelled work gets time to end its child process.
 */
export async function withProgress<Progress, Result>(
  first: Progress,
  work: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  let progress = first;
  heartbeat(progress);
  const stop = beat(LONGEST_PAUSE_MS, () => progress);
  try {
    return await work(cancellationSignal(), (now) => (progress = now));
  } finally {
    stop();
  }
}

/** @returns the function that stops the beats */
function beat(longestMs: number, progress: () => unknown): () => void {
  const { heartbeatTimeoutMs } = Context.current().info;
  if (!heartbeatTimeoutMs) return () => undefined;
  const timer = setInterval(() => heartbeat(progress()), Math.min(heartbeatTimeoutMs / BEATS, longestMs));
  return () => clearInterval(timer);
}
