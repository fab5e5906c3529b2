/**
 * Following a long workflow: a line that changes, the result at the end, and a way back after Ctrl-C.
 *
 * @module
 */
import type { WorkflowHandle } from '@temporalio/client';
import { aborted, INTERRUPTED, pause } from './interrupt';
import { tellRetriesOfRun, warnOnce } from '../terminal/retries';
import type { Session } from './session';
import { createTerminal } from '../terminal/terminal';

export interface FollowWorkflowOptions<Progress> {
  /** Query that tells the progress while the workflow runs; its result is the last one. */
  progressQuery: string;
  line: (progress: Progress) => string;
  exitCode: (progress: Progress) => number;
  /** Print the result as JSON on standard output. */
  json?: boolean;
}

/** Milliseconds between looks. */
const INTERVAL = 1000;

/** @returns the exit code. @throws what the workflow failed with */
export async function followWorkflow<Progress extends object>(
  session: Session,
  handle: WorkflowHandle,
  { progressQuery, line, exitCode, json }: FollowWorkflowOptions<Progress>,
): Promise<number> {
  const { access, workers, interrupted, failures } = session;
  const { workflowId } = handle;
  const terminal = createTerminal(process.stderr);
  terminal.line(`workflow     ${workflowId}`);
  if (access.uiUrl)
    terminal.line(`Temporal UI  ${access.uiUrl}/namespaces/${access.namespace}/workflows/${workflowId}`);
  const over = new AbortController();
  const tell = warnOnce(terminal);
  void look<Progress>(handle, progressQuery, over.signal, async (progress) => {
    if (progress) terminal.status(line(progress));
    await tellRetriesOfRun(access.client.workflow, handle, (text) => !over.signal.aborted && tell(text));
  });
  const ended = handle.result() as Promise<Progress>;
  let final: Progress | undefined;
  try {
    final = await Promise.race([ended, aborted(interrupted).then(() => undefined), ...failures]);
  } finally {
    over.abort();
    terminal.status(undefined);
  }
  if (!final) {
    terminal.line(
      workers.place === 'here'
        ? 'Left; its workers end with this command. The same command again goes on with what is unfinished.'
        : 'Left; it goes on. The same command again follows it.',
    );
    return INTERRUPTED;
  }
  terminal.line(line(final));
  if (json) process.stdout.write(`${JSON.stringify({ workflowId, ...final })}\n`);
  return exitCode(final);
}

/** A query can fail for a while: no worker yet, or one that is being replaced. */
async function look<Progress>(
  handle: WorkflowHandle,
  query: string,
  over: AbortSignal,
  show: (progress: Progress | undefined) => Promise<void>,
): Promise<void> {
  for (;;) {
    await pause(INTERVAL, over);
    if (over.aborted) return;
    const progress = await handle.query<Progress | undefined>(query).catch(() => undefined);
    if (!over.aborted) await show(progress).catch(() => undefined);
  }
}
