/**
 * Solutions that run on this worker process, as their workflow announces them: a pull by query is saved wherever workflow and
 * activity share a process. A hint only: what is missing here is pulled.
 *
 * @module
 */
import type { InjectedSinks } from '@temporalio/worker';
import type { HistoryEntry } from '../trajectory/solution-history';
import type { HuskySinks } from '../workflows/sinks';

/** Solutions kept; the oldest are forgotten first. */
const CAPACITY = 4000;

export interface KnownSolution {
  question: string;
  history: HistoryEntry[];
}

/** A workflow numbers its solutions from 1. */
export const solutionKey = (runId: string, solutionId: string) => `${runId}/${solutionId}`;

export class SolutionCache {
  private readonly solutions = new Map<string, KnownSolution>();

  /** The solution before step `steps`, or undefined when this process does not know it that far. */
  get(key: string, steps: number): KnownSolution | undefined {
    const known = this.solutions.get(key);
    return known && known.history.length >= steps
      ? { question: known.question, history: known.history.slice(0, steps) }
      : undefined;
  }

  put(key: string, { question, history }: KnownSolution): void {
    this.solutions.delete(key);
    this.solutions.set(key, { question, history: [...history] });
    if (this.solutions.size > CAPACITY) this.solutions.delete(this.solutions.keys().next().value ?? '');
  }

  /** Sinks of the worker that runs the workflows. */
  sinks(): InjectedSinks<HuskySinks> {
    return {
      husky: {
        began: {
          fn: ({ runId }, id, question) => this.put(solutionKey(runId, id), { question, history: [] }),
          callDuringReplay: false,
        },
        stepped: {
          fn: ({ runId }, id, index, step, output) => this.append(solutionKey(runId, id), index, { step, output }),
          callDuringReplay: false,
        },
        ended: { fn: ({ runId }, id) => void this.solutions.delete(solutionKey(runId, id)), callDuringReplay: false },
      },
    };
  }

  private append(key: string, index: number, entry: HistoryEntry): void {
    const known = this.solutions.get(key);
    if (known?.history.length === index) known.history.push(entry);
  }
}
