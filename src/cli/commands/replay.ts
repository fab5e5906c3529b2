/**
 * `husky replay`: runs a recorded history against the current workflow code, to see whether the code can be deployed.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { ReplayError, Worker } from '@temporalio/worker';
import type { Command } from 'commander';
import { codecOptions } from '../../runtime/payload-codec';
import { workflowCode } from '../../workflow-code';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions, readServerConfig, type ConnectionFlags } from '../options/command-config';
import { quietRuntime } from '../terminal/quiet-runtime';
import { openTemporal } from '../session/temporal-access';
import { createTerminal } from '../terminal/terminal';

interface ReplayFlags extends ConnectionFlags {
  json?: boolean;
}

type History = ReturnType<typeof historyFromJSON>;

export function registerReplay(program: Command): void {
  const command = program
    .command('replay')
    .description('replay a history against the current code; exits with 1 when they disagree')
    .argument('<file or id>', 'a history as JSON (temporal workflow show --output json), or a workflow id')
    .option('--json', 'print { workflowId, events, ok, message? }');
  addConnectionOptions(command).action(async (target: string, flags: ReplayFlags) => {
    quietRuntime('ERROR', () => undefined);
    const isFile = existsSync(target) || /\.json$/i.test(target);
    const history = isFile ? readHistory(target) : await fetchHistory(target, flags);
    const events = history.events?.length ?? 0;
    const problem = await replay(history, readServerConfig(flags)?.temporal.codec);
    if (flags.json)
      process.stdout.write(
        `${JSON.stringify({ workflowId: target, events, ok: problem === undefined, ...(problem === undefined ? {} : { message: problem }) })}\n`,
      );
    if (problem !== undefined)
      throw new ProgramError(
        `${target} does not replay: ${problem} Running solutions like it would break; guard the change with patched(), or let them end on the old code.`,
        1,
      );
    if (!flags.json) createTerminal(process.stdout).line(`${target}: ${events} events replay without a difference.`);
  });
}

function readHistory(file: string): History {
  if (!existsSync(file)) throw new ProgramError(`There is no file ${file}.`, 2);
  try {
    const history = historyFromJSON(JSON.parse(readFileSync(file, 'utf8')));
    if (!history.events?.length) throw new Error('it holds no events');
    return history;
  } catch (error) {
    throw new ProgramError(
      `${file} is not a workflow history (${(error as Error).message}); write one with temporal workflow show --workflow-id ID --output json.`,
      2,
    );
  }
}

async function fetchHistory(workflowId: string, flags: ReplayFlags): Promise<History> {
  const { line: onProgress } = createTerminal(process.stderr);
  const access = await openTemporal({ address: flags.address, config: readServerConfig(flags), onProgress });
  try {
    const handle = access.client.workflow.getHandle(workflowId);
    return await handle.fetchHistory();
  } catch (error) {
    throw new ProgramError(
      `There is no history of ${workflowId} on the server at ${access.address} (${(error as Error).message}).`,
      1,
    );
  } finally {
    await access.close();
  }
}

/** @returns what differs, or undefined */
async function replay(history: History, codec: string | undefined): Promise<string | undefined> {
  // Workflows with children name them after themselves, and a file's name is not the workflow's.
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
  try {
    const options = { ...workflowCode('lab'), ...codecOptions(codec), replayName: 'husky-replay' };
    await Worker.runReplayHistory(options, history, workflowId);
    return undefined;
  } catch (error) {
    if (error instanceof DeterminismViolationError || error instanceof ReplayError) return (error as Error).message;
    throw error;
  }
}
