/**
 * Watching a solution through the death of a worker: while none tells the steps, the watcher waits.
 *
 * @module
 */
import type { SolutionHandle } from '../client';
import { pause } from '../process/abort';
import type { SolutionProgress } from '../trajectory/step';

/** Milliseconds after a question that nobody answered. */
const AGAIN_MS = 1000;

/** As `SolutionHandle.watch`, but a query that fails is asked again as long as the solution runs. */
export async function* steadyWatch(handle: SolutionHandle, signal: AbortSignal): AsyncGenerator<SolutionProgress> {
  let ended = false;
  const end = handle.result().then(
    () => (ended = true),
    () => (ended = true),
  );
  while (!signal.aborted) {
    try {
      yield* handle.watch({ signal });
      return;
    } catch (error) {
      if (ended) throw error;
      await Promise.race([end, pause(AGAIN_MS, signal)]);
    }
  }
}
