import { createServer, request as forward, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createHttpClient, type HttpClient } from '../../src/http/http-client';
import { networkReason } from '../../src/http/network-reason';
import { saidError } from '../../src/http/error-body';

const servers: Server[] = [];
const clients: HttpClient[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

function clientWith(env: NodeJS.ProcessEnv): HttpClient {
  const client = createHttpClient(env);
  clients.push(client);
  return client;
}

/** A proxy that resolves each name to this machine and notes what it was asked for. */
async function startProxy() {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers['proxy-authorization'] ?? ''}`.trim());
    const { port, pathname } = new URL(incoming.url ?? '');
    incoming.pipe(
      forward({ port, path: pathname, method: incoming.method }, (answered) => {
        response.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(response);
      }),
    );
  });
  server.on('connect', ({ url = '' }, socket: Socket) => {
    asked.push(`CONNECT ${url}`);
    const through = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    through.on('error', () => socket.destroy());
    socket.on('error', () => through.destroy());
  });
  return { asked, port: await listen(server) };
}

test("the environment's proxy is used, but not for loopback or hosts of NO_PROXY (K01)", async () => {
  const port = await listen(createServer((_request, response) => void response.end('here')));
  const proxy = await startProxy();
  const client = clientWith({ HTTP_PROXY: `http://me:hunter22@127.0.0.1:${proxy.port}`, NO_PROXY: '.corp' });
  const get = (host: string) => client.send({ url: `http://${host}:${port}/v1`, timeoutMs: 60_000 });
  expect(await get('model.example')).toMatchObject({ status: 200, text: 'here' });
  expect(await get('127.0.0.1')).toMatchObject({ status: 200, text: 'here' });
  await expect(get('model.corp')).rejects.toThrow();
  expect(proxy.asked).toEqual([
    `GET http://model.example:${port}/v1 Basic ${Buffer.from('me:hunter22').toString('base64')}`,
  ]);
});

test('https goes through a tunnel, and a proxy that is not there is named without its password', async () => {
  const proxy = await startProxy();
  const client = clientWith({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
  await expect(client.send({ url: 'https://api.example.com:9/v1', timeoutMs: 60_000 })).rejects.toThrow();
  expect(proxy.asked).toEqual(['CONNECT api.example.com:9']);
  const env = { HTTPS_PROXY: 'http://me:hunter22@127.0.0.1:9' };
  const error: unknown = await clientWith(env)
    .send({ url: 'https://api.example.com/v1', timeoutMs: 60_000 })
    .catch((reason: unknown) => reason);
  const reason = networkReason(error, 'https://api.example.com/v1', env);
  expect(reason).toMatch(/ECONNREFUSED.*through the proxy http:\/\/127\.0\.0\.1:9 of the environment/);
  expect(reason).not.toContain('hunter22');
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

(hasIpv6 ? test : test.skip)('an IPv6 address is reached', async () => {
  const port = await listen(
    createServer((_request, response) => void response.end('here')),
    '::1',
  );
  expect(await clientWith({}).send({ url: `http://[::1]:${port}/`, timeoutMs: 60_000 })).toMatchObject({
    text: 'here',
  });
});

test('a redirection keeps method and body; credentials stay with the origin', async () => {
  const seen: string[] = [];
  const target = await listen(
    createServer((request, response) => {
      request.on('data', (chunk: Buffer) =>
        seen.push(`${request.method} ${chunk.toString()} ${request.headers.authorization ?? 'none'}`),
      );
      request.on('end', () => response.end('moved'));
    }),
  );
  const first = await listen(
    createServer(
      (_request, response) => void response.writeHead(301, { location: `http://127.0.0.1:${target}/v1` }).end(),
    ),
  );
  const sent = {
    url: `http://127.0.0.1:${first}/v1`,
    body: 'asked',
    headers: { authorization: 'Bearer key' },
    timeoutMs: 60_000,
  };
  expect(await clientWith({}).send({ ...sent, redirections: 2 })).toMatchObject({ status: 200, text: 'moved' });
  expect(seen).toEqual(['POST asked none']);
  expect(await clientWith({}).send(sent)).toMatchObject({ status: 301 });
});

test.each([
  ['{"error":{"message":"M","code":"c","type":"t","param":"p"}}', { message: 'M', code: 'c', type: 't', param: 'p' }],
  ['{"error":"M"}', { message: 'M' }],
  ['[{"error":{"code":400,"message":"M","status":"INVALID"}}]', { message: 'M', code: '400', type: 'INVALID' }],
  ['{"detail":"M"}', { message: 'M' }],
  ['{"detail":[{"loc":["body","seed"],"msg":"M","type":"x"}]}', { message: 'body.seed: M' }],
  ['{"fault":{"faultstring":"M"}}', { message: 'M' }],
  ['{"error":{"message":"{\\"error\\":{\\"message\\":\\"M\\"}}"}}', { message: 'M' }],
  ['{"errors":[{"message":"M"},{"message":"N"}]}', { message: 'M; N' }],
  ['<html><head><title>502 Bad Gateway</title></head></html>', { message: '502 Bad Gateway' }],
  ['plain words', { message: 'plain words' }],
  ['', { message: '' }],
  ['null', { message: '' }],
])('what %s says', (body, expected) => {
  expect(saidError(body)).toEqual(expected);
});
