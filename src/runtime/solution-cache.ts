/**
 * Caches the solutions that workflows of this process announce, so that activities in the same process need no query. It is only a hint:
 * a missing solution is queried.
 */
import { CancelledFailure } from '@temporalio/common';
import type { InjectedSinks } from '@temporalio/worker';
import { entryOf, type HistoryEntry } from '../trajectory/solution-history';
import type { HuskySinks } from '../contract/sinks';
import type { SpanText } from './traced-texts';
import { tracing } from './tracing';

/** Solutions kept; the oldest are forgotten first. */
const CAPACITY = 4000;

export interface PulledSolution {
  question: string;
  history: HistoryEntry[];
}

/** A workflow numbers its solutions from 1. */
export const solutionKey = (runId: string, solutionId: string) => `${runId}/${solutionId}`;

export class SolutionCache {
  private readonly solutions = new Map<string, PulledSolution>();
  /** By run, while its workflow is on this worker and has a running solution. */
  private readonly runs = new Map<string, { release: AbortController; running: Set<string> }>();

  /** @param texts absent where texts are not recorded */
  constructor(private readonly texts?: SpanText) {}

  /** The solution before step `steps`; undefined if this process does not have it. */
  get(key: string, steps: number): PulledSolution | undefined {
    const cached = this.solutions.get(key);
    return cached && cached.history.length >= steps
      ? { question: cached.question, history: cached.history.slice(0, steps) }
      : undefined;
  }

  put(key: string, { question, history }: PulledSolution): void {
    this.solutions.delete(key);
    this.solutions.set(key, { question, history: [...history] });
    if (this.solutions.size > CAPACITY) this.solutions.delete(this.solutions.keys().next().value ?? '');
  }

  /** Aborts when the workflow abandons its calls; undefined if the workflow is not on this worker. */
  abandoned(runId: string): AbortSignal | undefined {
    return this.runs.get(runId)?.release.signal;
  }

  /** Sinks of the worker that runs the workflows. */
  sinks(): InjectedSinks<HuskySinks> {
    return {
      husky: {
        began: {
          fn: ({ runId }, id, question) => {
            this.put(solutionKey(runId, id), { question, history: [] });
            const cached = this.runs.get(runId);
            const run =
              cached && !cached.release.signal.aborted
                ? cached
                : { release: new AbortController(), running: new Set<string>() };
            run.running.add(id);
            this.runs.set(runId, run);
            if (this.runs.size > CAPACITY) this.runs.delete(this.runs.keys().next().value ?? '');
          },
          callDuringReplay: false,
        },
        stepped: {
          fn: ({ runId }, id, index, step, output, tool, together) =>
            this.append(solutionKey(runId, id), index, entryOf({ tool, step, output, together })),
          callDuringReplay: false,
        },
        ended: {
          fn: ({ runId }, id) => {
            this.solutions.delete(solutionKey(runId, id));
            const run = this.runs.get(runId);
            run?.running.delete(id);
            if (run?.running.size === 0) this.runs.delete(runId);
          },
          callDuringReplay: false,
        },
        abandoned: {
          fn: ({ runId }) =>
            this.runs.get(runId)?.release.abort(new CancelledFailure('The solution let this call go.')),
          callDuringReplay: false,
        },
        traced: {
          fn: ({ workflowId, runId }, { attributes, texts, ...span }) =>
            tracing()?.span({
              ...span,
              attributes: {
                ...attributes,
                ...this.recorded(texts),
                'temporal.workflow.id': workflowId,
                'temporal.run.id': runId,
              },
            }),
          callDuringReplay: false,
        },
        counted: {
          fn: (_workflow, event) => tracing()?.metrics.counted(event),
          callDuringReplay: false,
        },
      },
    };
  }

  private recorded(texts: Record<string, string> = {}): Record<string, string> {
    const { texts: text } = this;
    return text ? Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, text(value)])) : {};
  }

  private append(key: string, index: number, entry: HistoryEntry): void {
    const cached = this.solutions.get(key);
    if (cached?.history.length === index) cached.history.push(entry);
  }
}
