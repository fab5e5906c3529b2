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

export class SolutionCache {
  private readonly solutions = new Map<string, KnownSolution>();

  /** The solution before step `steps`, or undefined when this process does not know it that far. */
  get(solutionId: string, steps: number): KnownSolution | undefined {
    const known = this.solutions.get(solutionId);
    return known && known.history.length >= steps
      ? { question: known.question, history: known.history.slice(0, steps) }
      : undefined;
  }

  put(solutionId: string, { question, history }: KnownSolution): void {
    this.solutions.delete(solutionId);
    this.solutions.set(solutionId, { question, history: [...history] });
    if (this.solutions.size > CAPACITY) this.solutions.delete(this.solutions.keys().next().value ?? '');
  }

  /** Sinks of the worker that runs the workflows. */
  sinks(): InjectedSinks<HuskySinks> {
    return {
      husky: {
        began: { fn: (_info, id, question) => this.put(id, { question, history: [] }), callDuringReplay: false },
        stepped: {
          fn: (_info, id, index, step, output) => this.append(id, index, { step, output }),
          callDuringReplay: false,
        },
        ended: { fn: (_info, id) => void this.solutions.delete(id), callDuringReplay: false },
      },
    };
  }

  private append(solutionId: string, index: number, entry: HistoryEntry): void {
    const known = this.solutions.get(solutionId);
    if (known?.history.length === index) known.history.push(entry);
  }
}
