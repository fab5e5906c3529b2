/** Connects a command to Temporal: to the server that the user names, or the local one. */
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { traceStarts } from '../../tracing';
import { Client, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type * as WorkerSdk from '@temporalio/worker';
import type { HuskyConfig } from '../../config';
import { dataFolder } from '../../files/user-folders';
import { loadNativeCore } from '../../process/native-core';
import { ProgramError } from '../../process/program-error';
import { codecOptions } from '../../runtime/payload-codec';
import { tolerantCodec } from './encoded-payloads';
import type * as LocalServer from '../../temporal-server/local-server';
import type * as StartServer from '../../temporal-server/start-server';
import type * as QuietRuntime from '../terminal/quiet-runtime';
import { OpenRequests } from './open-requests';
import { PatientConnection } from './patient-connection';
import {
  clientConnectionOptions,
  nativeConnectionOptions,
  type ServerSettings,
} from '../../temporal-server/connection-options';
import { watchDisk } from '../../temporal-server/disk-watch';
import { isLostDatabase, lostDatabase } from '../../temporal-server/lost-database';
import { checkNamespace, environmentSettings } from '../../temporal-server/environment-settings';
import { findConnectionProblem } from '../../temporal-server/connection-problem';
import { ANSWER_LIMIT_MS } from '../../temporal-server/answer-limit';
import { firstAnswer, NoAnswer } from '../../temporal-server/first-answer';
import { parseServerAddress } from '../../temporal-server/server-address';
import { failedWith, GRPC } from '../../temporal-server/grpc-status';

const load = createRequire(__filename);

export interface AccessOptions {
  /** `host:port`. @default TEMPORAL_ADDRESS or the profile of @temporalio/envconfig, else the configuration's, else the local server */
  address?: string;
  config?: HuskyConfig;
  /** A server of this command's own, in memory. @default false */
  ephemeral?: boolean;
  /** The command's own workers are needed if it starts the server. @default false */
  works?: boolean;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds until a server must answer. @default 20000 */
  answerLimitMs?: number;
  /** Milliseconds of them that the command has waited already. @default 0 */
  waitedMs?: number;
  onProgress?: (line: string) => void;
}

export interface TemporalAccess {
  address: string;
  namespace: string;
  /** Asked for on first use. Undefined if a named server has no UI at the usual port. */
  uiUrl(): Promise<string | undefined>;
  /** `named` by the user, `running` already, or `started` by this command. */
  origin: 'named' | 'running' | 'started';
  client: Client;
  /** File of the payload codec, for workers of this command. */
  codec: string | undefined;
  /** For workers; opened on first use. @throws ProgramError (3) saying why it cannot be opened */
  native(): Promise<WorkerSdk.NativeConnection>;
  /** Rejects when a local server ends under the command. */
  failed: Promise<never>;
  /** Ends open requests of the client, and connections. */
  close(): Promise<void>;
}

/** @throws ProgramError (3) saying which server was tried, why it failed and what to do */
export async function openTemporal(options: AccessOptions = {}): Promise<TemporalAccess> {
  const { env = process.env, config, onProgress } = options;
  const named = namedServer(options, env);
  if (named) {
    const { address } = named.settings;
    let ui: Promise<string | undefined> | undefined;
    const uiUrl = () => (ui ??= env.TEMPORAL_UI_URL ? Promise.resolve(env.TEMPORAL_UI_URL) : expectedUi(address));
    return connect(named, { ...options, env }, { origin: 'named', uiUrl });
  }
  // Before a server is looked for, which may have to be installed first.
  if (options.works) loadNativeCore();
  const { address, uiUrl, failed, ...server } = options.ephemeral
    ? { started: true, ...(await ephemeralServer(env, onProgress)) }
    : await (load('../../temporal-server/local-server') as typeof LocalServer).openLocalServer(options);
  const endWatch = options.ephemeral || !onProgress ? undefined : watchDisk(dataFolder(env), onProgress);
  const stop = async () => {
    endWatch?.();
    await server.stop();
  };
  const local = { settings: { address }, namespace: 'default', where: 'the address', whence: 'the namespace' };
  const origin = server.started ? 'started' : 'running';
  try {
    const host = { origin, uiUrl: () => Promise.resolve(uiUrl), failed, stop } as const;
    return await connect(local, { env, config, onProgress }, host);
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function workflowPage(
  { uiUrl, namespace }: Pick<TemporalAccess, 'uiUrl' | 'namespace'>,
  workflowId: string,
): Promise<string | undefined> {
  const url = await uiUrl();
  return url && `${url}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

/** What every wait for a server needs. */
interface Patience {
  env: NodeJS.ProcessEnv;
  onProgress?: (line: string) => void;
}

/** Who runs the server. */
interface Host extends Pick<TemporalAccess, 'origin' | 'uiUrl'> {
  failed?: Promise<never>;
  stop?(): Promise<void>;
}

interface NamedServer {
  settings: ServerSettings;
  namespace: string;
  /** What names the address and the namespace, for messages. */
  where: string;
  whence: string;
}

function namedServer({ address, config }: AccessOptions, env: NodeJS.ProcessEnv): NamedServer | undefined {
  const profile = environmentSettings(env);
  const ofProfile = profile.connection.address;
  const target = address ?? ofProfile ?? config?.temporal.address;
  if (!target) return undefined;
  const where = address
    ? '--address'
    : !ofProfile
      ? 'temporal.address of the configuration'
      : env.TEMPORAL_ADDRESS
        ? 'TEMPORAL_ADDRESS'
        : 'the address of the Temporal profile';
  parseServerAddress(target, where);
  const whence = env.TEMPORAL_NAMESPACE
    ? 'TEMPORAL_NAMESPACE'
    : profile.namespace !== undefined
      ? 'the namespace of the Temporal profile'
      : 'temporal.namespace of the configuration';
  return {
    settings: { ...profile.connection, address: target },
    namespace: checkNamespace(profile.namespace ?? config?.temporal.namespace ?? 'default', whence),
    whence,
    where,
  };
}

/** The SDK's tries take as long as the whole wait, so one that cannot help is not made. */
const RETRIES: ReturnType<typeof defaultGrpcRetryOptions> = {
  ...defaultGrpcRetryOptions(),
  retryableDecider: (attempt, status) =>
    !isLostDatabase(status.details) && defaultGrpcRetryOptions().retryableDecider(attempt, status),
};

async function connect(
  { settings, namespace, where, whence }: NamedServer,
  options: Patience & Pick<AccessOptions, 'config' | 'answerLimitMs' | 'waitedMs'>,
  { origin, uiUrl, failed = new Promise<never>(() => undefined), stop }: Host,
): Promise<TemporalAccess> {
  const { address } = settings;
  const { env, config, answerLimitMs: limitMs = ANSWER_LIMIT_MS } = options;
  const codec = config?.temporal.codec;
  const requests = new OpenRequests();
  const interceptors = [requests.interceptor, makeGrpcRetryInterceptor(RETRIES)];
  let connection: PatientConnection;
  try {
    const connectTimeout = limitMs;
    const wanted = { ...clientConnectionOptions(settings, env), interceptors, connectTimeout };
    connection = PatientConnection.lazy(wanted) as PatientConnection;
  } catch (error) {
    // A certificate or a header that cannot be used.
    throw await unreachable({ settings, where }, error, env);
  }
  let connected = false;
  const ask = async (over: AbortSignal) => {
    connection.over = over;
    over.addEventListener('abort', () => requests.end(), { once: true });
    try {
      await connection.ensureConnected();
      connected = true;
      await connection.workflowService.describeNamespace({ namespace });
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  try {
    await firstAnswer(ask, { ...options, settings, limitMs });
  } catch (error) {
    if (!connected || error instanceof NoAnswer) throw await unreachable({ settings, where }, error, env);
    if (failedWith(error, GRPC.NOT_FOUND))
      throw new ProgramError(
        `The Temporal server at ${address} has no namespace ${namespace}; create it (temporal operator namespace create --namespace ${namespace}) or correct ${whence}.`,
        3,
      );
    const lost = lostDatabase(error);
    if (lost) throw new ProgramError(lost, 3);
    const { what, advice = 'Check the key and certificate of your Temporal profile.' } = await findConnectionProblem(
      settings,
      error,
      env,
    );
    throw new ProgramError(`The Temporal server at ${address} refuses namespace ${namespace} (${what}). ${advice}`, 3);
  }
  const [own] = codecOptions(codec).dataConverter?.payloadCodecs ?? [];
  const client = new Client({
    connection,
    namespace,
    dataConverter: { payloadCodecs: [tolerantCodec(own)] },
    interceptors: { workflow: [traceStarts()] },
  });
  let native: Promise<WorkerSdk.NativeConnection> | undefined;
  return {
    ...{ address, namespace, origin, uiUrl, client, codec, failed },
    native: () => (native ??= openNative({ settings, where }, options)),
    close: async () => {
      requests.end();
      await (await native?.catch(() => undefined))?.close();
      await client.connection.close();
      await stop?.();
    },
  };
}

/** The worker's SDK is loaded here: commands without workers don't wait for it. */
async function openNative(
  server: Pick<NamedServer, 'settings' | 'where'>,
  { env, onProgress }: Patience,
): Promise<WorkerSdk.NativeConnection> {
  const { settings } = server;
  const { NativeConnection } = load('@temporalio/worker') as typeof WorkerSdk;
  const { quietRuntime } = load('../terminal/quiet-runtime') as typeof QuietRuntime;
  quietRuntime();
  try {
    const ask = () => NativeConnection.connect(nativeConnectionOptions(settings, env));
    return await firstAnswer(ask, { env, onProgress, settings });
  } catch (error) {
    throw await unreachable(server, error, env);
  }
}

async function ephemeralServer(env: NodeJS.ProcessEnv, onProgress?: (line: string) => void) {
  const { startTemporalServer } = load('../../temporal-server/start-server') as typeof StartServer;
  return startTemporalServer({ env, ephemeral: true, onProgress });
}

async function unreachable(
  { settings, where }: Pick<NamedServer, 'settings' | 'where'>,
  error: unknown,
  env: NodeJS.ProcessEnv,
): Promise<ProgramError> {
  const problem = error instanceof NoAnswer ? error.problem : await findConnectionProblem(settings, error, env);
  const { what, advice = `Start it, correct ${where}, or leave it out to use a local server.` } = problem;
  return new ProgramError(`No Temporal server answers at ${settings.address} (${what}). ${advice}`, 3);
}

/** A dev server serves its UI a thousand ports above its own. */
async function expectedUi(address: string): Promise<string | undefined> {
  const [, host, port] = /^(localhost|127\.0\.0\.1):(\d+)$/.exec(address) ?? [];
  if (!host) return undefined;
  const url = `http://${host}:${Number(port) + 1000}`;
  return new Promise((resolve) => {
    // Node's own client, since it is this machine and a command should not wait until a larger one is loaded.
    const request = get(url, { agent: false, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? url : undefined);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}
