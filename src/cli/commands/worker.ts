/**
 * `husky worker`: runs workers for some roles, if needed beside a model server.
 *
 * @module
 */
import { InvalidArgumentError, type Command } from 'commander';
import { SOLVE_ROLES, WORKER_ROLES, type WorkerRole } from '../../activities/solve';
import { addConnectionOptions, duration, readConfig, type ConnectionFlags } from '../options/command-config';
import { runWorkers } from '../session/run-workers';

interface WorkerFlags extends ConnectionFlags {
  roles: WorkerRole[];
  serve?: string;
  serveHealth?: string;
  serveTimeout: number;
  json?: boolean;
}

const HELP = `
Roles: ${SOLVE_ROLES.join(', ')}. Each polls a queue of its own; all of them together (solve, for short)
share one.
Roles by choice only: lab serves synthesis, training and evaluation on queue husky-lab; train runs trainers on queue husky-train, for
husky train --queue husky-train. Both read and write files for whoever may start workflows; see docs/security.md.

Examples:
  husky worker --roles workflow,tool
  husky worker --roles code --config gpu.yaml --serve "vllm serve ./code-expert --port 8001"

With --serve the worker polls once the model server is healthy, stops polling when it ends, and ends it when it ends itself.
SIGTERM and Ctrl-C let calls in flight end first.`;

export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .description('run workers for the given roles against a Temporal server')
    .option('--roles <list>', 'roles, separated by commas', roleList, [...SOLVE_ROLES])
    .option('--serve <command>', 'model server to start first and to stop last')
    .option(
      '--serve-health <url>',
      'address that answers 200 when the model server is ready (default: its list of models)',
      url,
    )
    .option('--serve-timeout <time>', 'how long the model server may take to load', duration, 30 * 60_000)
    .option('--json', 'print { address, namespace, queues } on standard output when ready');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async ({ roles, serve, serveHealth, serveTimeout, ...flags }: WorkerFlags) => {
      const { config } = readConfig(flags);
      process.exitCode = await runWorkers({
        flags,
        config,
        roles,
        ...(serve === undefined ? {} : { serve: { command: serve, healthUrl: serveHealth, limitMs: serveTimeout } }),
      });
    });
}

function roleList(text: string): WorkerRole[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const isNamed = (role: WorkerRole) =>
    names.includes(role) || (names.includes('solve') && (SOLVE_ROLES as readonly string[]).includes(role));
  const roles = WORKER_ROLES.filter(isNamed);
  const unknown = names.filter((name) => name !== 'solve' && !(WORKER_ROLES as readonly string[]).includes(name));
  if (unknown.length > 0 || roles.length === 0)
    throw new InvalidArgumentError(
      `Unknown role ${unknown.join(', ') || '(none given)'}; roles are ${WORKER_ROLES.join(', ')}.`,
    );
  return roles;
}

function url(text: string): string {
  if (!URL.canParse(text))
    throw new InvalidArgumentError('It must be an address such as http://localhost:8001/health.');
  return text;
}
