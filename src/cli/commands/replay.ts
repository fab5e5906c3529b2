/** `husky replay`: runs a recorded history against the current workflow code, to see whether the code can be deployed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflowCode, DefaultLogger, ReplayError, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { Command } from 'commander';
import { codecOptions } from '../../runtime/payload-codec';
import { workflowCode } from '../../workflow-code';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions, readFileConfig, type ConnectionFlags } from '../options/command-config';
import { quietRuntime } from '../terminal/quiet-runtime';
import { mustBeReplayable, readHistoryFile, type History } from '../session/read-history';
import { withServer } from '../session/with-server';
import { createTerminal } from '../terminal/terminal';
import { printJson } from '../terminal/output';

interface ReplayFlags extends ConnectionFlags {
  json?: boolean;
  workflows?: string;
}

export function registerReplay(program: Command): void {
  const command = program
    .command('replay')
    .description('replay a history against the current code; exits with 1 when they disagree')
    .argument('<file or id>', 'a history as JSON (temporal workflow show --output json), or a workflow id')
    .option(
      '--workflows <file>',
      'workflows module of your worker, for a history that begins in a workflow of yours (a child of it needs none)',
    )
    .option('--json', 'print { workflowId, events, ok, message? }');
  addConnectionOptions(command).action(async (target: string, flags: ReplayFlags) => {
    quietRuntime('ERROR', () => undefined);
    if (flags.workflows !== undefined && !existsSync(flags.workflows))
      throw new ProgramError(`--workflows: there is no file ${flags.workflows}.`, 2);
    const isFile = existsSync(target) || /\.json$/i.test(target);
    if (isFile && !existsSync(target)) throw new ProgramError(`There is no file ${target}.`, 2);
    const history = isFile ? readHistoryFile(target) : await fetchHistory(target, flags);
    mustBeReplayable(history, target);
    const events = history.events?.length ?? 0;
    const problem = await replay(history, readFileConfig(flags)?.temporal.codec, flags.workflows);
    if (flags.json) printJson({ workflowId: target, events, ok: problem === undefined, message: problem });
    if (problem !== undefined)
      throw new ProgramError(
        `${target} does not replay: ${problem} Running solutions like it would break; guard the change with patched(), or let them end on the old code.`,
        1,
      );
    if (!flags.json) createTerminal(process.stdout).line(`${target}: ${events} events replay without a difference.`);
  });
}

function fetchHistory(workflowId: string, flags: ReplayFlags): Promise<History> {
  return withServer(flags, async ({ client, address }) => {
    try {
      return await client.workflow.getHandle(workflowId).fetchHistory();
    } catch (error) {
      throw new ProgramError(
        `There is no history of ${workflowId} on the server at ${address} (${(error as Error).message}).`,
        1,
      );
    }
  });
}

/** @throws ProgramError (2) with webpack's own words, which the SDK only logs */
async function bundled(workflows: string): Promise<WorkflowBundle> {
  const logged: string[] = [];
  const logger = new DefaultLogger('ERROR', ({ message }) => void logged.push(message));
  try {
    return await bundleWorkflowCode({ workflowsPath: resolve(workflows), logger });
  } catch (error) {
    const faults = [...logged.join('\n').matchAll(/ERROR in (.*)\n(.*)/g)].map(
      ([, place, what]) => `${place}: ${what}`,
    );
    const reason = faults.slice(0, 3).join('; ') || (error as Error).message;
    throw new ProgramError(`${workflows} cannot be bundled as workflow code: ${reason}`, 2);
  }
}

const NOT_EXPORTED = /no such function is exported by the workflow bundle/;

/** @returns what differs, or undefined @throws ProgramError (2) when the code has no such workflow */
async function replay(history: History, codec?: string, workflows?: string): Promise<string | undefined> {
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  // Workflows with children name them after themselves, and a file's name is not the workflow's.
  const workflowId = started?.workflowId ?? undefined;
  try {
    const code = workflows === undefined ? workflowCode('lab') : { workflowBundle: await bundled(workflows) };
    const options = { ...code, ...codecOptions(codec), replayName: 'husky-replay' };
    await Worker.runReplayHistory(options, history, workflowId);
    return undefined;
  } catch (error) {
    if (NOT_EXPORTED.test((error as Error).message))
      throw new ProgramError(
        `The history begins in the workflow ${started?.workflowType?.name}, which ${workflows ?? 'Husky'} does not export. Name the workflows module of the worker that has it: --workflows FILE.`,
        2,
      );
    if (error instanceof DeterminismViolationError || error instanceof ReplayError) return (error as Error).message;
    throw error;
  }
}
