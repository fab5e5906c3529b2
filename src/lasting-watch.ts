/** Watching a solution to its end, over the death of workers and of the Temporal server. */
import type { SolutionHandle } from './solution-handle';
import { pause } from './process/abort';
import type { SolutionProgress } from './trajectory/step';
import { WorkflowStuckError } from './workflow-trouble';
import { failedWith, GRPC } from './temporal-server/grpc-status';

export interface LastingWatchOptions {
  /** Milliseconds between looks; the first come sooner, so that a first step shows at once. @default 250 */
  intervalMs?: number;
  signal?: AbortSignal;
  /** Milliseconds that the Temporal server may be away. A missing worker is waited for without a limit. @default 60000 */
  patienceMs?: number;
  /** Told of each look that failed and is made again: no worker answers, or the server is away. */
  onWait?: (error: unknown) => void;
}

/** Milliseconds after a look that nobody answered. */
const AGAIN_MS = 1000;
/** Milliseconds until the second look; each next one waits half as long again. */
const FIRST_INTERVAL = 50;

/**
 * Yields the trajectory at each look, and a last time when the solution has ended. While no worker answers, it waits.
 *
 * @param options `untilStuck`: throws WorkflowStuckError where the workflow code fails, instead of waiting for a worker with better code
 * @throws WorkflowFailedError after the last step, when a call failed for good; WorkflowNotFoundError; the connection's error when the
 * server stays away
 */
export async function* lastingWatch(
  handle: SolutionHandle,
  options: LastingWatchOptions & { untilStuck?: boolean } = {},
): AsyncGenerator<SolutionProgress> {
  const { intervalMs = 250, signal, patienceMs = 60_000, onWait, untilStuck = false } = options;
  const { client } = handle.workflow;
  /** Ends a look with the signal; a query that no worker answers would last half a minute. */
  const look = <T>(work: () => Promise<T>) => (signal ? client.withAbortSignal(signal, work) : work());
  let awaySince: number | undefined;
  while (!signal?.aborted) {
    const lookedAt = Date.now();
    let status: string | undefined;
    try {
      status = (await look(() => handle.workflow.describe())).status.name;
      awaySince = undefined;
      // What has ended well is its own result, and asks no worker.
      if (status === 'COMPLETED') return void (yield await look(() => handle.result()));
      if (status !== 'RUNNING') {
        const known = await look(() => handle.progressAtEnd());
        if (known) yield known;
        if (known?.stopReason !== undefined) return;
      } else
        for await (const known of looks(handle, { intervalMs, signal, look })) {
          yield known;
          if (known.stopReason !== undefined) return;
        }
    } catch (error) {
      if (signal?.aborted) return;
      if (status === undefined ? !isServerAway(error) : untilStuck && error instanceof WorkflowStuckError) throw error;
      if (status === undefined) {
        awaySince ??= lookedAt;
        if (Date.now() - awaySince > patienceMs) throw error;
      }
      onWait?.(error);
      await pause(Math.max(intervalMs, AGAIN_MS), signal);
    }
    if (status !== undefined && status !== 'RUNNING' && !signal?.aborted) return void (await handle.result());
  }
}

interface Looking {
  intervalMs: number;
  signal: AbortSignal | undefined;
  look<T>(work: () => Promise<T>): Promise<T>;
}

/** The trajectory at each look, until the solution has ended or a look fails. */
async function* looks(handle: SolutionHandle, { intervalMs, signal, look }: Looking): AsyncGenerator<SolutionProgress> {
  let ended = false;
  let interval = Math.min(FIRST_INTERVAL, intervalMs);
  const over = new AbortController();
  const end = handle.workflow.client
    .withAbortSignal(over.signal, () => handle.result())
    .then(
      () => (ended = true),
      () => (ended = true),
    );
  try {
    while (!signal?.aborted) {
      const last = ended;
      const progress = await look(() => handle.progress());
      if (progress) yield progress;
      if (last || progress?.stopReason !== undefined) return;
      await Promise.race([end, pause(interval, signal)]);
      interval = Math.min(interval * 1.5, intervalMs);
    }
  } finally {
    // Else the wait for the end would stay open at the server, one more with each look that failed.
    over.abort();
  }
}

/** Whether a call failed because no Temporal server answered it, as opposed to an answer that is an error. */
export function isServerAway(error: unknown): boolean {
  return failedWith(error, GRPC.UNAVAILABLE, GRPC.DEADLINE_EXCEEDED);
}
