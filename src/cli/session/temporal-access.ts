/**
 * How a command reaches Temporal: the server that the user names, or the local one.
 *
 * @module
 */
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { HuskyConfig } from '../../config';
import { ProgramError } from '../../process/program-error';
import { tolerantCodec } from './encoded-payloads';
import { openLocalServer } from '../../temporal-server/local-server';
import { OpenRequests } from './open-requests';
import { quietRuntime } from '../terminal/quiet-runtime';
import { startTemporalServer } from '../../temporal-server/start-server';

export interface AccessOptions {
  /** `host:port`. @default TEMPORAL_ADDRESS or the profile of @temporalio/envconfig, else the configuration's, else the local server */
  address?: string;
  config?: HuskyConfig;
  /** A server of this command's own, in memory. @default false */
  ephemeral?: boolean;
  env?: NodeJS.ProcessEnv;
  onProgress?: (line: string) => void;
}

export interface TemporalAccess {
  address: string;
  namespace: string;
  /** Undefined when the server is not ours and shows no UI where one is expected. */
  uiUrl: string | undefined;
  /** `named` by the user, `running` already, or `started` by this command. */
  origin: 'named' | 'running' | 'started';
  client: Client;
  /** For workers; opened on first use. */
  native(): Promise<NativeConnection>;
  /** Rejects when a local server ends under the command. */
  failed: Promise<never>;
  /** Ends the client's requests that still wait, for example for a solution that is left. */
  close(): Promise<void>;
}

type ConnectionOptions = Parameters<typeof NativeConnection.connect>[0];

/** @throws ProgramError (3) saying which server was tried, why it failed and what to do */
export async function openTemporal(options: AccessOptions = {}): Promise<TemporalAccess> {
  const { env = process.env } = options;
  const named = namedServer(options, env);
  if (named) {
    const address = named.connectionOptions.address;
    const connected = await connect(named.connectionOptions, named.namespace, env);
    const uiUrl = env.TEMPORAL_UI_URL ?? (await expectedUi(address));
    return access({ ...named, address, uiUrl, origin: 'named', ...connected, stop: async () => undefined });
  }
  const { failed, stop, ...server } = options.ephemeral
    ? { started: true, ...(await startTemporalServer({ ephemeral: true, onProgress: options.onProgress })) }
    : await openLocalServer(options);
  const connectionOptions = { address: server.address };
  try {
    const connected = await connect(connectionOptions, 'default', env);
    const origin = server.started ? 'started' : 'running';
    return access({ ...server, connectionOptions, namespace: 'default', origin, ...connected, failed, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The page of a workflow in the UI. */
export function workflowPage({ uiUrl, namespace }: TemporalAccess, workflowId: string): string | undefined {
  return uiUrl && `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

interface Connected {
  client: Client;
  requests: OpenRequests;
}

interface NamedServer {
  connectionOptions: ConnectionOptions & { address: string };
  namespace: string;
}

function namedServer({ address, config }: AccessOptions, env: NodeJS.ProcessEnv): NamedServer | undefined {
  const strings = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => !!pair[1]));
  let profile: ReturnType<typeof loadClientConnectConfig>;
  try {
    profile = loadClientConnectConfig({ overrideEnvVars: strings });
  } catch (error) {
    throw new ProgramError(
      `Temporal's configuration (TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE) cannot be read: ${(error as Error).message}. Correct it or unset it.`,
      2,
    );
  }
  const target = address ?? profile.connectionOptions.address ?? config?.temporal.address;
  if (!target) return undefined;
  return {
    connectionOptions: { ...profile.connectionOptions, address: target },
    namespace: profile.namespace ?? config?.temporal.namespace ?? 'default',
  };
}

async function connect(
  connectionOptions: NamedServer['connectionOptions'],
  namespace: string,
  env: NodeJS.ProcessEnv,
): Promise<Connected> {
  const { address } = connectionOptions;
  const { address: _, ...rest } = connectionOptions;
  const requests = new OpenRequests();
  const interceptors = [requests.interceptor, makeGrpcRetryInterceptor(defaultGrpcRetryOptions())];
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...rest, address, interceptors, connectTimeout: 5000 } as Parameters<
      typeof Connection.connect
    >[0]);
  } catch (error) {
    const where = env.TEMPORAL_ADDRESS === address ? 'TEMPORAL_ADDRESS' : 'the address';
    throw new ProgramError(
      `No Temporal server answers at ${address} (${(error as Error).message}). Start it, correct ${where}, or leave it out to use a local server.`,
      3,
    );
  }
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    await connection.close();
    const { code, details, message } = error as { code?: number; details?: string; message: string };
    if (code === 5)
      throw new ProgramError(
        `The Temporal server at ${address} has no namespace ${namespace}; create it (temporal operator namespace create --namespace ${namespace}) or correct TEMPORAL_NAMESPACE.`,
        3,
      );
    throw new ProgramError(
      `The Temporal server at ${address} refuses namespace ${namespace} (${details ?? message}); check the key and certificate of your Temporal profile.`,
      3,
    );
  }
  const client = new Client({ connection, namespace, dataConverter: { payloadCodecs: [tolerantCodec] } });
  return { client, requests };
}

function access(
  parts: Pick<TemporalAccess, 'address' | 'namespace' | 'uiUrl' | 'origin'> &
    Connected & {
      connectionOptions: NamedServer['connectionOptions'];
      failed?: Promise<never>;
      stop(): Promise<void>;
    },
): TemporalAccess {
  const { connectionOptions, stop, failed = new Promise<never>(() => undefined), client, requests, ...rest } = parts;
  let native: Promise<NativeConnection> | undefined;
  return {
    ...rest,
    client,
    failed,
    native: () => {
      quietRuntime();
      native ??= NativeConnection.connect(connectionOptions);
      return native;
    },
    close: async () => {
      requests.end();
      await (await native?.catch(() => undefined))?.close();
      await client.connection.close();
      await stop();
    },
  };
}

/** A dev server serves its UI a thousand ports above its own. */
async function expectedUi(address: string): Promise<string | undefined> {
  const [, host, port] = /^(localhost|127\.0\.0\.1):(\d+)$/.exec(address) ?? [];
  if (!host) return undefined;
  const url = `http://${host}:${Number(port) + 1000}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
