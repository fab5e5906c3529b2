/** Finds the proxy that the environment names for an address. Models, search, the hub and doctor use this rule (docs/models.md). */
import { BlockList, isIP } from 'node:net';

/** Names of this machine, which need no proxy. */
export function isLoopback(hostname: string): boolean {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return host === '::1' || /^(::ffff:)?127\./.test(host);
  return host === 'localhost' || host.endsWith('.localhost');
}

/**
 * `HTTPS_PROXY`, `HTTP_PROXY`, then `ALL_PROXY`; lower case goes first, and an empty variable counts as none. A loopback address and
 * the hosts of `NO_PROXY` are reached directly.
 *
 * @returns the proxy's URL, credentials included; undefined for a direct connection
 */
export function proxyFor(address: string | URL, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = new URL(address);
  if (isLoopback(url.hostname) || isExcepted(url, variable(env, 'no_proxy') ?? '')) return undefined;
  const scheme = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = variable(env, scheme) ?? variable(env, 'all_proxy');
  if (proxy === undefined) return undefined;
  const named = proxy.includes('://') ? proxy : `http://${proxy}`;
  return named.replace(/^socks5h:/i, 'socks5:');
}

/** Names of the variables that name a proxy here, for doctor. */
export function proxyVariables(env: NodeJS.ProcessEnv = process.env): string[] {
  const names = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return names.filter((name) => env[name]?.trim());
}

/** The address of a proxy without its password, for messages. */
export function proxyName(proxy: string): string {
  if (!URL.canParse(proxy)) return 'a proxy whose address is not a URL';
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name]?.trim() || env[name.toUpperCase()]?.trim() || undefined;
}

/** `*`, a name with all its subdomains (`.corp`, `corp`, `*.corp`), an address, a range (`10.0.0.0/8`), each with or without a port. */
export function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const host = bareHost(hostname);
  const hostPort = port || (protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,;]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, bracketed, plain = '', entryPort] =
        /^(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
      if (entryPort !== undefined && entryPort !== hostPort) return false;
      const name = (bracketed ?? plain).toLowerCase().replace(/\.$/, '');
      if (name === '') return false;
      if (name.includes('/')) return isInRange(host, name);
      const domain = name.replace(/^\*?\./, '');
      return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
    });
}

function isInRange(host: string, range: string): boolean {
  const version = isIP(host);
  const [network = '', bits = ''] = range.split('/');
  if (version === 0 || isIP(network) !== version || !/^\d+$/.test(bits)) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  try {
    block.addSubnet(network, Number(bits), family);
  } catch {
    return false;
  }
  return block.check(host, family);
}

const bareHost = (hostname: string) =>
  hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
