/** One solution as a client holds it: following it, and what people tell it. */
import {
  QueryRejectedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  FINISH_NOW_SIGNAL,
  PEOPLE_UPDATES,
  TELL_TOKENS_SIGNAL,
  TRAJECTORY_QUERY,
  WAITING_QUERY,
} from './contract/names';
import type {
  AnswerInput,
  ApproveInput,
  Decided,
  EditInput,
  HintInput,
  PauseInput,
  RefuseInput,
  Waiting,
} from './contract/people';
import { createFailure } from './failures';
import { lastResult } from './last-result';
import { lastingWatch, type LastingWatchOptions } from './lasting-watch';
import { recordedEnd } from './recorded-end';
import { pendingTexts, TextWatch } from './text-watch';
import { eventsAfter, type SolutionEvent, type TextEvent } from './trajectory/solution-events';
import type { Solution, SolutionProgress } from './trajectory/step';
import { WorkflowStuckError, workflowTrouble } from './workflow-trouble';

export interface WatchOptions extends LastingWatchOptions {
  /** Yields at each look, also while no step was added. @default false */
  changes?: boolean;
}

export interface StreamOptions extends LastingWatchOptions {
  /** Position of the last event that is known already. @default -1 */
  after?: number;
  /**
   * Tells also the text that models write, as `text` events, within about a second. A solution that was not started with `tokens` is asked
   * for it by a signal, once. @default false
   */
  tokens?: boolean;
  /** Throws WorkflowStuckError where the workflow code fails. Else the stream waits until a worker with better code comes. @default false */
  untilStuck?: boolean;
}

/** One solution, running or ended. */
export class SolutionHandle {
  /** @param joined whether it was there before it was asked for: nothing was started */
  constructor(
    readonly workflow: WorkflowHandle,
    readonly joined = false,
  ) {}

  get workflowId(): string {
    return this.workflow.workflowId;
  }

  /**
   * Why a running solution does not get on, where its workflow code fails: {@link result} then waits until the worker is mended.
   *
   * @returns one sentence with the reason and what to do; undefined when all is well
   */
  async trouble(): Promise<string | undefined> {
    return workflowTrouble(this.workflow.client, await this.workflow.describe());
  }

  /**
   * Waits for the end, however long workflow code that fails holds it up; see {@link trouble}. A solution that is reset goes on in another
   * run, whose end it then waits for.
   *
   * @throws WorkflowFailedError when a call failed for good or the solution was cancelled
   */
  result(): Promise<Solution> {
    return lastResult(this.workflow);
  }

  /**
   * The trajectory so far; undefined before the first task of the workflow has run. It is asked of a worker; see {@link progressAtEnd}.
   *
   * @param solutionId of a workflow that solves several questions @default the newest
   * @throws WorkflowStuckError with the reason, when its workflow code fails
   */
  async progress(solutionId?: string): Promise<SolutionProgress | undefined> {
    return this.asked<SolutionProgress | undefined, [string?]>(
      TRAJECTORY_QUERY,
      ...(solutionId === undefined ? ([] as [string?]) : ([solutionId] as [string?])),
    );
  }

  /**
   * How far a solution had come that failed or was cancelled, as its history tells. No worker is asked, unless the history lacks it, as
   * that of a terminated solution does.
   */
  async progressAtEnd(): Promise<SolutionProgress | undefined> {
    return (await recordedEnd(this.workflow)) ?? (await this.progress());
  }

  /**
   * Events of the solution as they happen: action chosen, step that waits for a person, decision, step with its result, progress of a sample,
   * and the end. It reads the trajectory by query, which leaves nothing in Temporal's history, and goes on when the worker dies and another
   * comes, or the Temporal server comes back.
   *
   * @param options `after`: position of the last event that is known already, -1 by default
   * @throws WorkflowFailedError after the last step, when a call failed for good; a cancelled solution ends by an event. The connection's
   * error when the server stays away for `patienceMs`: another stream then goes on `after` the last position
   */
  async *stream({ after = -1, tokens = false, ...options }: StreamOptions = {}): AsyncGenerator<SolutionEvent> {
    let position = after;
    const texts = tokens ? new TextWatch() : undefined;
    const samples = new Map<string, string>();
    let isAsked = false;
    for await (const known of lastingWatch(this, options)) {
      for (const event of eventsAfter(known, position)) {
        position = event.position;
        yield event;
      }
      for (const sample of known.samples ?? []) {
        const now = JSON.stringify(sample);
        if (samples.get(sample.id) !== now) yield { type: 'sample', position, ...sample };
        samples.set(sample.id, now);
      }
      if (!texts || known.stopReason !== undefined) continue;
      if (!known.tokens && !isAsked) await this.tellTokens();
      isAsked = true;
      for (const text of await this.textsOf(known, texts)) yield { ...text, position };
    }
  }

  /** Lets models tell their text as they write it, from the next call on; see `stream`. */
  async tellTokens(): Promise<void> {
    await this.workflow.signal(TELL_TOKENS_SIGNAL).catch((error: unknown) => {
      // It has just ended.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  }

  /** Of steps that are not told yet; a look that fails is made up for by the next. */
  private async textsOf({ steps }: SolutionProgress, texts: TextWatch): Promise<TextEvent[]> {
    const description = await this.workflow.describe().catch(() => undefined);
    const pending = description ? await pendingTexts(this.workflow.client, description) : [];
    return texts.news(pending.filter(({ index }) => index >= steps.length));
  }

  /**
   * Yields the trajectory whenever it has grown, and a last time when the solution has ended, well or not: {@link result} tells how. Like
   * {@link stream} it waits for a worker without a limit, and for a server that is away; `onWait` is told.
   *
   * @throws WorkflowStuckError with the reason, when its workflow code fails; the connection's error when the server stays away for
   * `patienceMs`; WorkflowNotFoundError
   */
  async *watch({ changes = false, ...options }: WatchOptions = {}): AsyncGenerator<SolutionProgress> {
    let seen = -1;
    try {
      for await (const progress of lastingWatch(this, { ...options, untilStuck: true })) {
        if (!changes && progress.steps.length <= seen && progress.stopReason === undefined) continue;
        seen = progress.steps.length;
        yield progress;
      }
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
    }
  }

  /**
   * What waits for a person, and whether the solution is paused.
   *
   * @throws WorkflowStuckError with the reason, when its workflow code fails
   */
  waiting(): Promise<Waiting> {
    return this.asked<Waiting, []>(WAITING_QUERY);
  }

  /**
   * Lets the step that waits be carried out. As its siblings it returns what was decided, and needs a worker that runs.
   *
   * @throws ApprovalGone when nothing waits, another step waits, or somebody was faster; it says which
   */
  approve(input: ApproveInput = {}): Promise<Decided> {
    return this.tell('approve', input);
  }

  /** Keeps the step from being carried out; the action generator reads the reason and goes on. */
  refuse(reason: string, input: Omit<RefuseInput, 'reason'> = {}): Promise<Decided> {
    return this.tell('refuse', { ...input, reason });
  }

  /** Changes the step that waits, its tool or its program, and lets it be carried out. */
  edit(input: EditInput): Promise<Decided> {
    return this.tell('edit', input);
  }

  /** Gives the result of the step that waits, in the place of its tool. */
  answer(answer: string, input: Omit<AnswerInput, 'answer'> = {}): Promise<Decided> {
    return this.tell('answer', { ...input, answer });
  }

  /** Tells the action generator something before its next step, whether a step waits or not. */
  hint(hint: string, input: Omit<HintInput, 'hint'> = {}): Promise<Waiting> {
    return this.tell('hint', { ...input, hint });
  }

  /** Lets no further step begin until {@link resume}. */
  pause(input: PauseInput = {}): Promise<Waiting> {
    return this.tell('pause', input);
  }

  resume(input: PauseInput = {}): Promise<Waiting> {
    return this.tell('resume', input);
  }

  /** Leaves the call in flight and returns the best answer so far. */
  async finishNow(): Promise<void> {
    await this.workflow.signal(FINISH_NOW_SIGNAL);
  }

  /** Cancels the solution; calls in flight are aborted down to the HTTP request and the child process. */
  async cancel(): Promise<void> {
    await this.workflow.cancel();
  }

  private async asked<Result, Args extends unknown[]>(query: string, ...args: Args): Promise<Result> {
    try {
      return await this.workflow.query<Result, Args>(query, ...args);
    } catch (error) {
      // The client's own `queryRejectCondition` keeps questions from workflows that have ended.
      if (error instanceof QueryRejectedError && query === TRAJECTORY_QUERY && args.length === 0)
        return ((await recordedEnd(this.workflow)) ?? (await this.result())) as Result;
      const trouble = await this.trouble().catch(() => undefined);
      throw trouble === undefined ? error : new WorkflowStuckError(trouble, { cause: error });
    }
  }

  private async tell<Result>(what: keyof typeof PEOPLE_UPDATES, input: object): Promise<Result> {
    try {
      return await this.workflow.executeUpdate<Result, [object]>(PEOPLE_UPDATES[what], { args: [input] });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError && error.cause) throw error.cause;
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const ended = await this.workflow.describe().catch(() => undefined);
      const message = ended
        ? `${this.workflowId} has ended (${ended.status.name.toLowerCase()}); nothing of it waits.`
        : `There is no solution ${this.workflowId} on this server.`;
      throw createFailure('ApprovalGone', message, { cause: error });
    }
  }
}
