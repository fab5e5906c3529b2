/**
 * `husky dev`: a local server, all workers and the Temporal UI, until Ctrl-C.
 *
 * @module
 */
import type { Command } from 'commander';
import { SOLVE_ROLES } from '../../activities/solve';
import { addConnectionOptions, readConfig, type ConnectionFlags } from '../options/command-config';
import { runWorkers } from '../session/run-workers';

interface DevFlags extends ConnectionFlags {
  ephemeral?: boolean;
  json?: boolean;
}

export function registerDev(program: Command): void {
  const command = program
    .command('dev')
    .description('run a local Temporal server with all workers and the UI, until Ctrl-C')
    .option('--ephemeral', 'keep nothing: a server in memory')
    .option('--json', 'print { address, uiUrl, namespace, queues } on standard output when ready');
  addConnectionOptions(command).action(async (flags: DevFlags) => {
    const { config } = readConfig(flags);
    process.exitCode = await runWorkers({
      flags,
      config,
      roles: SOLVE_ROLES,
      ephemeral: flags.ephemeral,
    });
  });
}
