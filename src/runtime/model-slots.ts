/** Activity slots that follow a model server: as many calls as it batches without queueing, learnt from its metrics. */
import type { ActivitySlotInfo, CustomSlotSupplier } from '@temporalio/worker';
import { readServerLoad, type ServerLoad } from '../models/server-load';

export interface ModelSlotsOptions {
  /** Address of the server's metrics. */
  url: string;
  /** Slots until the server's metrics are known. */
  initial: number;
  /** @default 1024, the most that vLLM batches by default */
  most?: number;
  /** Milliseconds between two looks. @default 1000 */
  everyMs?: number;
  /** @default reads {@link ModelSlotsOptions.url} */
  read?: (signal: AbortSignal) => Promise<ServerLoad>;
  onNotice?: (message: string) => void;
}

/** Cache use above which a server may preempt running calls, so that more calls would slow it down. */
const CACHE_FULL = 0.95;
/** Growth of the slots at each look while all are taken. */
const GROWTH = 1.25;

interface Waiter {
  grant(): void;
}

/**
 * A slot supplier. Its limit falls by the number of calls that wait at the server in two consecutive looks (one alone may be a burst), and
 * grows while nothing waits, the cache has room and every slot is taken. At least one slot remains.
 */
export class ModelSlots implements CustomSlotSupplier<ActivitySlotInfo> {
  readonly type = 'custom';
  private readonly waiters: Waiter[] = [];
  private readonly stopped = new AbortController();
  private limit: number;
  private taken = 0;
  private waitingBefore = 0;
  private timer: NodeJS.Timeout | undefined;
  private isDeaf = false;

  constructor(private readonly options: ModelSlotsOptions) {
    this.limit = options.initial;
  }

  /** The current limit. */
  get size(): number {
    return this.limit;
  }

  reserveSlot(_context: unknown, signal: AbortSignal): Promise<object> {
    this.timer ??= setInterval(() => void this.look(), this.options.everyMs ?? 1000).unref();
    return new Promise((resolve, reject) => {
      const give = () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(new DOMException('The slot is no longer wanted.', 'AbortError'));
      };
      const waiter = {
        grant: () => {
          signal.removeEventListener('abort', give);
          resolve({});
        },
      };
      signal.addEventListener('abort', give, { once: true });
      this.waiters.push(waiter);
      if (signal.aborted) give();
      this.hand();
    });
  }

  tryReserveSlot(): object | null {
    if (this.taken >= this.limit) return null;
    this.taken += 1;
    return {};
  }

  markSlotUsed(): void {
    // A reserved slot counts as taken, because its poll may return a call at any time.
  }

  releaseSlot(): void {
    this.taken -= 1;
    this.hand();
  }

  /** Stops looking; calls in flight keep their slots. */
  stop(): void {
    clearInterval(this.timer);
    this.stopped.abort();
  }

  /** Reads the metrics once. */
  async look(): Promise<void> {
    const { url, most = 1024, onNotice = () => undefined } = this.options;
    const read = this.options.read ?? ((signal) => readServerLoad(url, signal));
    let load: ServerLoad;
    try {
      load = await read(this.stopped.signal);
    } catch (error) {
      if (!this.isDeaf && !this.stopped.signal.aborted)
        onNotice(
          `concurrency: auto cannot see how busy the model server is (${(error as Error).message}); it stays at ${this.limit} calls at a time.`,
        );
      this.isDeaf = true;
      return;
    }
    this.isDeaf = false;
    const excess = Math.min(load.waiting, this.waitingBefore);
    this.waitingBefore = load.waiting;
    if (excess > 0) this.limit = Math.max(1, Math.min(this.limit, this.taken) - excess);
    else if (load.waiting === 0 && load.cache < CACHE_FULL && this.taken >= this.limit)
      this.limit = Math.min(most, Math.ceil(this.limit * GROWTH));
    this.hand();
  }

  private hand(): void {
    while (this.taken < this.limit) {
      const next = this.waiters.shift();
      if (!next) return;
      this.taken += 1;
      next.grant();
    }
  }
}
