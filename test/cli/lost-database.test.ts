/** A server in memory that was idle or asleep for hours answers, and has no tables any more. */
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { household, type Household } from './command';

jest.setTimeout(300_000);

let home: Household;
let server: Http2Server;
beforeAll(async () => {
  home = household();
  server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const isLost = !String(headers[':path']).endsWith('/GetSystemInfo');
    const status = { 'grpc-status': isLost ? '14' : '0', ...(isLost ? { 'grpc-message': LOST } : {}) };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(status));
    // An answer without fields.
    stream.end(isLost ? undefined : Buffer.alloc(5));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await home.close();
  server.close();
});

const LOST = 'GetNamespace operation failed. Error: SQL logic error: no such table: namespaces (1)';

test('husky list and husky show say that the server has lost its state, and what to do (T13)', async () => {
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told = await Promise.all([['list'], ['show', 'x']].map((args) => home.run([...args, '--address', address])));
  const lost = { code: 3, out: '', err: expect.stringMatching(/has lost its database.*Start it again/) as string };
  expect(told).toEqual([lost, lost]);
});
