/** Where the models of one activity put what they have written so far. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { MAX_PARTIAL, partialDetail, type PartialText } from '../contract/partial-text';
import type { OnText } from '../models/model';
import type { ModuleName } from '../trajectory/modules';

/** Milliseconds between two looks at a growing text; the SDK sends a heartbeat every 500 ms at most (worker.ts). */
export const PARTIAL_MS = 250;

export class PartialSink {
  private read: (() => string) | undefined;
  private place: Pick<PartialText, 'index' | 'module'> | undefined;
  private told = '[]';

  /** @param attempt of the activity, from 1 */
  constructor(private readonly attempt: number) {}

  /**
   * A call begins, and of several at once only the newest is told.
   *
   * @param index of its step by the history, which is that of the first one for steps that run beside each other; see {@link atStep}
   * @returns what its model is to call with its text
   */
  begin(module: ModuleName, index: number): OnText {
    const place = { index: besides.getStore() ?? index, module };
    this.read = undefined;
    this.place = place;
    return (read) => {
      if (this.place === place) this.read = read;
    };
  }

  /** As the last entry of heartbeat details; none before the first text. */
  detail(): [] | [ReturnType<typeof partialDetail>] {
    const whole = this.read?.() ?? '';
    if (whole === '' || !this.place) return [];
    const from = Math.max(0, whole.length - MAX_PARTIAL);
    return [partialDetail({ ...this.place, attempt: this.attempt, text: whole.slice(from), from })];
  }

  /** Whether there is something that the last call of this did not see. */
  hasNews(): boolean {
    const now = JSON.stringify(this.detail());
    const isNew = now !== this.told;
    this.told = now;
    return isNew;
  }
}

const sinks = new AsyncLocalStorage<PartialSink>();
/** Position of a step that runs beside others. */
const besides = new AsyncLocalStorage<number>();

/** Runs the call of a step at this position, whatever the history before it says. */
export const atStep = <T>(index: number, call: () => T): T => besides.run(index, call);

/** The sink of the running activity, where somebody wants to see its text. */
export const partialSink = (): PartialSink | undefined => sinks.getStore();

export function withPartialSink<T>(sink: PartialSink | undefined, work: () => Promise<T>): Promise<T> {
  return sink ? sinks.run(sink, work) : work();
}
