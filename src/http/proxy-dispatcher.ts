/** Makes connections through a proxy. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import { Agent, type buildConnector, ProxyAgent, type Dispatcher } from 'undici';
import { proxyName } from './environment-proxy';

/** The proxy did not let the request through. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code = 'PROXY';
}

/**
 * A plain request is forwarded by the proxy, since many proxies allow tunnels to port 443 only. A request over TLS goes through a tunnel
 * that is opened here: undici's own retries for ever when a proxy hangs up. undici handles SOCKS.
 *
 * @param protocol of the server behind the proxy
 */
export function proxyDispatcher(proxy: string, protocol: string, limits: Agent.Options): Dispatcher {
  if (!URL.canParse(proxy)) throw new ProxyError('the proxy that the environment names is not a URL');
  const url = new URL(proxy);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isHttp || protocol === 'http:') return new ProxyAgent({ uri: proxy, proxyTunnel: false, ...limits });
  return new Agent({ ...limits, connect: throughTunnel(url) });
}

function throughTunnel(proxy: URL): buildConnector.connector {
  return (options, callback) => {
    const { hostname, port, servername } = options;
    const target = `${hostname.includes(':') ? `[${hostname.replace(/^\[|\]$/g, '')}]` : hostname}:${port || '443'}`;
    const fail = (error: Error) => callback(error, null);
    const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...credentials(proxy) },
      agent: false,
      timeout: 30_000,
    });
    request.once('error', fail);
    request.once('timeout', () => request.destroy(new ProxyError('the proxy gave no answer within 30 s')));
    request.once('response', (response) => {
      response.resume();
      fail(refused(response.statusCode, proxy));
    });
    request.once('connect', ({ statusCode }, socket) => {
      if (statusCode !== 200) {
        socket.destroy();
        return fail(refused(statusCode, proxy));
      }
      const secure = tlsConnect({ socket, servername: servername || hostname, ALPNProtocols: ['http/1.1'] });
      secure.once('error', fail);
      secure.once('secureConnect', () => {
        secure.off('error', fail);
        callback(null, secure);
      });
    });
    request.end();
  };
}

function refused(status: number | undefined, proxy: URL): ProxyError {
  const why = status === 407 ? 'wants a user name and password (407)' : `does not let it through (${status})`;
  return new ProxyError(`the proxy ${proxyName(proxy.href)} ${why}`);
}

function credentials({ username, password }: URL): Record<string, string> {
  if (!username) return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
