/**
 * Options for both kinds of connection, made from one description: the client uses grpc-js, the worker the SDK's native core. By default
 * they trust different certificates and only one uses proxies; here both behave the same.
 */
import { getCACertificates } from 'node:tls';
import type { ConnectionOptions } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { isExcepted, isLoopback } from '../http/environment-proxy';
import { parseServerAddress } from './server-address';

/** The options of `@temporalio/envconfig`, from a profile and the environment, and an address. */
export type ServerSettings = Pick<NativeConnectionOptions, 'tls' | 'apiKey' | 'metadata'> & { address: string };

export interface Proxy {
  /** The variable that names the proxy. */
  variable: string;
  url: URL;
}

export function clientConnectionOptions(
  settings: ServerSettings,
  env: NodeJS.ProcessEnv = process.env,
): ConnectionOptions {
  // grpc-js reads fewer forms of no_proxy than we do, so it is told the result.
  const isDirect = proxyOf(settings.address, env) === undefined;
  return {
    ...(settings as ConnectionOptions),
    ...withRoots(settings),
    ...(isDirect ? { channelArgs: { 'grpc.enable_http_proxy': 0 } } : {}),
  };
}

export function nativeConnectionOptions(
  settings: ServerSettings,
  env: NodeJS.ProcessEnv = process.env,
): NativeConnectionOptions {
  const proxy = proxyOf(settings.address, env);
  return { ...settings, ...withRoots(settings), ...(proxy ? { proxy: connectThrough(proxy.url) } : {}) };
}

/** Variables that grpc-js reads; it knows neither capitals nor proxies of another scheme than http. */
const VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/**
 * The proxy for a server: `grpc_proxy`, `https_proxy` or `http_proxy` in lower case, unless `no_grpc_proxy` or `no_proxy` names the host as
 * grpc-js reads them (a suffix) or as for models (`.corp`, `10.0.0.0/8`, `host:port`, `*`). A server on this machine has none.
 */
export function proxyOf(address: string, env: NodeJS.ProcessEnv = process.env): Proxy | undefined {
  const { host } = parseServerAddress(address, 'The address');
  const variable = VARIABLES.find((name) => env[name]);
  if (!variable || isThisMachine(host) || isExempt(address, env)) return undefined;
  const url = URL.parse(env[variable] ?? '');
  return url?.protocol === 'http:' ? { variable, url } : undefined;
}

/** What listens on all addresses is often written down as it was told to listen. */
const isThisMachine = (host: string) => isLoopback(host) || host === '0.0.0.0' || host === '::';

function isExempt(address: string, env: NodeJS.ProcessEnv): boolean {
  const list = env.no_grpc_proxy || env.no_proxy || env.NO_PROXY || '';
  if (list === '') return false;
  const { host } = parseServerAddress(address, 'The address');
  const url = URL.parse(`http://${address}`);
  return list.split(',').some((suffix) => host.endsWith(suffix)) || (url !== null && isExcepted(url, list));
}

/** Advice about a proxy that is set and not used for a server that cannot be reached directly; empty if there is none. */
export function unusedProxy(address: string, env: NodeJS.ProcessEnv): { advice?: string } {
  const { host } = parseServerAddress(address, 'The address');
  const set = [...VARIABLES, ...VARIABLES.map((name) => name.toUpperCase())].find((name) => env[name]);
  if (set === undefined || isThisMachine(host)) return {};
  const why = isExempt(address, env)
    ? 'no_proxy exempts this host'
    : 'gRPC reads grpc_proxy, https_proxy and http_proxy in lower case, and only addresses that begin with http://';
  return { advice: `${set} is set, but not used for Temporal: ${why}. Correct that, or the address.` };
}

function connectThrough({ hostname, port, username, password }: URL): NativeConnectionOptions['proxy'] {
  const basicAuth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { type: 'http-connect', targetHost: `${hostname}:${port || 80}`, ...(username ? { basicAuth } : {}) };
}

/**
 * Without a named certificate authority, a connection trusts those of Node, of the system and of NODE_EXTRA_CA_CERTS. By default the native
 * core trusts only the system's, which slim images lack, and Node does not trust the system's.
 */
function withRoots({ tls, apiKey }: ServerSettings): Pick<ServerSettings, 'tls'> {
  if (tls === false || (!tls && !apiKey)) return {};
  const given = tlsGiven({ tls });
  if (given.serverRootCACertificate) return {};
  return { tls: { ...given, serverRootCACertificate: Buffer.from(trustedRoots().join('\n')) } };
}

/** The options of TLS where there are any: it may be on without. */
export const tlsGiven = ({ tls }: Pick<ServerSettings, 'tls'>) => (typeof tls === 'object' && tls !== null ? tls : {});

/** PEM, each once. */
export function trustedRoots(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
