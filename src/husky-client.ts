/** Starting and following solutions. */
import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import { createFailure } from './failures';
import { mustBeAsked } from './contract/must-be-asked';
import { PRIORITY_KEYS } from './contract/priority';
import { oneLine } from './trajectory/bounded-text';
import type { BatchOutcome } from './contract/batch';
import type { SolutionWishes } from './contract/profile';
import type { Solution } from './trajectory/step';
import { QUEUES } from './contract/names';
import type { SolveInput } from './workflows/solve/run-solution';
import { livePollers } from './live-pollers';
import { MAX_BATCH } from './contract/batch';
import { lastResult } from './last-result';
import { listSolutions, questionOf, waitingFor, type FoundSolution, type ListOptions } from './list-solutions';
import { startOnce, type StartOnce } from './start-once';
import { SolutionHandle, type StreamOptions } from './solution-handle';
import type { SolutionEvent } from './trajectory/solution-events';
import type { SolveBatchInput } from './workflows/solve/solve-batch';

export { MAX_BATCH } from './contract/batch';
export { SolutionHandle, type StreamOptions, type WatchOptions } from './solution-handle';

export interface HuskyClientOptions {
  client: Client;
  /** Queue of the workers that hold the solve workflow. @default 'husky' */
  taskQueue?: string;
}

export interface StartOptions extends SolutionWishes {
  /**
   * One id, one answer: the same question under an id that is there joins the solution, running or ended, and another question is refused.
   * One that failed, was cancelled or terminated is solved anew.
   *
   * @default a new `husky-<uuid>`
   */
  workflowId?: string;
  /** Solves anew what has ended under this id. @default false */
  again?: boolean;
  /** Tells the text of models as they write it, to `stream` with `tokens`: it goes into heartbeats, nothing into the history. @default false */
  tokens?: boolean;
  /** @default priority key 1 (interactive); evaluation uses 4, synthesis 5 */
  priority?: Priority;
  /** Characters of a question; Temporal takes 2 MB a payload. @default 400000 */
  maxQuestionChars?: number;
  /** Fields beside `question`, which lists show. */
  memo?: Record<string, unknown>;
}

/** A batch has no stream, so nobody could read the text of its models. */
export type BatchOptions = Omit<StartOptions, 'tokens'>;

/** A workflow in which somebody has to decide. */
export interface WaitingWorkflow {
  workflowId: string;
  /** One line: the step that waits, or that it is paused. */
  what: string;
  startedAt: Date;
  question?: string;
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
    return lastResult(this.workflow);
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
    mustBeAsked(question, options.maxQuestionChars);
    const { workflow, joined } = await this.begin({
      workflowType: 'huskySolve',
      asked: question,
      input: { question, ...wishesOf(options), tokens: options.tokens } satisfies SolveInput,
      summary: oneLine(question, 200),
      options,
      priorityKey: PRIORITY_KEYS.interactive,
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
  async startBatch(questions: readonly string[], options: BatchOptions = {}): Promise<BatchHandle> {
    const { maxQuestionChars } = options;
    if (!Array.isArray(questions)) throw createFailure('InputInvalid', 'A batch takes a list of questions.');
    if (questions.length === 0 || questions.length > MAX_BATCH)
      throw createFailure(
        'InputInvalid',
        `A batch of ${questions.length} questions cannot be started; 1 to ${MAX_BATCH} are possible.`,
      );
    for (const question of questions) mustBeAsked(question, maxQuestionChars);
    mustBeAsked(questions.join(''), maxQuestionChars, `The ${questions.length} questions of the batch have together`);
    const count = `${questions.length} ${questions.length === 1 ? 'question' : 'questions'}`;
    const { workflow, joined } = await this.begin({
      workflowType: 'huskySolveBatch',
      asked: questions,
      input: { questions, ...wishesOf(options) } satisfies SolveBatchInput,
      summary: `${count}: ${oneLine(questions[0] as string, 160)}`,
      options,
      priorityKey: PRIORITY_KEYS.evaluation,
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

  /**
   * Running workflows in which something waits for a person or is paused, newest first, told by their memo: no worker is asked. A workflow of
   * your own that holds solutions is found by its type.
   *
   * @param workflowTypes @default Husky's own
   */
  async *waiting(
    workflowTypes: readonly string[] = ['huskySolve', 'huskySolveBatch'],
  ): AsyncGenerator<WaitingWorkflow> {
    const types = workflowTypes.map((type) => `'${type.replaceAll("'", '')}'`).join(', ');
    const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
    for await (const { workflowId, memo, startTime } of this.client.workflow.list({ query })) {
      const what = waitingFor(memo);
      if (what !== undefined) yield { workflowId, what, startedAt: startTime, question: questionOf(memo) };
    }
  }

  /** A solution by its workflow id. */
  get(workflowId: string): SolutionHandle {
    return new SolutionHandle(this.client.workflow.getHandle(workflowId));
  }

  /** Events of a solution from a position on; see {@link SolutionHandle.stream}. */
  stream(workflowId: string, options: StreamOptions = {}): AsyncGenerator<SolutionEvent> {
    return this.get(workflowId).stream(options);
  }

  /** Whether a worker polls for solutions. One that was killed on another host counts for a minute more: the server still knows its poll. */
  async isServed(): Promise<boolean> {
    return (await livePollers(this.client, this.taskQueue)).length > 0;
  }

  /**
   * Bounds the time of all calls to the Temporal server that `work` makes, as Temporal's own `Client.withDeadline`.
   *
   * @param deadline milliseconds since 1970
   */
  withDeadline<T>(deadline: number, work: () => Promise<T>): Promise<T> {
    return this.client.withDeadline(deadline, work);
  }

  private begin({ workflowType, asked, input, summary, options, priorityKey }: Begin) {
    const { workflowId = `husky-${randomUUID()}`, again = false, priority = { priorityKey }, memo } = options;
    return startOnce(this.client.workflow, {
      ...{ workflowType, asked, again },
      options: {
        ...{ taskQueue: this.taskQueue, workflowId, args: [input], priority },
        staticSummary: summary,
        memo: { question: summary, ...memo },
      },
    });
  }

  /** A batch by its workflow id. */
  getBatch(workflowId: string): BatchHandle {
    return new BatchHandle(this.client.workflow.getHandle(workflowId));
  }
}

interface Begin extends Pick<StartOnce, 'workflowType' | 'asked'> {
  input: object;
  /** One line for the Temporal UI and for lists. */
  summary: string;
  options: BatchOptions;
  /** Unless the options say otherwise. */
  priorityKey: number;
}

/** What a solution's options say to its workflow. */
function wishesOf({ limits, builtInTools, stepsPerActivity, approval, samples }: SolutionWishes): SolutionWishes {
  return { limits, builtInTools, stepsPerActivity, approval, samples };
}
