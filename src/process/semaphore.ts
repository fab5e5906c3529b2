/**
 * So many at a time; who waits may leave.
 *
 * @module
 */

export class Semaphore {
  private inside = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly places: number) {}

  /** @returns what to call on leaving @throws the signal's reason */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.inside >= this.places)
      await new Promise<void>((resolve, reject) => {
        const abort = () => {
          this.waiting.delete(go);
          reject(signal?.reason);
        };
        const go = () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        this.waiting.add(go);
        signal?.addEventListener('abort', abort, { once: true });
      });
    else this.inside += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const [next] = this.waiting;
      if (!next) {
        this.inside -= 1;
        return;
      }
      this.waiting.delete(next);
      next();
    };
  }
}

/** What `work` comes to, unless the signal comes first; the work itself goes on for others. @throws the signal's reason */
export function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
