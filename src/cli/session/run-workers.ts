/** Workers that stay up until they are told to end, or until what they depend on ends. */
import type { WorkerRole } from '../../contract/roles';
import { modelOf, type HuskyConfig } from '../../config';
import { HuskyClient } from '../../husky-client';
import { queueName } from '../../contract/queues';
import { loadAhead } from '../../models';
import { createSandbox } from '../../sandbox';
import { EXPERTS, type Expert } from '../../trajectory/modules';
import { createHuskyWorkers } from '../../worker';
import type { ConnectionFlags } from '../options/command-config';
import type { Deployment } from '../options/deployment';
import { explainError } from '../../explain-error';
import { openHttpDoor, type HttpDoor } from './http-door';
import { openHealth, type HealthOptions, type HealthServer } from './health';
import { listenForInterrupt, type Interrupt } from './interrupt';
import { aborted, rejectOnAbort } from '../../process/abort';
import { requireModels } from './model-check';
import { startModelServer, type ModelServer } from '../../models/model-server';
import { untilCredentialsChange } from './changed-credentials';
import { modelServerOf, type ServeFlags } from './model-server';
import { readinessOf } from './readiness';
import { openTemporal } from './temporal-access';
import { createTerminal, type Terminal } from '../terminal/terminal';
import { requireToolQueues } from '../../runtime/tool-queues';
import { tellFailedCalls } from '../terminal/failed-calls';
import { quietRuntime } from '../terminal/quiet-runtime';
import { workerIdentity } from './worker-identity';
import { printJson } from '../terminal/output';

export interface RunWorkersOptions {
  flags: ConnectionFlags & { json?: boolean };
  config: HuskyConfig;
  roles: readonly WorkerRole[];
  ephemeral?: boolean;
  /** Where the page and the endpoint are; a free port where it is taken. @default neither */
  port?: number;
  /** Loads a model of this process when the workers are ready, so that the first question finds it. @default with the first call */
  ahead?: boolean;
  /** A model server that lives and dies with the workers. */
  serve?: ServeFlags;
  /** Solutions end on the version of the deployment that they began with. @default unversioned workers */
  deployment?: Deployment | undefined;
  /** Where probes are answered. @default nowhere */
  health?: HealthOptions;
  /** `host:port` at which Prometheus finds the metrics of Temporal's SDK. @default nowhere */
  metrics?: string;
  /** Milliseconds that calls in flight have to end after a signal; the rest is left to other workers. @default 10000 */
  graceMs?: number;
}

/** @returns the exit code: 0 after a signal, 1 or 3 when something ended under the workers */
export async function runWorkers(options: RunWorkersOptions): Promise<number> {
  const { config, roles, serve } = options;
  const terminal = createTerminal(process.stderr);
  quietRuntime(undefined, undefined, options.metrics, tellFailedCalls(terminal));
  if (roles.includes('workflow')) requireToolQueues(config);
  if (roles.includes('tool')) await requireSandbox(config);
  const interrupt = listenForInterrupt();
  const experts = EXPERTS.filter((expert) => roles.includes(expert));
  let server: ModelServer | undefined;
  let health: HealthServer | undefined;
  try {
    health = options.health && (await openHealth(options.health));
    if (health) terminal.line(`Health       ${health.url}/livez and ${health.url}/readyz`);
    const left = aborted(interrupt.signal);
    if (serve) {
      terminal.line(`Starting the model server: ${serve.command}`);
      const starting = startModelServer({ ...modelServerOf(serve, config, experts), onProgress: terminal.line });
      server = await Promise.race([starting, left.then(() => undefined)]);
      if (!server) {
        await starting.then(
          (late) => late.stop(),
          () => undefined,
        );
        return 0;
      }
      terminal.line('The model server is ready.');
    }
    await rejectOnAbort(requireModels(config, { experts }), interrupt.signal);
    return await poll(options, { terminal, interrupt, left, experts, health, serverEnded: server?.failed });
  } catch (error) {
    if (error === interrupt.signal.reason) return 0;
    throw error;
  } finally {
    await server?.stop();
    await health?.close();
    interrupt.dispose();
  }
}

interface Surroundings {
  terminal: Terminal;
  interrupt: Interrupt;
  /** Resolves at the first signal. */
  left: Promise<void>;
  experts: readonly Expert[];
  health: HealthServer | undefined;
  serverEnded?: Promise<never>;
}

async function poll(options: RunWorkersOptions, surroundings: Surroundings): Promise<number> {
  const { flags, config, roles, deployment } = options;
  const { terminal, interrupt, left, serverEnded, health, experts } = surroundings;
  const opening = openTemporal({ ...options, works: true, address: flags.address, config, onProgress: terminal.line });
  const access = await rejectOnAbort(opening, interrupt.signal);
  let door: HttpDoor | undefined;
  let releaseModel = async () => {};
  const over = new AbortController();
  try {
    const workers = await createHuskyWorkers({
      connection: await rejectOnAbort(access.native(), interrupt.signal),
      config,
      roles,
      namespace: access.namespace,
      workerOptions: {
        identity: workerIdentity(config),
        ...(options.graceMs === undefined ? {} : { shutdownGraceTime: options.graceMs }),
        ...(deployment ? versioned(deployment) : {}),
      },
    });
    const running = workers.run();
    running.catch(() => undefined);
    if (options.ahead) releaseModel = loadAhead(modelOf(config, 'action'));
    health?.follow(readinessOf({ workers, access, config, experts }));
    const { address, namespace } = access;
    const uiUrl = await access.uiUrl();
    terminal.line(`Temporal     ${address}${access.origin === 'started' ? ' (started)' : ''}, namespace ${namespace}`);
    if (uiUrl) terminal.line(`Temporal UI  ${uiUrl}`);
    if (options.port !== undefined) {
      const taskQueue = queueName('workflow', config.queues.prefix);
      const husky = new HuskyClient({ client: access.client, taskQueue });
      door = await openHttpDoor({ husky, port: options.port, host: '127.0.0.1', anyPort: true });
      terminal.line(`Page         ${door.url}/  (${door.access}; endpoint ${door.url}/v1)`);
    }
    terminal.line(`Workers      ${workers.queues.join(', ')}`);
    if (deployment) terminal.line(`Deployment   ${deployment.name}, version ${deployment.version}`);
    terminal.line('Ready. Ctrl-C ends it after the calls in flight.');
    if (flags.json)
      printJson({
        address,
        uiUrl,
        namespace,
        queues: workers.queues,
        health: health?.url,
        page: door && `${door.url}/`,
      });
    const replaced = untilCredentialsChange(process.env, over.signal).then(() => new Promise<never>(() => undefined));
    const failures = [access.failed, replaced, ...(serverEnded ? [serverEnded] : [])];
    const reason = await Promise.race([left, running, ...failures]).catch((error: unknown) => explainError(error));
    if (reason) terminal.line(`${reason.message} Ending.`);
    else terminal.line('Letting calls in flight end (Ctrl-C again to leave at once).');
    health?.end('The worker is ending: calls in flight end, and no new ones are taken.');
    workers.shutdown();
    await running.catch(() => undefined);
    return reason?.exitCode ?? 0;
  } finally {
    over.abort();
    door?.close();
    await releaseModel();
    await access.close();
  }
}

const versioned = ({ name, version }: Deployment) => ({
  workerDeploymentOptions: {
    version: { deploymentName: name, buildId: version },
    useWorkerVersioning: true as const,
    defaultVersioningBehavior: 'PINNED' as const,
  },
});

/** @throws SandboxRefused when this machine cannot run programs as the configuration asks */
async function requireSandbox({ sandbox: { language: _, ...options } }: HuskyConfig): Promise<void> {
  await createSandbox({ ...options, spares: 0 }).close();
}
