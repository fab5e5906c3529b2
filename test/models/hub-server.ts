/**
 * A hub on 127.0.0.1 that speaks the protocol of Hugging Face's: `HEAD` and `GET /owner/repo/resolve/revision/file`, large files by a
 * redirection to a server of their own, `x-linked-etag`, ranges, and errors by `x-error-code`.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubServer {
  endpoint: string;
  /** Method, path, range and token of each request to the hub, or `cdn` of its content's server. */
  asked: string[];
  /**
   * How the content's server answers the next requests, first to last: bytes after which it hangs up (once `after` is over), a status, or
   * with the whole file where a part was asked for (and says which part that is, if `other-range`).
   */
  mishaps: (
    | { cutAt: number; after?: () => Promise<unknown> }
    | { status: number; headers?: Record<string, string> }
    | 'no-ranges'
    | 'other-range'
  )[];
  close(): Promise<void>;
}

export const COMMIT = 'c0ffee'.padEnd(40, '0');

export async function startHub(files: Record<string, Buffer>, gatedToken = 'hf_allowed'): Promise<HubServer> {
  const asked: string[] = [];
  const mishaps: HubServer['mishaps'] = [];
  const note = (who: string, { method, url, headers }: IncomingMessage) =>
    asked.push([who, method, url, headers.range ?? '', headers.authorization ?? ''].join(' ').trim());

  const cdn = createServer((request, response) => {
    note('cdn', request);
    const content = files[decodeURIComponent((request.url ?? '').slice(1))] as Buffer;
    const mishap = mishaps.shift();
    if (typeof mishap === 'object' && 'status' in mishap)
      return void response.writeHead(mishap.status, mishap.headers).end();
    const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const from = typeof mishap === 'string' ? 0 : asked;
    const rest = content.subarray(from);
    response.writeHead(asked > 0 && mishap !== 'no-ranges' ? 206 : 200, {
      'content-length': rest.length,
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
    });
    if (typeof mishap === 'object')
      return void response.write(rest.subarray(0, mishap.cutAt), () => {
        void Promise.resolve(mishap.after?.()).then(() => response.destroy());
      });
    response.end(rest);
  });
  const hub = createServer((request, response) => {
    note('hub', request);
    resolve(request, response);
  });

  function resolve({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [, repo = '', , name = ''] = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url) ?? [];
    const refuse = (status: number, code?: string) =>
      void response.writeHead(status, code ? { 'x-error-code': code, 'x-error-message': code } : {}).end();
    if (repo === 'me/renamed')
      return void response.writeHead(307, { location: url.replace('renamed', 'models') }).end();
    if (repo === 'me/mirrored')
      return void response
        .writeHead(308, {
          location: `${address(hub).replace('127.0.0.1', 'localhost')}${url.replace('mirrored', 'models')}`,
        })
        .end();
    if (repo === 'me/expired')
      return void response.writeHead(401, { 'x-error-message': 'User Access Token "laptop" is expired' }).end();
    if (repo === 'me/gated' && headers.authorization !== `Bearer ${gatedToken}`)
      return refuse(headers.authorization ? 403 : 401, 'GatedRepo');
    if (!['me/models', 'me/gated', 'me/wrong', 'me/huge'].includes(repo)) return refuse(401);
    const content = files[decodeURIComponent(name)];
    if (!content) return refuse(404, 'EntryNotFound');
    const common = { 'x-repo-commit': COMMIT, 'accept-ranges': 'bytes' };
    if (name.endsWith('.json')) {
      const etag = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
      return void response
        .writeHead(200, { ...common, etag: `"${etag}"`, 'content-length': content.length })
        .end(content);
    }
    const sha256 = createHash('sha256').update(content).digest('hex');
    response.writeHead(302, {
      ...common,
      location: `${address(cdn)}/${name}`,
      'x-linked-etag': `"${repo === 'me/wrong' ? sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) : sha256}"`,
      'x-linked-size': repo === 'me/huge' ? 1e18 : content.length,
    });
    response.end();
  }

  await Promise.all([cdn, hub].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  return {
    endpoint: address(hub),
    asked,
    mishaps,
    close: async () => {
      await Promise.all(
        [cdn, hub].map((server) => {
          server.closeAllConnections();
          return new Promise((done) => server.close(done));
        }),
      );
    },
  };
}

const address = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
