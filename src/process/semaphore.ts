/** Limits how many calls run at once. A caller that waits can give up through its signal. */

export class Semaphore {
  private inside = 0;
  private readonly waiting = new Set<() => void>();

  /** @param limit calls that may run at once */
  constructor(private readonly limit: number) {}

  /** Waits until the call may run. @returns the function to call when it has ended @throws the signal's reason */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.inside >= this.limit)
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
