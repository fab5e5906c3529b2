/**
 * A pool of slots. Each is opened when needed and lent to one caller at a time, in order of asking. If a further one cannot be opened, for
 * instance for want of memory, those that are open serve all.
 */

export class SlotPool<Slot> {
  private readonly idle: Slot[] = [];
  private readonly waiting: ((slot: Slot) => void)[] = [];
  private opened = 0;
  /** Those of `opened` that are not just being opened. */
  private ready = 0;

  constructor(
    private readonly open: () => Promise<Slot>,
    private size: number,
  ) {}

  /** Rejects with the signal's reason if it aborts first; the next caller then gets the slot. */
  async acquire(signal?: AbortSignal): Promise<Slot> {
    signal?.throwIfAborted();
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.opened < this.size) {
      this.opened += 1;
      try {
        const slot = await this.open();
        this.ready += 1;
        return slot;
      } catch (error) {
        this.opened -= 1;
        if (this.ready === 0) throw error;
        this.size = this.ready;
        return this.acquire(signal);
      }
    }
    return new Promise<Slot>((resolve, reject) => {
      const take = (slot: Slot) => {
        signal?.removeEventListener('abort', giveUp);
        resolve(slot);
      };
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(take), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(take);
    });
  }

  release(slot: Slot): void {
    const next = this.waiting.shift();
    if (next) next(slot);
    else this.idle.push(slot);
  }
}
