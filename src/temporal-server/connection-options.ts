/**
 * One description of a server for both kinds of connection: the client's, which is Node's, and the worker's, which is the SDK's native core.
 * By themselves they differ in which certificates they trust and in whether they heed proxies; here both do the same.
 *
 * @module
 */
import { getCACertificates } from 'node:tls';
import type { ConnectionOptions } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { isLoopback, parseServerAddress } from './server-address';

/** What `@temporalio/envconfig` makes of a profile and the environment, and an address. */
export type ServerSettings = Pick<NativeConnectionOptions, 'tls' | 'apiKey' | 'metadata'> & { address: string };

export interface Proxy {
  /** The variable that names it. */
  variable: string;
  url: URL;
}

export function clientConnectionOptions(settings: ServerSettings): ConnectionOptions {
  const { host } = parseServerAddress(settings.address, 'The address');
  return {
    ...(settings as ConnectionOptions),
    ...withRoots(settings),
    ...(isLoopback(host) ? { channelArgs: { 'grpc.enable_http_proxy': 0 } } : {}),
  };
}

export function nativeConnectionOptions(
  settings: ServerSettings,
  env: NodeJS.ProcessEnv = process.env,
): NativeConnectionOptions {
  const proxy = proxyOf(settings.address, env);
  return { ...settings, ...withRoots(settings), ...(proxy ? { proxy: connectThrough(proxy.url) } : {}) };
}

/**
 * The proxy between this machine and a server, by the rules of the client's gRPC library: `grpc_proxy`, `https_proxy` or `http_proxy` in
 * small letters, unless `no_grpc_proxy` or `no_proxy` names the host or a suffix of it. A server on this machine has none.
 */
export function proxyOf(address: string, env: NodeJS.ProcessEnv = process.env): Proxy | undefined {
  const { host } = parseServerAddress(address, 'The address');
  const variable = ['grpc_proxy', 'https_proxy', 'http_proxy'].find((name) => env[name]);
  if (!variable || isLoopback(host)) return undefined;
  const exempt = (env.no_grpc_proxy || env.no_proxy || '').split(',').map((name) => name.trim());
  if (exempt.some((suffix) => suffix !== '' && host.endsWith(suffix))) return undefined;
  const url = URL.parse(env[variable] ?? '');
  return url?.protocol === 'http:' ? { variable, url } : undefined;
}

function connectThrough({ hostname, port, username, password }: URL): NativeConnectionOptions['proxy'] {
  const basicAuth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { type: 'http-connect', targetHost: `${hostname}:${port || 80}`, ...(username ? { basicAuth } : {}) };
}

/**
 * Without a certificate authority of its own, a connection trusts those of Node, of the system and of NODE_EXTRA_CA_CERTS. The native core
 * alone would read the system's only, which slim images lack; Node alone would not.
 */
function withRoots({ tls, apiKey }: ServerSettings): Pick<ServerSettings, 'tls'> {
  if (tls === false || (!tls && !apiKey)) return {};
  const given = typeof tls === 'object' && tls !== null ? tls : {};
  if (given.serverRootCACertificate) return {};
  return { tls: { ...given, serverRootCACertificate: Buffer.from(trustedRoots().join('\n')) } };
}

/** PEM, each once. */
export function trustedRoots(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
