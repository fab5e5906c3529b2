/**
 * A journal of calls inside one activity: each finished call is recorded before the next begins, so that a killed worker repeats only
 * the call in flight; a retry replays the record. With `journal: server` it is recorded at the server, as the activity's heartbeat details;
 * with `journal: file` in a file of this host, and at the server with each beat.
 *
 * @module
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ActivityCancelledError } from '@temporalio/client';
import { payloadBytes } from '../trajectory/bound-trajectory';
import type { JournalFolder } from './journal-folder';

/** Beats keep the activity alive, and bring the news of a cancellation where its workflow is on another worker. */
const BEATS = 3;
/** Milliseconds in which a heartbeat of the SDK has surely been sent. */
const SETTLE_MS = 100;

export interface Journal {
  /** Bytes of the results so far, which travel together with each heartbeat. */
  readonly bytes: number;
  /** Aborts when the activity is cancelled, has timed out, or its worker shuts down. */
  readonly signal: AbortSignal;
  /** The server or the workflow said that the activity is cancelled, as opposed to a worker that shuts down. */
  readonly cancelled: boolean;
  /**
   * The recorded result when there is one, otherwise the result of `call`, recorded before it is returned. A record of another call, which
   * an older version of the loop has made in this place, is given up with all behind it.
   */
  record<Result>(name: string, call: () => Promise<Result>): Promise<Result>;
  /** @param failure why the activity ends, when it fails */
  close(failure?: unknown): Promise<void>;
}

/** Where results are recorded. */
interface Recorder {
  readonly entries: unknown[];
  /** The last of `entries` is recorded when it resolves. */
  keep(): Promise<void>;
  /** Gives the entries from this one on up; before anything is kept. */
  forget(from: number): void;
  beat(): void;
  close(failure: unknown): Promise<void>;
}

/**
 * @param abandoned aborts when the workflow, on this same worker, waits no longer
 * @param files where the journals lie with `journal: file`; undefined with `journal: server`
 */
export async function openJournal(
  abandoned: AbortSignal | undefined,
  files: JournalFolder | undefined,
): Promise<Journal> {
  // Kept: an abort is told outside of the activity's asynchronous context.
  const context = Context.current();
  const { info, cancellationSignal } = context;
  const abort = new AbortController();
  let cancelled = false;
  const cancel = (reason: unknown) => {
    cancelled = true;
    abort.abort(reason);
  };
  const recorder = files ? await fileRecorder(files, cancel) : serverRecorder(knownToServer(), cancel);
  const heard = () =>
    context.cancellationDetails?.cancelRequested
      ? cancel(cancellationSignal.reason)
      : abort.abort(cancellationSignal.reason);
  if (cancellationSignal.aborted) heard();
  else cancellationSignal.addEventListener('abort', heard, { once: true });
  if (abandoned?.aborted) cancel(abandoned.reason);
  abandoned?.addEventListener('abort', () => cancel(abandoned.reason), { once: true });
  const timer = setInterval(recorder.beat, (info.heartbeatTimeoutMs ?? 10_000) / BEATS);
  let replayed = 0;
  let bytes = 0;
  return {
    signal: abort.signal,
    get bytes() {
      return bytes;
    },
    get cancelled() {
      return cancelled;
    },
    async record<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
      const { entries } = recorder;
      const known = replayed < entries.length ? resultIn(entries[replayed], name) : undefined;
      if (known) {
        bytes += payloadBytes(known.result);
        replayed += 1;
        return known.result as Result;
      }
      recorder.forget(replayed);
      const result = await call();
      bytes += payloadBytes(result);
      entries.push([name, result]);
      replayed = entries.length;
      await recorder.keep();
      return result;
    },
    close: async (failure) => {
      clearInterval(timer);
      await recorder.close(failure);
    },
  };
}

/** Name and result. An older version kept the result alone, which is taken by its place. */
function resultIn(entry: unknown, name: string): { result: unknown } | undefined {
  if (!Array.isArray(entry)) return { result: entry };
  return entry[0] === name ? { result: entry[1] } : undefined;
}

const knownToServer = () => [...((Context.current().info.heartbeatDetails as unknown[] | undefined) ?? [])];

/**
 * Heartbeats go to the server directly, one after the other: the SDK's own are throttled and sent in the background, too late for
 * a record that must precede the next call. But the SDK's core gives an activity up whose heartbeats it has not sent itself for the
 * heartbeat timeout and five seconds, so some beats are the SDK's. When those arrive is not told: what they carry may be older than a
 * record, so records wait a moment after them, and a direct beat puts the latest on top.
 */
function serverRecorder(entries: unknown[], cancel: (reason: unknown) => void): Recorder {
  const context = Context.current();
  const { info, client } = context;
  let sending: Promise<void> = Promise.resolve();
  let beats = 0;
  const send = async () => {
    try {
      await client.activity.heartbeat(info.taskToken, entries);
    } catch (error) {
      if (!(error instanceof ActivityCancelledError)) throw error;
      cancel(error);
    }
  };
  const after = (next: () => Promise<void>) => (sending = sending.catch(() => undefined).then(next));
  const beatBySdk = async () => {
    context.heartbeat(entries);
    await new Promise((settled) => setTimeout(settled, SETTLE_MS));
    await send();
  };
  return {
    entries,
    keep: () => after(send),
    forget: (from) => void entries.splice(from),
    beat: () => {
      beats += 1;
      after(beats % 2 === 0 ? beatBySdk : send).catch(() => undefined);
    },
    close: async (failure) => {
      // The SDK reports a failure with the details that it was last given.
      if (failure !== undefined && beats > 1) context.heartbeat(entries);
    },
  };
}

/** The server hears of the results with each beat, in the background: what a worker on another host goes on from. */
async function fileRecorder(files: JournalFolder, cancel: (reason: unknown) => void): Promise<Recorder> {
  const context = Context.current();
  const { namespace, workflowExecution, activityId, attempt } = context.info;
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const file = await files.openFile({ namespace, workflowId, runId, activityId }, attempt, knownToServer());
  const entries = [...file.entries];
  const atServer = serverRecorder(entries, cancel);
  let full = false;
  const beat = () => context.heartbeat(entries);
  return {
    entries,
    beat,
    forget: (from) => {
      entries.splice(from);
      file.forget(from);
    },
    keep: async () => {
      try {
        if (!full) return await file.append(entries.at(-1));
      } catch (error) {
        context.log.warn(
          `A journal cannot be written (${(error as Error).message}); this activity records at the server.`,
        );
        full = true;
      }
      await atServer.keep();
    },
    close: async (failure) => {
      const final = failure === undefined || (failure instanceof ApplicationFailure && failure.nonRetryable === true);
      // The next attempt may be another host's, and the SDK sends what it holds back before it reports the failure.
      if (!final) beat();
      await file.close(!final);
    },
  };
}
