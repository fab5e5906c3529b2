/**
 * The frame of commands whose work outlives them (eval, make-questions, synthesize, train, pipeline): starts a durable workflow, or joins
 * the one of the same folder, shows its progress, and lets the person leave with Ctrl-C.
 */
import { basename, resolve } from 'node:path';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { SessionFlags } from '../options/command-config';
import { sha256, sha256OfJson } from '../../files/fingerprint';
import { lastResult } from '../../last-result';
import { runPriority } from '../../contract/priority';
import { ProgramError } from '../../process/program-error';
import { createTerminal, type Terminal } from '../terminal/terminal';
import { INTERRUPTED } from './interrupt';
import { aborted, pause } from '../../process/abort';
import type { Session } from './session';
import { watchRun } from './what-holds';
import { temporalCommand } from '../../temporal-command';
import { workflowPage, type TemporalAccess } from './temporal-access';
import { printJson } from '../terminal/output';

export interface LongRun<Result> {
  /** Registered name of the workflow. */
  workflow: string;
  /** The folder of the results. It identifies the run, which the same command continues. */
  out: string;
  input: unknown;
  /** What identifies who writes the results, where the input does not: a run under way goes on with no other. */
  madeBy?: unknown;
  /** One line for the Temporal UI. */
  summary: string;
  priority: 'evaluation' | 'synthesis';
  /** Says what is made from what, before a new run begins. */
  prepare?: { from: unknown; make: () => void };
  /**
   * One line of progress; undefined while it is unknown.
   *
   * @param temporal how a command of Temporal's CLI reaches the server
   */
  status: (handle: WorkflowHandle, temporal: (command: string) => string) => Promise<string | undefined>;
  /** Prints the result to standard error. @returns the exit code, 0 if it returns nothing */
  report: (result: Result, terminal: Terminal) => number | void | Promise<number | void>;
}

export interface RunSurroundings {
  access: Pick<TemporalAccess, 'client' | 'address' | 'namespace' | 'uiUrl' | 'origin'>;
  taskQueue: string;
  /** Whether the workers end with this command. */
  endsHere: boolean;
  /** Aborted by Ctrl-C. */
  interrupted: AbortSignal;
  /** Reject when server or workers end under the command. */
  failures: Promise<never>[];
}

/** Milliseconds between polls, and between lines if there is no terminal with a status line. */
const LOOK_MS = 1000;
const LINE_MS = 30_000;

/** The id of a command's run into a folder, such as `eval-atlas-1f2e3d4c`. */
export function longRunId(command: string, out: string): string {
  const folder = resolve(out);
  const name = basename(folder)
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 60);
  return `${command}-${name}-${sha256(folder).slice(0, 8)}`;
}

/**
 * Starts the run or joins it, and follows it to its end.
 *
 * @returns the exit code
 * @throws ProgramError (2) when a run into the folder is under way with other settings, and what the workflow failed with
 */
export async function followLongRun<Result extends object>(
  id: string,
  run: LongRun<Result>,
  { access, taskQueue, endsHere, interrupted, failures }: RunSurroundings,
  { json, ephemeral }: { json?: boolean; ephemeral?: boolean },
): Promise<number> {
  const terminal = createTerminal(process.stderr);
  const handle = await startOrJoin(access, id, taskQueue, run, terminal);
  terminal.line(`workflow     ${id}`);
  const page = await workflowPage(access, id);
  if (page) terminal.line(`Temporal UI  ${page}`);
  const over = new AbortController();
  void showProgress(access, handle, run, terminal, over.signal);
  // Apart from the progress: a query that no worker answers lasts half a minute.
  void watchRun(access.client, handle, terminal, over.signal);
  let result: Result | undefined;
  try {
    const ended = lastResult<Result>(handle);
    result = await Promise.race([ended, aborted(interrupted).then(() => undefined), ...failures]);
  } finally {
    over.abort();
    terminal.status(undefined);
  }
  if (result === undefined) {
    terminal.line(
      ephemeral
        ? 'Left. Its server was in memory (--ephemeral), so only the files of the run are kept.'
        : endsHere
          ? 'Left; its workers end with this command. Every finished step is kept: the same command continues.'
          : 'Left; it runs on. The same command follows it again.',
    );
    return INTERRUPTED;
  }
  const exitCode = await run.report(result, terminal);
  if (json) printJson({ workflowId: id, ...result });
  return exitCode ?? 0;
}

export function runInSession<Result extends object>(
  session: Session,
  command: string,
  flags: SessionFlags & { json?: boolean },
  run: LongRun<Result>,
): Promise<number> {
  const { taskQueue, host } = session.workers;
  return followLongRun(longRunId(command, run.out), run, { ...session, taskQueue, endsHere: host === 'here' }, flags);
}

async function startOrJoin(
  access: RunSurroundings['access'],
  id: string,
  taskQueue: string,
  run: LongRun<never>,
  terminal: Terminal,
): Promise<WorkflowHandle> {
  const client = access.client.workflow;
  const inputHash = sha256OfJson([run.input, run.prepare?.from, ...(run.madeBy === undefined ? [] : [run.madeBy])]);
  const handle = client.getHandle(id);
  const found = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  if (found?.status.name === 'RUNNING') {
    if ((found.memo?.inputHash ?? inputHash) !== inputHash)
      throw new ProgramError(
        `${id} is still under way with other settings than these. Repeat the earlier command to continue it, or end it first, which keeps what is finished: ${temporalCommand(access, `workflow terminate --workflow-id ${id}`)}`,
        2,
      );
    terminal.line(`Going on with ${id}, which was begun before.`);
    return handle;
  }
  run.prepare?.make();
  try {
    return await client.start(run.workflow, {
      args: [run.input],
      workflowId: id,
      taskQueue,
      memo: { inputHash },
      staticSummary: run.summary,
      priority: runPriority(run.priority, id),
    });
  } catch (error) {
    // Another command has just started it.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return startOrJoin(access, id, taskQueue, run, terminal);
    throw error;
  }
}

/** A query can fail for a while: no worker yet, or one that is being replaced. */
async function showProgress(
  access: RunSurroundings['access'],
  handle: WorkflowHandle,
  { status }: LongRun<never>,
  terminal: Terminal,
  over: AbortSignal,
): Promise<void> {
  let last: string | undefined;
  let lastAt = -Infinity;
  for (;;) {
    await pause(LOOK_MS, over);
    if (over.aborted) return;
    const line = await status(handle, (command) => temporalCommand(access, command)).catch(() => undefined);
    if (over.aborted) return;
    if (line !== undefined && terminal.live) terminal.status(line);
    else if (line !== undefined && line !== last && Date.now() - lastAt >= LINE_MS) {
      terminal.line(line);
      [last, lastAt] = [line, Date.now()];
    }
  }
}
