/** Warm children of one kind. Each program takes one, and another is started. */
import { createFailure } from '../failures';
import type { Child } from './child';
import { reasonIn } from './last-words';
import { availableMb } from './usage';

export interface PoolOptions {
  spares: number;
  /** MiB that a spare needs. Without twice as much available memory no spare is kept. */
  spareMb: number;
  start: () => Child;
  onNotice: (message: string) => void;
  /** What the children run, for messages. */
  name: string;
}

/** Milliseconds before a spare that ended by itself is replaced, doubled with each one in a row. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 60_000;
const TRIES = 3;

export class Pool {
  private readonly idle: Child[] = [];
  private readonly living = new Set<Child>();
  private closed = false;
  private failures = 0;
  private refillTimer: NodeJS.Timeout | undefined;
  private toldOfRoom = false;

  constructor(private readonly options: PoolOptions) {}

  /** A child that is ready. @throws SandboxUnavailable */
  async take(signal?: AbortSignal): Promise<Child> {
    let words = '';
    for (let tries = 0; tries < TRIES; tries += 1) {
      signal?.throwIfAborted();
      if (this.closed) throw createFailure('SandboxUnavailable', 'The sandbox was closed.');
      const child = this.idle.shift() ?? this.start();
      child.keepsWorkerAlive(true);
      const abort = () => child.kill();
      signal?.addEventListener('abort', abort, { once: true });
      const ready = await child.ready;
      signal?.removeEventListener('abort', abort);
      if (ready && !child.ended) return child;
      words = child.lastWords;
    }
    signal?.throwIfAborted();
    const last = reasonIn(words);
    throw createFailure(
      'SandboxUnavailable',
      `${TRIES} sandbox processes for ${this.options.name} in a row ended before they were ready${last ? ` (${last})` : ''}.`,
    );
  }

  /** Starts missing spares while the machine has memory for them. */
  refill(): void {
    if (this.closed || this.refillTimer) return;
    while (this.idle.length < this.options.spares) {
      if (availableMb() < 2 * this.options.spareMb) {
        if (!this.toldOfRoom)
          this.options.onNotice(
            `No room for a warm spare for ${this.options.name} (${Math.round(availableMb())} MiB available, ${2 * this.options.spareMb} wanted): each program now starts its own process.`,
          );
        this.toldOfRoom = true;
        return;
      }
      this.toldOfRoom = false;
      const child = this.start();
      child.keepsWorkerAlive(false);
      this.idle.push(child);
      void child.ready.then((ready) => {
        if (ready) this.failures = 0;
      });
      void child.gone.then(() => this.lost(child));
    }
  }

  /** Ends the spares, which are not needed now. */
  dismiss(): void {
    for (const child of this.idle.splice(0)) child.kill();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.refillTimer);
    for (const child of this.living) {
      // Otherwise an idle process would end before its spares.
      child.keepsWorkerAlive(true);
      child.kill();
    }
    await Promise.all([...this.living].map((child) => child.gone));
  }

  private start(): Child {
    const child = this.options.start();
    this.living.add(child);
    void child.gone.then(() => this.living.delete(child));
    return child;
  }

  /** Replaces a spare that ended unused. The pause grows each time, so that a machine on which no child starts is not kept busy. */
  private lost(child: Child): void {
    const at = this.idle.indexOf(child);
    if (at < 0 || this.closed) return;
    this.idle.splice(at, 1);
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures);
    this.failures += 1;
    this.refillTimer ??= setTimeout(() => {
      this.refillTimer = undefined;
      this.refill();
    }, pause);
    this.refillTimer.unref();
  }
}
