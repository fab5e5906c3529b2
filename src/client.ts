/**
 * Starting and following solutions.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import { createFailure } from './failures';
import { oneLine } from './trajectory/bounded-text';
import type { Limits } from './trajectory/profile';
import type { Solution, SolutionProgress } from './trajectory/step';
import { FINISH_NOW_SIGNAL, QUEUES, TRAJECTORY_QUERY } from './workflows/names';
import type { SolveInput } from './workflows/run-solution';

export interface HuskyClientOptions {
  client: Client;
  /** Queue of the workers that hold the solve workflow. @default 'husky' */
  taskQueue?: string;
}

export interface StartOptions {
  /** @default a new `husky-<uuid>` */
  workflowId?: string;
  limits?: Partial<Limits>;
  /** Steps that share one activity; 0 for an activity a call. @default the worker's configuration */
  stepsPerActivity?: number;
  /** @default priority key 1 (interactive); evaluation uses 4, synthesis 5 */
  priority?: Priority;
  /** Characters of a question; Temporal takes 2 MB a payload. @default 400000 */
  maxQuestionChars?: number;
  memo?: Record<string, unknown>;
}

export interface WatchOptions {
  /** Milliseconds between looks. @default 250 */
  intervalMs?: number;
  signal?: AbortSignal;
}

/** One solution, running or ended. */
export class SolutionHandle {
  constructor(readonly workflow: WorkflowHandle) {}

  get workflowId(): string {
    return this.workflow.workflowId;
  }

  /** @throws WorkflowFailedError when a call failed for good or the solution was cancelled */
  result(): Promise<Solution> {
    return this.workflow.result() as Promise<Solution>;
  }

  /** The trajectory so far; undefined before the first task of the workflow has run. */
  progress(): Promise<SolutionProgress | undefined> {
    return this.workflow.query<SolutionProgress | undefined>(TRAJECTORY_QUERY);
  }

  /** Yields the trajectory whenever it has grown, and a last time when the solution has ended. */
  async *watch({ intervalMs = 250, signal }: WatchOptions = {}): AsyncGenerator<SolutionProgress> {
    let seen = -1;
    let ended = false;
    const end = this.result().then(
      () => (ended = true),
      () => (ended = true),
    );
    while (!signal?.aborted) {
      const last = ended;
      const progress = await this.progress();
      if (progress && (progress.steps.length > seen || progress.stopReason !== undefined)) {
        seen = progress.steps.length;
        yield progress;
      }
      if (last || progress?.stopReason !== undefined) return;
      await Promise.race([end, pause(intervalMs, signal)]);
    }
  }

  /** Leaves the call in flight and returns the best answer so far. */
  async finishNow(): Promise<void> {
    await this.workflow.signal(FINISH_NOW_SIGNAL);
  }

  /** Cancels the solution; calls in flight are aborted down to the HTTP request and the child process. */
  async cancel(): Promise<void> {
    await this.workflow.cancel();
  }
}

/** Starts solutions on workers that hold Husky's workflows. */
export class HuskyClient {
  private readonly client: Client;
  private readonly taskQueue: string;

  constructor({ client, taskQueue = QUEUES.workflow }: HuskyClientOptions) {
    this.client = client;
    this.taskQueue = taskQueue;
  }

  /**
   * Starts one solution.
   *
   * @throws InputInvalid when the question is empty or too long
   */
  async start(question: string, options: StartOptions = {}): Promise<SolutionHandle> {
    const {
      workflowId = `husky-${randomUUID()}`,
      limits,
      stepsPerActivity,
      priority = { priorityKey: 1 },
      maxQuestionChars = 400_000,
      memo,
    } = options;
    if (question.trim() === '') throw createFailure('InputInvalid', 'The question is empty.');
    if (question.length > maxQuestionChars)
      throw createFailure(
        'InputInvalid',
        `The question has ${question.length} characters; ${maxQuestionChars} are the limit. Put long material into the search index instead.`,
      );
    const input: SolveInput = {
      question,
      ...(limits ? { limits } : {}),
      ...(stepsPerActivity === undefined ? {} : { stepsPerActivity }),
    };
    const workflow = await this.client.workflow.start('solve', {
      taskQueue: this.taskQueue,
      workflowId,
      args: [input],
      staticSummary: oneLine(question, 200),
      priority,
      memo,
    });
    return new SolutionHandle(workflow);
  }

  /** Solves one question and waits for it. */
  async solve(question: string, options: StartOptions = {}): Promise<Solution> {
    return (await this.start(question, options)).result();
  }

  /** A solution by its workflow id. */
  get(workflowId: string): SolutionHandle {
    return new SolutionHandle(this.client.workflow.getHandle(workflowId));
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
