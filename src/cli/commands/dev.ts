/** `husky dev`: a local server, all workers, the Temporal UI, and a page to ask and watch, until Ctrl-C. */
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { SOLVE_ROLES } from '../../contract/roles';
import { addConnectionOptions, readConfig, type ConnectionFlags } from '../options/command-config';
import { port } from '../options/option-values';
import type * as RunWorkers from '../session/run-workers';

const load = createRequire(__filename);

interface DevFlags extends ConnectionFlags {
  ephemeral?: boolean;
  port: number;
  json?: boolean;
}

export function registerDev(program: Command): void {
  const command = program
    .command('dev')
    .description('run a local Temporal server with all workers, the UI and a page, until Ctrl-C')
    .option('--ephemeral', 'keep nothing: a server in memory')
    .option('--port <n>', 'port of the page and the endpoint; a free one where it is taken', port, 8400)
    .option('--json', 'print { address, uiUrl, namespace, queues, page } on standard output when ready');
  addConnectionOptions(command).action(async (flags: DevFlags) => {
    const { runWorkers } = load('../session/run-workers') as typeof RunWorkers;
    const { config } = readConfig(flags);
    process.exitCode = await runWorkers({
      flags,
      config,
      roles: SOLVE_ROLES,
      ephemeral: flags.ephemeral,
      port: flags.port,
      ahead: true,
    });
  });
}
