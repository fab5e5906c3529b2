/**
 * What the commands of training share: a server, workers in this process on a queue of their own, a durable workflow to begin or to
 * come back to, and its progress on the terminal.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { HostTeacherInput } from '../../activities/lab/pipeline';
import { loadConfig } from '../../config';
import { createTeacherHost, runLabWorker } from '../../teacher-host';
import { runPriority } from '../../contract/priority';
import { ProgramError } from '../../process/program-error';
import { readServerConfig } from '../options/command-config';
import { aborted, INTERRUPTED, listenForInterrupt } from './interrupt';
import { tellRetriesOfRun, warnOnce } from '../terminal/retries';
import { openTemporal, workflowPage } from './temporal-access';
import { createTerminal, type Terminal } from '../terminal/terminal';

export interface TrainingFlags {
  address?: string;
  config?: string;
  json?: boolean;
}

export interface DurableWork<Result> {
  /** Name of the workflow. */
  workflow: string;
  input: unknown;
  /** Folder that the work fills: the same folder is the same work, which is gone on with. */
  out: string;
  /** What is made, and from what, before the work begins, and not again when it is gone on with. */
  prepare?: { from: unknown; make: () => void };
  /** Whose workers are needed beside the plain ones; their queue is the workflow's. */
  teacher?: Omit<HostTeacherInput, 'taskQueue'>;
  /** One line on how far it is; undefined while that is not known. */
  status: (handle: WorkflowHandle) => Promise<string | undefined>;
  /** Lines at the end. */
  report: (result: Result, terminal: Terminal) => void;
}

const LOOK_MS = 1000;

/** Begins the work or comes back to it, and follows it. @returns the exit code */
export async function runDurably<Result>(flags: TrainingFlags, work: DurableWork<Result>): Promise<number> {
  const terminal = createTerminal(process.stderr);
  const interrupt = listenForInterrupt();
  const access = await openTemporal({
    address: flags.address,
    config: readServerConfig(flags),
    onProgress: (line) => terminal.line(line),
  });
  try {
    const connection = await access.native();
    const { namespace } = access;
    const id = `${work.workflow}-${createHash('sha256').update(resolve(work.out)).digest('hex').slice(0, 12)}`;
    const taskQueue = `husky-${id}`;
    terminal.status('starting workers');
    const workers = work.teacher
      ? await createTeacherHost(connection, namespace)({ ...work.teacher, taskQueue })
      : await runLabWorker({ connection, namespace, config: loadConfig({ path: flags.config }), lab: { taskQueue } });
    terminal.status(undefined);
    try {
      const handle = await begin(access.client.workflow, work, id, taskQueue, terminal);
      const page = workflowPage(access, id);
      if (page) terminal.line(`Temporal UI  ${page}`);
      const result = handle.result() as Promise<Result>;
      result.catch(() => undefined);
      const left = aborted(interrupt.signal).then(() => undefined);
      const following = follow(access.client.workflow, handle, work, terminal, interrupt.signal);
      const ended = await Promise.race([result, left, workers.failed, access.failed]);
      terminal.status(undefined);
      following();
      if (ended === undefined && interrupt.signal.aborted) {
        terminal.line('Left. Nothing is lost; the same command goes on with it.');
        return INTERRUPTED;
      }
      work.report(ended as Result, terminal);
      if (flags.json) process.stdout.write(`${JSON.stringify(ended)}\n`);
      return 0;
    } finally {
      terminal.status(undefined);
      await workers.stop();
    }
  } finally {
    await access.close();
    interrupt.dispose();
  }
}

type Workflows = Awaited<ReturnType<typeof openTemporal>>['client']['workflow'];

/**
 * Starts the workflow, or comes back to the run that is under way.
 *
 * @throws ProgramError when that was begun with another input, which it would not take up
 */
async function begin<Result>(
  client: Workflows,
  work: DurableWork<Result>,
  id: string,
  taskQueue: string,
  terminal: Terminal,
): Promise<WorkflowHandle> {
  const inputHash = createHash('sha256')
    .update(JSON.stringify([work.input, work.prepare?.from]))
    .digest('hex');
  const handle = client.getHandle(id);
  const found = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  if (found?.status.name === 'RUNNING') {
    if ((found.memo?.inputHash ?? inputHash) !== inputHash)
      throw new ProgramError(
        `${id} is still under way with other settings than these. Give the command as it was to go on with it, or end it first, which keeps what is finished: temporal workflow terminate --workflow-id ${id}`,
        2,
      );
    terminal.line(`Going on with ${id}, which was begun before.`);
    return handle;
  }
  work.prepare?.make();
  try {
    return await client.start(work.workflow, {
      args: [work.input],
      workflowId: id,
      taskQueue,
      memo: { inputHash },
      priority: runPriority('synthesis', id),
    });
  } catch (error) {
    // Another command was a moment earlier.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return begin(client, work, id, taskQueue, terminal);
    throw error;
  }
}

/** Shows the status once a second: on a terminal in one line, in a pipe whenever it changes. @returns what ends it */
function follow<Result>(
  client: Workflows,
  handle: WorkflowHandle,
  work: DurableWork<Result>,
  terminal: Terminal,
  signal: AbortSignal,
): () => void {
  let last: string | undefined;
  let isLooking = false;
  let isOver = false;
  const warn = warnOnce(terminal);
  const tell = (text: string) => isOver || signal.aborted || warn(text);
  const look = async () => {
    if (isLooking || signal.aborted) return;
    isLooking = true;
    const status = await work.status(handle).catch(() => undefined);
    await tellRetriesOfRun(client, handle, tell).catch(() => undefined);
    isLooking = false;
    if (isOver) return;
    if (status === undefined || status === last) return;
    last = status;
    if (terminal.live) terminal.status(status);
    else terminal.line(status);
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}
