/**
 * A journal of calls inside one activity: each finished call is recorded at the server before the next begins, so that a killed
 * worker repeats only the call in flight. The record is the activity's heartbeat details; a retry replays it.
 *
 * @module
 */
import { Context } from '@temporalio/activity';
import { ActivityCancelledError } from '@temporalio/client';

/** Beats keep the activity alive, and bring the news of a cancellation where its workflow is on another worker. */
const BEATS = 3;

export interface Journal {
  /** Aborts when the activity is cancelled, has timed out, or its worker shuts down. */
  readonly signal: AbortSignal;
  /** The server or the workflow said that the activity is cancelled, as opposed to a worker that shuts down. */
  readonly cancelled: boolean;
  /** The recorded result when there is one, otherwise the result of `call`, recorded before it is returned. */
  record<Result>(call: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/**
 * Heartbeats go to the server directly, one after the other: the SDK's own are throttled and sent in the background, too late for
 * a record that must precede the next call.
 *
 * @param letGo aborts when the workflow, on this same worker, waits no longer
 */
export function openJournal(letGo: AbortSignal | undefined): Journal {
  const { info, client, cancellationSignal } = Context.current();
  const entries = [...((info.heartbeatDetails as unknown[] | undefined) ?? [])];
  const abort = new AbortController();
  cancellationSignal.addEventListener('abort', () => abort.abort(cancellationSignal.reason), { once: true });
  let replayed = 0;
  let cancelled = false;
  let sending: Promise<void> = Promise.resolve();
  const cancel = (reason: unknown) => {
    cancelled = true;
    abort.abort(reason);
  };
  letGo?.addEventListener('abort', () => cancel(letGo.reason), { once: true });
  const send = async () => {
    try {
      await client.activity.heartbeat(info.taskToken, entries);
    } catch (error) {
      if (!(error instanceof ActivityCancelledError)) throw error;
      cancel(error);
    }
  };
  const beat = () => (sending = sending.catch(() => undefined).then(send));
  const timer = setInterval(() => void beat().catch(() => undefined), (info.heartbeatTimeoutMs ?? 10_000) / BEATS);
  return {
    signal: abort.signal,
    get cancelled() {
      return cancelled;
    },
    async record<Result>(call: () => Promise<Result>): Promise<Result> {
      if (replayed < entries.length) return entries[replayed++] as Result;
      const result = await call();
      entries.push(result);
      replayed = entries.length;
      await beat();
      return result;
    },
    close: () => clearInterval(timer),
  };
}
