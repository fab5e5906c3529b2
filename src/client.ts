/**
 * Starting and following solutions.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import { pause } from './process/abort';
import { createFailure } from './failures';
import { mustBeAsked } from './contract/must-be-asked';
import { PRIORITY_KEYS } from './contract/priority';
import { oneLine } from './trajectory/bounded-text';
import type { BatchOutcome } from './contract/batch';
import type { Limits } from './contract/profile';
import type { Solution, SolutionProgress } from './trajectory/step';
import { FINISH_NOW_SIGNAL, QUEUES, TRAJECTORY_QUERY } from './contract/names';
import type { SolveInput } from './workflows/solve/run-solution';
import { listSolutions, type FoundSolution, type ListOptions } from './list-solutions';
import { startOnce } from './start-once';
import { WorkflowStuckError, workflowTrouble } from './workflow-trouble';
import type { SolveBatchInput } from './workflows/solve/solve-batch';

/** Questions of one batch; their trajectories share one payload of 2 MB. */
export const MAX_BATCH = 32;

export interface HuskyClientOptions {
  client: Client;
  /** Queue of the workers that hold the solve workflow. @default 'husky' */
  taskQueue?: string;
}

export interface StartOptions {
  /**
   * One id, one answer: the same question under an id that is there joins the solution, running or ended, and another question is refused.
   * One that failed, was cancelled or terminated is solved anew.
   *
   * @default a new `husky-<uuid>`
   */
  workflowId?: string;
  /** Solves anew what has ended under this id. @default false */
  again?: boolean;
  limits?: Partial<Limits>;
  /** Built-in tools that may be used, such as `['math', 'code']` where nothing is to be searched. @default the worker's configuration */
  builtInTools?: string[];
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
   * Waits for the end, however long workflow code that fails holds it up; see {@link trouble}.
   *
   * @throws WorkflowFailedError when a call failed for good or the solution was cancelled
   */
  result(): Promise<Solution> {
    return this.workflow.result() as Promise<Solution>;
  }

  /**
   * The trajectory so far; undefined before the first task of the workflow has run.
   *
   * @param solutionId of a workflow that solves several questions @default the newest
   * @throws WorkflowStuckError with the reason, when its workflow code fails
   */
  async progress(solutionId?: string): Promise<SolutionProgress | undefined> {
    const which: [string?] = solutionId === undefined ? [] : [solutionId];
    try {
      return await this.workflow.query<SolutionProgress | undefined, [string?]>(TRAJECTORY_QUERY, ...which);
    } catch (error) {
      const trouble = await this.trouble().catch(() => undefined);
      throw trouble === undefined ? error : new WorkflowStuckError(trouble, { cause: error });
    }
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

/** Several questions in one workflow, running or ended. */
export class BatchHandle {
  /** @param joined whether it was there before it was asked for: nothing was started */
  constructor(
    readonly workflow: WorkflowHandle,
    readonly joined = false,
  ) {}

  get workflowId(): string {
    return this.workflow.workflowId;
  }

  /**
   * How each question ended, in their order.
   *
   * @throws WorkflowFailedError when the batch was cancelled
   */
  results(): Promise<BatchOutcome[]> {
    return this.workflow.result() as Promise<BatchOutcome[]>;
  }

  /** Cancels all questions that have not ended. */
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
   * Starts one solution, or joins the one of this id.
   *
   * @throws InputInvalid when the question is empty or too long, IdTaken when the id is another question's
   */
  async start(question: string, options: StartOptions = {}): Promise<SolutionHandle> {
    const {
      workflowId = `husky-${randomUUID()}`,
      limits,
      builtInTools,
      stepsPerActivity,
      priority = { priorityKey: PRIORITY_KEYS.interactive },
      maxQuestionChars,
      memo,
      again = false,
    } = options;
    mustBeAsked(question, maxQuestionChars);
    const input: SolveInput = {
      question,
      ...(limits ? { limits } : {}),
      ...(builtInTools ? { builtInTools } : {}),
      ...(stepsPerActivity === undefined ? {} : { stepsPerActivity }),
    };
    const { workflow, joined } = await startOnce(this.client.workflow, {
      workflowType: 'huskySolve',
      asked: question,
      again,
      options: {
        taskQueue: this.taskQueue,
        workflowId,
        args: [input],
        staticSummary: oneLine(question, 200),
        priority,
        memo,
      },
    });
    return new SolutionHandle(workflow, joined);
  }

  /**
   * Starts one workflow for several questions, side by side: less work for the server, and one result when all have ended. A question
   * that fails does so alone. Evaluation and files of questions use it with `journal: file`.
   *
   * @param questions 1 to {@link MAX_BATCH}
   * @throws InputInvalid when there are too many, or one is empty or they are too long together
   */
  async startBatch(questions: readonly string[], options: StartOptions = {}): Promise<BatchHandle> {
    const {
      workflowId = `husky-${randomUUID()}`,
      limits,
      builtInTools,
      stepsPerActivity,
      priority,
      maxQuestionChars,
      memo,
      again = false,
    } = options;
    if (questions.length === 0 || questions.length > MAX_BATCH)
      throw createFailure(
        'InputInvalid',
        `A batch of ${questions.length} questions cannot be started; 1 to ${MAX_BATCH} are possible.`,
      );
    for (const question of questions) mustBeAsked(question, maxQuestionChars);
    mustBeAsked(questions.join(''), maxQuestionChars, `The ${questions.length} questions of the batch have together`);
    const input: SolveBatchInput = {
      questions,
      ...(limits ? { limits } : {}),
      ...(builtInTools ? { builtInTools } : {}),
      ...(stepsPerActivity === undefined ? {} : { stepsPerActivity }),
    };
    const { workflow, joined } = await startOnce(this.client.workflow, {
      workflowType: 'huskySolveBatch',
      asked: questions,
      again,
      options: {
        taskQueue: this.taskQueue,
        workflowId,
        args: [input],
        staticSummary: `${questions.length} questions: ${oneLine(questions[0] as string, 160)}`,
        priority: priority ?? { priorityKey: PRIORITY_KEYS.evaluation },
        memo,
      },
    });
    return new BatchHandle(workflow, joined);
  }

  /** Solves one question and waits for it. */
  async solve(question: string, options: StartOptions = {}): Promise<Solution> {
    return (await this.start(question, options)).result();
  }

  /** The solutions of the namespace, newest first, those of other clients and queues, too. */
  list(options: ListOptions = {}): AsyncGenerator<FoundSolution> {
    return listSolutions(this.client.workflow, options);
  }

  /** A solution by its workflow id. */
  get(workflowId: string): SolutionHandle {
    return new SolutionHandle(this.client.workflow.getHandle(workflowId));
  }

  /** A batch by its workflow id. */
  getBatch(workflowId: string): BatchHandle {
    return new BatchHandle(this.client.workflow.getHandle(workflowId));
  }
}
