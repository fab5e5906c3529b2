/**
 * Finds out why a Temporal server cannot be reached. The libraries mostly say "Failed to connect before the deadline", so each step is tried
 * again: name, port, TLS, certificates, key.
 */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { proxyOf, trustedRoots, type ServerSettings } from './connection-options';
import { parseServerAddress, type ServerAddress } from './server-address';

export interface ConnectionProblem {
  /** The reason in the sentence "No Temporal server answers at ... (...)". */
  what: string;
  /** What to do; undefined if the address may be wrong. */
  advice?: string;
}

/** Milliseconds for each step. */
const LIMIT = 3000;
/** Milliseconds to wait for a TLS 1.3 server to demand a client certificate, which it does after the handshake. */
const LATE_ALERT = 500;

export async function findConnectionProblem(
  settings: ServerSettings,
  error: unknown,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ConnectionProblem> {
  const said = innermostMessage(error);
  const recognized = byMessage(said) ?? byStatus(error, settings);
  if (recognized) return recognized;
  const proxy = proxyOf(settings.address, env);
  const at = parseServerAddress(settings.address, 'The address');
  if (proxy)
    return {
      what: `through the proxy ${proxy.url.host} that ${proxy.variable} names: ${said}`,
      advice: `Correct ${proxy.variable}, or put ${at.host} into no_proxy if the server is reached without a proxy.`,
    };
  return (await byNameAndPort(at)) ?? (await byTls(settings, at)) ?? { what: said, advice: usualPorts(at) };
}

/** Mistakes that are found before a connection. */
function byMessage(said: string): ConnectionProblem | undefined {
  if (/illegal characters|invalid character in header/i.test(said))
    return {
      what: 'the API key holds a character that no key holds, such as the end of a line',
      advice: 'Correct TEMPORAL_API_KEY.',
    };
  if (/key values mismatch/i.test(said))
    return {
      what: 'the client certificate and its key do not belong together',
      advice: 'Correct TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
    };
  if (/PEM|asn1|bad base64|no start line|invalid.*certificate data/i.test(said))
    return {
      what: `a certificate or key is no PEM file: ${said}`,
      advice:
        'Correct TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH and TEMPORAL_TLS_SERVER_CA_CERT_PATH.',
    };
  return undefined;
}

/** The answer of a reached server. */
function byStatus(error: unknown, { apiKey }: ServerSettings): ConnectionProblem | undefined {
  const code = grpcStatus(error);
  if (code === 16)
    return apiKey
      ? { what: 'it refuses the API key', advice: 'Correct TEMPORAL_API_KEY; a key may have expired.' }
      : { what: 'it asks who is calling', advice: 'Set TEMPORAL_API_KEY, or a client certificate.' };
  if (code === 7)
    return {
      what: 'the key or certificate has no right to this namespace',
      advice:
        'Check TEMPORAL_NAMESPACE (in Temporal Cloud it is name.account) and that the key may use it. Temporal Cloud takes API keys at its regional addresses, certificates at those of the namespace.',
    };
  return undefined;
}

async function byNameAndPort({ host, port }: ServerAddress): Promise<ConnectionProblem | undefined> {
  const unknown = await lookup(host).then(
    () => false,
    () => true,
  );
  if (unknown) return { what: `there is no host of the name ${host}` };
  const failure = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port, timeout: LIMIT });
    const end = (result?: string) => (socket.destroy(), resolve(result));
    socket.once('connect', () => end());
    socket.once('timeout', () => end('nothing answers within 3 s; a firewall may drop the connection'));
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      end(code === 'ECONNREFUSED' ? 'nothing listens there' : message || code),
    );
  });
  return failure === undefined ? undefined : { what: failure };
}

async function byTls(settings: ServerSettings, at: ServerAddress): Promise<ConnectionProblem | undefined> {
  const { tls, apiKey } = settings;
  const wanted = Boolean(tls) || (tls !== false && apiKey !== undefined);
  const given = typeof tls === 'object' && tls !== null ? tls : {};
  const found = await handshake(at, given);
  if (!found.speaksTls)
    return wanted
      ? {
          what: 'it speaks no TLS, and TLS is asked for by the profile, TEMPORAL_TLS or an API key',
          advice: 'Unset them, or correct the address.',
        }
      : undefined;
  if (!wanted)
    return {
      what: 'it speaks TLS, and the connection does not',
      advice: 'Set TEMPORAL_TLS=true; an API key or a client certificate turns TLS on, too.',
    };
  if (found.wantsCertificate)
    return {
      what: 'it asks for a client certificate, and there is none that it accepts',
      advice: 'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
    };
  return found.distrust === undefined
    ? undefined
    : certificateProblem(found.distrust, given.serverNameOverride ?? at.host);
}

function certificateProblem({ code = '', message }: NodeJS.ErrnoException, name: string): ConnectionProblem {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      what: `its certificate is not for ${name}: ${message}`,
      advice: 'Correct the address, or name the server in TEMPORAL_TLS_SERVER_NAME.',
    };
  if (code === 'CERT_HAS_EXPIRED') return { what: 'its certificate has expired', advice: 'Renew it.' };
  return {
    what: `its certificate is signed by an authority that this machine does not trust: ${message}`,
    advice:
      'Name the certificate of its authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH or NODE_EXTRA_CA_CERTS; an image without certificates needs the package ca-certificates.',
  };
}

interface Handshake {
  speaksTls: boolean;
  wantsCertificate?: boolean;
  distrust?: NodeJS.ErrnoException;
}

type Tls = Exclude<NonNullable<ServerSettings['tls']>, boolean>;

async function handshake({ host, port }: ServerAddress, given: Tls): Promise<Handshake> {
  const ca = given.serverRootCACertificate ? [Buffer.from(given.serverRootCACertificate)] : trustedRoots();
  const pair = given.clientCertPair;
  const servername = given.serverNameOverride ?? (/[a-z]/i.test(host) && !host.includes(':') ? host : '');
  const options: ConnectionOptions = {
    host,
    port,
    ca,
    servername,
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
    timeout: LIMIT,
    ...(pair ? { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) } : {}),
  };
  return new Promise((resolve) => {
    let met: Handshake | undefined;
    const socket = connectTls(options);
    const end = (result: Handshake) => (socket.destroy(), resolve(result));
    socket.once('secureConnect', () => {
      const distrust = socket.authorizationError as unknown as NodeJS.ErrnoException | string | null;
      met = { speaksTls: true };
      if (distrust)
        met.distrust = typeof distrust === 'string' ? { name: '', code: distrust, message: distrust } : distrust;
      setTimeout(() => end(met as Handshake), LATE_ALERT).unref();
    });
    socket.once('timeout', () => end({ speaksTls: false }));
    socket.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      const alert = /ALERT|alert/.test(`${code} ${message}`);
      if (alert) end({ speaksTls: true, wantsCertificate: true });
      else end(met ?? { speaksTls: false });
    });
    socket.once('close', () => end(met ?? { speaksTls: false }));
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
