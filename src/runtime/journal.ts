/**
 * A journal of the calls inside one activity. Each finished call is recorded before the next begins, so that a killed worker repeats only
 * the call in flight; a retry replays the record. `journal: server` records at the server, in heartbeat details; `journal: file` in a file
 * of this host, and at the server with each beat.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ActivityCancelledError } from '@temporalio/client';
import { payloadBytes } from '../trajectory/bound-trajectory';
import { withoutPartial } from '../contract/partial-text';
import type { JournalFolder } from './journal-folder';
import type { PartialSink } from './partial-text';

/** Pause between beats, which keep the activity alive and learn of a cancellation. */
const BEATS = 3;
/** Milliseconds within which the SDK has surely sent a heartbeat. */
const SETTLE_MS = 100;
/** Milliseconds between two texts, each a request to the server of its own. */
const TELL_MS = 500;
/** Bytes of records beside which a text is sent. */
const MOST_BESIDE_TEXT = 100_000;

export interface Journal {
  /** Bytes of the results so far, which travel together with each heartbeat. */
  readonly bytes: number;
  /** Aborts when the activity is cancelled, has timed out, or its worker shuts down. */
  readonly signal: AbortSignal;
  /** The server or the workflow has cancelled the activity, as opposed to a worker that shuts down. */
  readonly cancelled: boolean;
  /**
   * The recorded result if there is one, else the result of `call`, which is recorded first. If the record is of another call, by an older
   * version of the loop, it and all later records are dropped.
   *
   * @param beside names a sequence of calls that runs beside others; each sequence is matched by its own order
   */
  record<Result>(name: string, call: () => Promise<Result>, beside?: number): Promise<Result>;
  /** @param failure why the activity fails, if it does */
  close(failure?: unknown): Promise<void>;
}

/** What a model writes just now, behind the records in each beat. */
type Text = () => ReturnType<PartialSink['detail']> | [];

/** A place for records. */
interface Recorder {
  readonly entries: unknown[];
  /** The last of `entries` is recorded when it resolves. */
  keep(): Promise<void>;
  /** Drops the entries from this one on; called before anything is recorded. */
  forget(from: number): void;
  beat(): void;
  /** Sends the records now, for the text that is being written behind them. */
  tell(): void;
  close(failure: unknown): Promise<void>;
}

/**
 * @param abandoned aborts when the workflow, on this same worker, waits no longer
 * @param files where the journals lie with `journal: file`; undefined with `journal: server`
 * @param sink text that models write, for the beats to carry; undefined where nobody watches it
 */
export async function openJournal(
  abandoned: AbortSignal | undefined,
  files: JournalFolder | undefined,
  sink?: PartialSink,
): Promise<Journal> {
  // Saved here, because abort handlers run outside the activity's asynchronous context.
  const context = Context.current();
  const { info, cancellationSignal } = context;
  const abort = new AbortController();
  let cancelled = false;
  const cancel = (reason: unknown) => {
    cancelled = true;
    abort.abort(reason);
  };
  let bytes = 0;
  // The records travel with each text: a long journal is not sent for the sake of a few words.
  const text: Text = () => (sink && bytes < MOST_BESIDE_TEXT ? sink.detail() : []);
  const recorder = files ? await fileRecorder(files, cancel, text) : serverRecorder(knownToServer(), cancel, text);
  const heard = () =>
    context.cancellationDetails?.cancelRequested
      ? cancel(cancellationSignal.reason)
      : abort.abort(cancellationSignal.reason);
  if (cancellationSignal.aborted) heard();
  else cancellationSignal.addEventListener('abort', heard, { once: true });
  if (abandoned?.aborted) cancel(abandoned.reason);
  abandoned?.addEventListener('abort', () => cancel(abandoned.reason), { once: true });
  const timer = setInterval(recorder.beat, (info.heartbeatTimeoutMs ?? 10_000) / BEATS);
  const teller = sink && setInterval(() => bytes < MOST_BESIDE_TEXT && sink.hasNews() && recorder.tell(), TELL_MS);
  /** Entries that are known not to be needed again: replayed, or recorded just now. */
  const done = new Set<number>();
  let anew = false;
  /** The next entry of a sequence of calls; of the main one, the next of all. */
  const next = (beside: number | undefined) =>
    recorder.entries.findIndex((entry, at) => !done.has(at) && (beside === undefined || sequenceOf(entry) === beside));
  return {
    signal: abort.signal,
    get bytes() {
      return bytes;
    },
    get cancelled() {
      return cancelled;
    },
    async record<Result>(name: string, call: () => Promise<Result>, beside?: number): Promise<Result> {
      const { entries } = recorder;
      const at = next(beside);
      const recorded = at < 0 ? undefined : resultIn(entries[at], name, beside);
      if (recorded) {
        bytes += payloadBytes(recorded.result);
        done.add(at);
        return recorded.result as Result;
      }
      // Calls that run beside this one may have records yet, which are looked for when their turn comes.
      if (at >= 0 && beside === undefined && !anew) recorder.forget(at);
      const result = await call();
      bytes += payloadBytes(result);
      anew = true;
      done.add(entries.push(beside === undefined ? [name, result] : [name, result, beside]) - 1);
      await recorder.keep();
      return result;
    },
    close: async (failure) => {
      clearInterval(timer);
      clearInterval(teller);
      await recorder.close(failure);
    },
  };
}

/** Name and result. An older version recorded only results, which are matched by their order. */
function resultIn(entry: unknown, name: string, beside?: number): { result: unknown } | undefined {
  if (!Array.isArray(entry)) return { result: entry };
  return entry[0] === name && sequenceOf(entry) === beside ? { result: entry[1] } : undefined;
}

const sequenceOf = (entry: unknown): unknown => (Array.isArray(entry) ? entry[2] : undefined);

const knownToServer = () => withoutPartial((Context.current().info.heartbeatDetails as unknown[] | undefined) ?? []);

/**
 * Sends heartbeats to the server directly, one after the other, because the SDK throttles its own, which would be too late for a record
 * that must precede the next call. But the SDK's core gives up an activity if it has sent no heartbeat itself for the heartbeat timeout
 * plus five seconds, so some beats are the SDK's. It is unknown when those arrive, and they may carry older records. So records wait a
 * moment after them, and a direct beat then sends the latest.
 */
function serverRecorder(entries: unknown[], cancel: (reason: unknown) => void, text: Text): Recorder {
  const context = Context.current();
  const { info, client } = context;
  let sending: Promise<void> = Promise.resolve();
  let beats = 0;
  let telling = false;
  const send = async () => {
    try {
      await client.activity.heartbeat(info.taskToken, [...entries, ...text()]);
    } catch (error) {
      if (!(error instanceof ActivityCancelledError)) throw error;
      cancel(error);
    }
  };
  const after = (next: () => Promise<void>) => (sending = sending.catch(() => undefined).then(next));
  const beatBySdk = async () => {
    context.heartbeat([...entries, ...text()]);
    await new Promise((settled) => setTimeout(settled, SETTLE_MS));
    await send();
  };
  return {
    entries,
    keep: () => after(send),
    tell: () => {
      if (telling) return;
      telling = true;
      after(send)
        .catch(() => undefined)
        .finally(() => (telling = false));
    },
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

/** Sends the results to the server with each beat, in the background, so that a worker on another host can continue from them. */
async function fileRecorder(files: JournalFolder, cancel: (reason: unknown) => void, text: Text): Promise<Recorder> {
  const context = Context.current();
  const { namespace, workflowExecution, activityId, attempt } = context.info;
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const file = await files.openFile({ namespace, workflowId, runId, activityId }, attempt, knownToServer());
  const entries = [...file.entries];
  const atServer = serverRecorder(entries, cancel, text);
  let full = false;
  let writing: Promise<void> = Promise.resolve();
  const beat = () => context.heartbeat([...entries, ...text()]);
  const write = async (entry: unknown) => {
    try {
      if (!full) return await file.append(entry);
    } catch (error) {
      context.log.warn(
        `A journal cannot be written (${(error as Error).message}); this activity records at the server.`,
      );
      full = true;
    }
    await atServer.keep();
  };
  return {
    entries,
    beat,
    tell: beat,
    forget: (from) => {
      entries.splice(from);
      file.forget(from);
    },
    keep: () => {
      const entry = entries.at(-1);
      return (writing = writing.catch(() => undefined).then(() => write(entry)));
    },
    close: async (failure) => {
      const final = failure === undefined || (failure instanceof ApplicationFailure && failure.nonRetryable === true);
      // The next attempt may be on another host. The SDK sends this beat before it reports the failure.
      if (!final) beat();
      await file.close(!final);
    },
  };
}
