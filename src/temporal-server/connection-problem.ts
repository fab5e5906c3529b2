/**
 * Finds out why a Temporal server cannot be reached. The libraries mostly say "Failed to connect before the deadline", so each step is tried
 * again: name, port, TLS, certificates, key.
 */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { proxyOf, unusedProxy, type ServerSettings } from './connection-options';
import { pemProblem } from './pem-problem';
import { aroundName, parseServerAddress, type ServerAddress } from './server-address';
import { tlsProblem } from './tls-problem';
import { GRPC } from './grpc-status';

export interface ConnectionProblem {
  /** The reason in the sentence "No Temporal server answers at ... (...)". */
  what: string;
  /** What to do; undefined if the address may be wrong. */
  advice?: string;
}

/** Milliseconds until a port has to answer. */
const LIMIT = 3000;

export async function findConnectionProblem(
  settings: ServerSettings,
  error: unknown,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ConnectionProblem> {
  const said = innermostMessage(error);
  const recognized = byHeader(said, settings) ?? byStatus(error, settings) ?? pemProblem(settings, env);
  if (recognized) return recognized;
  const proxy = proxyOf(settings.address, env);
  const at = parseServerAddress(settings.address, 'The address');
  if (proxy)
    return {
      what: `through the proxy ${proxy.url.host} that ${proxy.variable} names: ${said}`,
      advice: `Correct ${proxy.variable}, or put ${at.host} into no_proxy if the server is reached without a proxy.`,
    };
  const unreached = await byNameAndPort(at);
  if (unreached) return { ...unreached, ...unusedProxy(settings.address, env) };
  return (await tlsProblem(settings, at, env)) ?? { what: said, advice: usualPorts(at) };
}

/** What is sent with each call as a header must be plain text. */
function byHeader(said: string, { apiKey, metadata = {} }: ServerSettings): ConnectionProblem | undefined {
  if (!/illegal characters|invalid character in header/i.test(said)) return undefined;
  const [meta] = Object.entries(metadata).find(([, value]) => !isHeader(String(value))) ?? [];
  const name =
    typeof apiKey === 'string' && !isHeader(apiKey) ? 'the API key' : `the gRPC metadata ${meta ?? ''}`.trim();
  return {
    what: `${name} holds a character that no header may hold, such as the end of a line`,
    advice: name === 'the API key' ? 'Correct TEMPORAL_API_KEY.' : 'Correct TEMPORAL_GRPC_META_... or the profile.',
  };
}

const isHeader = (text: string) => /^[\x20-\x7e]*$/.test(text);

/** The answer of a reached server. */
function byStatus(error: unknown, { apiKey }: ServerSettings): ConnectionProblem | undefined {
  const code = grpcStatus(error);
  if (code === GRPC.UNAUTHENTICATED)
    return apiKey
      ? {
          what: `it refuses the API key${oddity(apiKey)}`,
          advice: 'Correct TEMPORAL_API_KEY; a key may have expired.',
        }
      : { what: 'it asks who is calling', advice: 'Set TEMPORAL_API_KEY, or a client certificate.' };
  if (code === GRPC.PERMISSION_DENIED)
    return {
      what: `the key or certificate has no right to this namespace${oddity(apiKey)}`,
      advice:
        'Check TEMPORAL_NAMESPACE (in Temporal Cloud it is name.account) and that the key may use it. Temporal Cloud takes API keys at its regional addresses, certificates at those of the namespace.',
    };
  return undefined;
}

/** What an API key seems to have got by mistake. */
function oddity(apiKey: ServerSettings['apiKey']): string {
  if (typeof apiKey !== 'string') return '';
  if (/^bearer\b/i.test(apiKey)) return ', which begins with "Bearer" (that is added anyway)';
  const around = aroundName(apiKey);
  return around ? `: ${around}` : '';
}

async function byNameAndPort({ host, port }: ServerAddress): Promise<ConnectionProblem | undefined> {
  const unknown = await lookup(host).then(
    () => false,
    () => true,
  );
  if (unknown) return { what: `there is no host of the name ${host}` };
  const reached = await reach({ host, port }, LIMIT);
  if (reached === 'connected') return undefined;
  if (reached === 'silent') return { what: 'nothing answers within 3 s; a firewall may drop the connection' };
  const { code, message } = reached;
  return { what: code === 'ECONNREFUSED' ? 'nothing listens there' : message || String(code) };
}

/** Whether a port takes connections, or why not. */
export function reach(
  { host, port }: Pick<ServerAddress, 'host' | 'port'>,
  limitMs: number,
): Promise<'connected' | 'silent' | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: limitMs });
    const end = (reached: 'connected' | 'silent' | NodeJS.ErrnoException) => (socket.destroy(), resolve(reached));
    socket.once('connect', () => end('connected'));
    socket.once('timeout', () => end('silent'));
    socket.once('error', end);
  });
}

function usualPorts({ port }: ServerAddress): string {
  const hint = port === 8233 || port === 8080 ? ` ${port} is usually the port of the UI, 7233 that of the server.` : '';
  return `Something else may listen there.${hint}`;
}

function innermostMessage(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const { details, message } = inner as { details?: string; message?: string };
  return (details || message || String(inner)).replace(/\s+/g, ' ').slice(0, 300);
}

function grpcStatus(error: unknown): number | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { code } = inner as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return undefined;
}
