/**
 * Options for both kinds of connection, made from one description: the client uses grpc-js, the worker the SDK's native core. By default
 * they trust different certificates and only one uses proxies; here both behave the same.
 */
import { getCACertificates } from 'node:tls';
import type { ConnectionOptions } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { isLoopback } from '../http/environment-proxy';
import { parseServerAddress } from './server-address';

/** The options of `@temporalio/envconfig`, from a profile and the environment, and an address. */
export type ServerSettings = Pick<NativeConnectionOptions, 'tls' | 'apiKey' | 'metadata'> & { address: string };

export interface Proxy {
  /** The variable that names the proxy. */
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
 * The proxy for a server, by the rules of grpc-js: `grpc_proxy`, `https_proxy` or `http_proxy` in lower case, unless `no_grpc_proxy` or
 * `no_proxy` names the host or a suffix of it. A server on this machine has none.
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
 * Without a named certificate authority, a connection trusts those of Node, of the system and of NODE_EXTRA_CA_CERTS. By default the native
 * core trusts only the system's, which slim images lack, and Node does not trust the system's.
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
