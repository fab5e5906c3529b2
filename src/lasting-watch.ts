/** Watching a solution to its end, over the death of workers and of the Temporal server. */
import type { SolutionHandle } from './solution-handle';
import { pause } from './process/abort';
import type { SolutionProgress } from './trajectory/step';

export interface LastingWatchOptions {
  /** Milliseconds between looks. @default 250 */
  intervalMs?: number;
  signal?: AbortSignal;
  /** Milliseconds that the Temporal server may be away. A missing worker is waited for without a limit. @default 60000 */
  patienceMs?: number;
}

/** Milliseconds after a look that nobody answered. */
const AGAIN_MS = 1000;

/**
 * Yields the trajectory at each look, and a last time when the solution has ended. While no worker answers, it waits.
 *
 * @throws WorkflowFailedError after the last step, when a call failed for good; WorkflowNotFoundError; the connection's error when the
 * server stays away
 */
export async function* lastingWatch(
  handle: SolutionHandle,
  { intervalMs = 250, signal, patienceMs = 60_000 }: LastingWatchOptions = {},
): AsyncGenerator<SolutionProgress> {
  let awaySince: number | undefined;
  while (!signal?.aborted) {
    const lookedAt = Date.now();
    let status: string | undefined;
    try {
      status = (await handle.workflow.describe()).status.name;
      awaySince = undefined;
      // What has ended well is its own result, and asks no worker.
      if (status === 'COMPLETED') return void (yield await handle.result());
      if (status !== 'RUNNING') {
        const known = await handle.progressAtEnd();
        if (known) yield known;
        if (known?.stopReason !== undefined) return;
      } else
        for await (const known of handle.watch({ intervalMs, signal, changes: true })) {
          yield known;
          if (known.stopReason !== undefined) return;
        }
    } catch (error) {
      if (signal?.aborted) return;
      if (status === undefined && !isServerAway(error)) throw error;
      if (status === undefined) {
        awaySince ??= lookedAt;
        if (Date.now() - awaySince > patienceMs) throw error;
      }
      await pause(Math.max(intervalMs, AGAIN_MS), signal);
    }
    if (status !== undefined && status !== 'RUNNING' && !signal?.aborted) return void (await handle.result());
  }
}

/** Of gRPC: UNAVAILABLE, DEADLINE_EXCEEDED. */
const AWAY: readonly unknown[] = [14, 4];

/** Whether a call failed because no Temporal server answered it, as opposed to an answer that is an error. */
export function isServerAway(error: unknown): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause)
    if (AWAY.includes((inner as { code?: unknown }).code)) return true;
  return false;
}
