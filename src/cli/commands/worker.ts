/** `husky worker`: runs workers for some roles, if needed beside a model server. */
import { createRequire } from 'node:module';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { inAddress } from '../../http/listen-host';
import { SOLVE_ROLES, WORKER_ROLES, type WorkerRole } from '../../contract/roles';
import { deploymentOf, type DeploymentFlags } from '../options/deployment';
import { addConnectionOptions, readConfig, type ConnectionFlags } from '../options/command-config';
import { duration, listed, port } from '../options/option-values';
import type * as RunWorkers from '../session/run-workers';

const load = createRequire(__filename);

interface WorkerFlags extends ConnectionFlags, DeploymentFlags {
  roles: WorkerRole[];
  serve?: string;
  serveHealth?: string;
  serveTimeout: number;
  healthPort?: number;
  healthHost?: string;
  metricsPort?: number;
  grace?: number;
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
SIGTERM and Ctrl-C let calls in flight end first, for --grace at most; other workers repeat those that have not. Kubernetes must wait
longer (terminationGracePeriodSeconds).

With --deployment a solution ends on the version that it began with. Route new ones to a version whose workers run by
temporal worker deployment set-current-version --deployment-name NAME --build-id ID

With --health-port, /livez answers 200 while the process works and /readyz while it polls its queues and Temporal and its models answer;
otherwise /readyz answers 503 and says why. In a container say --health-host ::, which is all addresses of IPv4 and IPv6.`;

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
    .addOption(
      new Option('--serve-timeout <time>', 'how long the model server may take to load')
        .argParser(duration)
        .default(30 * 60_000, '30m'),
    )
    .option('--health-port <port>', 'answer /livez and /readyz at this port', port)
    .option('--metrics-port <port>', "serve metrics of Temporal's SDK to Prometheus at this port, path /metrics", port)
    .option(
      '--health-host <address>',
      'address of this machine for --health-port and --metrics-port; :: for all (default: 127.0.0.1)',
    )
    .addOption(
      new Option('--grace <time>', 'how long calls in flight may take to end after SIGTERM (default: 10s)').argParser(
        duration,
      ),
    )
    .option(
      '--deployment <name>',
      'worker deployment of a rolling update (default: TEMPORAL_DEPLOYMENT_NAME, else none)',
    )
    .option('--deployment-version <id>', 'its version that this worker is (default: TEMPORAL_WORKER_BUILD_ID)')
    .option('--json', 'print { address, namespace, queues, health } on standard output when ready');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(
      async ({
        roles,
        serve,
        serveHealth,
        serveTimeout,
        healthPort,
        healthHost,
        metricsPort,
        grace,
        ...flags
      }: WorkerFlags) => {
        const { runWorkers } = load('../session/run-workers') as typeof RunWorkers;
        const { config } = readConfig(flags);
        process.exitCode = await runWorkers({
          flags,
          config,
          roles,
          deployment: deploymentOf(flags),
          ...(serve === undefined ? {} : { serve: { command: serve, healthUrl: serveHealth, limitMs: serveTimeout } }),
          ...(healthPort === undefined ? {} : { health: { port: healthPort, host: healthHost } }),
          ...(metricsPort === undefined ? {} : { metrics: `${inAddress(healthHost ?? '127.0.0.1')}:${metricsPort}` }),
          graceMs: grace,
        });
      },
    );
}

function roleList(text: string): WorkerRole[] {
  const names = listed(text).filter(Boolean);
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
