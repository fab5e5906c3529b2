/** Networks as they are: proxies in the environment, and every usual mistake in address, TLS, certificates and key, against a real server. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createServer as createWebServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTemporal } from '../../src/cli/session/temporal-access';
import { clientConnectionOptions, proxyOf } from '../../src/temporal-server/connection-options';
import { startTemporalServer, type TemporalServer } from '../../src/temporal-server/start-server';

jest.setTimeout(120_000);

const certificate = (name: string) => join(__dirname, 'certificates', name);
const read = (name: string) => readFileSync(certificate(name));
const CA = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificate('ca.pem') };
const CLIENT = {
  TEMPORAL_TLS_CLIENT_CERT_PATH: certificate('client.pem'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('client.key'),
};

let temporal: TemporalServer;
let temporalPort: number;
const open: Server[] = [];
const sockets = new Set<Socket>();
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

beforeAll(async () => {
  temporal = await startTemporalServer({ ephemeral: true, ui: false });
  temporalPort = Number(temporal.address.split(':')[1]);
});
afterEach(() => PROXIES.forEach((name) => delete process.env[name]));
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
  await temporal.stop();
});

async function listening(server: Server): Promise<string> {
  open.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${(server.address() as AddressInfo).port}`;
}

/** The Temporal server behind TLS, as a load balancer puts it. @returns its port */
function behindTls(name: string, options: TlsOptions = {}): Promise<string> {
  const server = createTlsServer(
    { cert: read(`${name}.pem`), key: read(`${name}.key`), ALPNProtocols: ['h2'], ...options },
    (front) => {
      const back = connect(temporalPort, '127.0.0.1');
      front.pipe(back).pipe(front);
      for (const side of [front, back]) side.on('error', () => (front.destroy(), back.destroy()));
    },
  );
  server.on('tlsClientError', () => undefined);
  return listening(server);
}

interface Opening {
  native?: boolean;
  answerLimitMs?: number;
  waitedMs?: number;
  onProgress?: (line: string) => void;
}

async function opened(env: NodeJS.ProcessEnv, { native = false, ...options }: Opening = {}): Promise<string> {
  const access = await openTemporal({ env, onProgress: () => undefined, ...options });
  try {
    if (native) await access.native();
    return access.address;
  } finally {
    await access.close();
  }
}
const refusal = (env: NodeJS.ProcessEnv, answerLimitMs = 1000): Promise<string> =>
  opened(env, { answerLimitMs }).then(
    () => 'it was opened',
    (error: Error & { exitCode?: number }) => `${error.exitCode}: ${error.message}`,
  );

test('a proxy in the environment never stands between us and a server on this machine (T05)', async () => {
  for (const name of PROXIES) process.env[name] = 'http://127.0.0.1:9';
  const address = `localhost:${temporalPort}`;
  expect(await opened({ ...process.env, TEMPORAL_ADDRESS: address }, { native: true })).toBe(address);
  const another = await startTemporalServer({ ephemeral: true, ui: false });
  await another.stop();
});

test.each([
  ['an entry with blanks', { no_proxy: 'other, .corp ' }, 'temporal.corp:7233', undefined],
  ['every host', { no_proxy: '*' }, 'temporal.corp:7233', undefined],
  ['a pattern', { no_proxy: '*.corp' }, 'temporal.corp:7233', undefined],
  ['capitals', { NO_PROXY: '.corp' }, 'temporal.corp:7233', undefined],
  ['host and port', { no_proxy: 'temporal.corp:7233' }, 'temporal.corp:7233', undefined],
  ['a range of addresses', { no_proxy: '10.0.0.0/8' }, '10.1.2.3:7233', undefined],
  ['another port', { no_proxy: 'temporal.corp:8000' }, 'temporal.corp:7233', 'proxy:3128'],
  ['this machine in capitals', {}, 'LOCALHOST:7233', undefined],
  ['this machine as it listens', {}, '0.0.0.0:7233', undefined],
])('client and worker read no_proxy alike: %s', (_, env, address, proxy) => {
  const all = { https_proxy: 'http://proxy:3128', ...env };
  expect(proxyOf(address, all)?.url.host).toBe(proxy);
  const isDirect = clientConnectionOptions({ address }, all).channelArgs?.['grpc.enable_http_proxy'] === 0;
  expect(isDirect).toBe(proxy === undefined);
});

test.each([
  ['capitals', { HTTPS_PROXY: 'http://proxy:3128' }, /HTTPS_PROXY is set, but not used for Temporal: .*lower case/],
  ['another scheme', { https_proxy: 'socks5://proxy:1080' }, /https_proxy is set, but not used.*begin with http:/],
  ['an exempt host', { https_proxy: 'http://proxy:3128', no_proxy: '*' }, /no_proxy exempts this host/],
])('a proxy that is not used is named when the server cannot be reached: %s', async (_, env, message) => {
  expect(await refusal({ TEMPORAL_ADDRESS: 'temporal.invalid:7233', ...env })).toMatch(message);
});

test('client and worker take the same proxy to a server elsewhere, unless no_proxy names it', () => {
  const env = { https_proxy: 'http://user:word@proxy:3128', no_proxy: '.corp, temporal.internal' };
  expect(proxyOf('cloud.example:7233', env)?.url.host).toBe('proxy:3128');
  expect(proxyOf('[::1]:7233', env)).toBeUndefined();
  expect(proxyOf('temporal.corp:7233', env)).toBeUndefined();
  expect(proxyOf('temporal.internal:7233', env)).toBeUndefined();
});

test('both reach a server that a proxy alone can reach (T05)', async () => {
  let through = 0;
  const proxy = createWebServer();
  proxy.on('connect', (_request, front: Socket) => {
    through += 1;
    const back = connect(temporalPort, '127.0.0.1', () => front.write('HTTP/1.1 200 OK\r\n\r\n'));
    front.pipe(back).pipe(front);
    for (const side of [front, back]) side.on('error', () => (front.destroy(), back.destroy()));
  });
  process.env.grpc_proxy = `http://127.0.0.1:${await listening(proxy)}`;
  const env = { ...process.env, TEMPORAL_ADDRESS: 'temporal.invalid:7233' };
  expect(await opened(env, { native: true })).toBe('temporal.invalid:7233');
  expect(through).toBeGreaterThan(1);
});

test('a proxy that does not answer is named with its variable (T05)', async () => {
  process.env.https_proxy = 'http://127.0.0.1:9';
  expect(await refusal({ ...process.env, TEMPORAL_ADDRESS: 'temporal.invalid:7233' })).toMatch(
    /^3: .*through the proxy 127\.0\.0\.1:9 that https_proxy names.*no_proxy/,
  );
});

test('a private authority is trusted by both sides when the profile names it', async () => {
  const TEMPORAL_ADDRESS = `127.0.0.1:${await behindTls('server')}`;
  await opened({ TEMPORAL_ADDRESS, ...CA }, { native: true });
});

test('NODE_EXTRA_CA_CERTS is heeded by both sides, and no certificates of the system are needed (T04)', async () => {
  const source = JSON.stringify(join(__dirname, '../../src/cli/session/temporal-access.ts'));
  const program = `require(${source}).openTemporal().then(async (access) => {
    await access.native();
    await access.close();
    process.stdout.write('opened');
  });`;
  const env = {
    PATH: process.env.PATH,
    TEMPORAL_ADDRESS: `127.0.0.1:${await behindTls('server')}`,
    TEMPORAL_TLS: 'true',
    NODE_EXTRA_CA_CERTS: certificate('ca.pem'),
    SSL_CERT_FILE: '/absent',
    SSL_CERT_DIR: '/absent',
  };
  const hook = join(__dirname, '../models/typescript-hook.cjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['-r', hook, '-e', program], { env });
  expect(stdout).toBe('opened');
});

test('a client certificate is shown by both sides', async () => {
  const port = await behindTls('server', { requestCert: true, rejectUnauthorized: true, ca: read('ca.pem') });
  await opened({ TEMPORAL_ADDRESS: `localhost:${port}`, ...CA, ...CLIENT }, { native: true });
});

test('a server that answers late is waited for, with a word meanwhile', async () => {
  let say: (word: string) => void = () => undefined;
  const word = new Promise<string>((resolve) => (say = resolve));
  const busy = createServer((front) => {
    void word.then(() => {
      const back = connect(temporalPort, '127.0.0.1');
      front.pipe(back).pipe(front);
      for (const side of [front, back]) side.on('error', () => (front.destroy(), back.destroy()));
    });
  });
  const TEMPORAL_ADDRESS = `127.0.0.1:${await listening(busy)}`;
  const patience = { answerLimitMs: 100_000, waitedMs: 5000, onProgress: say };
  expect(await opened({ TEMPORAL_ADDRESS }, patience)).toBe(TEMPORAL_ADDRESS);
  expect(await word).toMatch(/at 127\.0\.0\.1:\d+ has not answered for \d+ s\. It may be busy, and has \d+ s more/);
});

test('what can have no answer is not waited for', async () => {
  const hours = 10_000_000;
  expect(await refusal({ TEMPORAL_ADDRESS: '127.0.0.1:9' }, hours)).toMatch(/nothing listens there/);
  expect(await refusal({ TEMPORAL_ADDRESS: 'temporal.invalid:7233' }, hours)).toMatch(/no host of the name/);
  const proxied = { TEMPORAL_ADDRESS: 'temporal.invalid:7233', https_proxy: 'http://127.0.0.1:9' };
  expect(await refusal(proxied, hours)).toMatch(/through the proxy 127\.0\.0\.1:9.*nothing listens there/);
  const env = { TEMPORAL_ADDRESS: `127.0.0.1:${await behindTls('server')}`, TEMPORAL_TLS: 'true' };
  expect(await refusal(env, hours)).toMatch(/authority that this machine does not trust/);
});

describe('a mistake is named with the variable that mends it:', () => {
  test.each([
    ['a scheme', 'https://cloud.example:7233', /^2: TEMPORAL_ADDRESS is "https:.*host:port, without a scheme/],
    ['no port', 'cloud.example', /^2: TEMPORAL_ADDRESS is "cloud\.example"; .*the port is missing \(7233/],
    ['a bare IPv6 address', '::1:7233', /^2: .*brackets: \[::1\]:7233/],
    ['a port out of range', 'localhost:72330', /^2: .*1 to 65535/],
    ['a variable that was not filled in', 'localhost:${PORT}', /^2: .*a number from 1 to 65535 as the port/],
    ['a path', 'localhost:7233/', /^2: .*without a path/],
    ['the end of a line', 'localhost:7233\n', /^2: .*the end of a line.*host:port alone/],
    ['quotes', '"localhost:7233"', /^2: .*has quotes around it/],
    ['several servers', 'one.example:7233,two.example:7233', /^2: .*must be one host:port/],
    ['no host', ':7233', /^2: .*the host is missing/],
    ['another colon', 'localhost：7233', /^2: .*a character that no address has/],
    [
      'a host that there is not',
      'temporal.invalid:7233',
      /^3: .*no host of the name temporal\.invalid.*TEMPORAL_ADDRESS/,
    ],
    ['a port where nothing listens', '127.0.0.1:9', /^3: .*nothing listens there.*TEMPORAL_ADDRESS/],
  ])('%s', async (_, TEMPORAL_ADDRESS, message) => {
    expect(await refusal({ TEMPORAL_ADDRESS })).toMatch(message);
  });

  test('the port of something else', async () => {
    const web = createWebServer((_, response) => response.end('a page'));
    expect(await refusal({ TEMPORAL_ADDRESS: `127.0.0.1:${await listening(web)}` })).toMatch(
      /Something else may listen/,
    );
    const silent = createServer(() => undefined);
    expect(await refusal({ TEMPORAL_ADDRESS: `127.0.0.1:${await listening(silent)}` })).toMatch(/No Temporal server/);
  });

  test('a door for certificates, at which an API key is shown', async () => {
    const port = await behindTls('server', { requestCert: true, rejectUnauthorized: true, ca: read('ca.pem') });
    const env = { TEMPORAL_ADDRESS: `localhost:${port}`, TEMPORAL_API_KEY: 'key', ...CA };
    expect(await refusal(env)).toMatch(/asks for a client certificate, and an API key is set.*regional addresses/);
  });

  test('a client certificate that the server does not know, or that has expired', async () => {
    const port = await behindTls('server', { requestCert: true, rejectUnauthorized: true, ca: read('elsewhere.pem') });
    const env = { TEMPORAL_ADDRESS: `localhost:${port}`, ...CA };
    expect(await refusal({ ...env, ...CLIENT })).toMatch(/does not accept the client certificate.*authority/);
    const expired = {
      TEMPORAL_TLS_CLIENT_CERT_PATH: certificate('expired.pem'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('expired.key'),
    };
    expect(await refusal({ ...env, ...expired })).toMatch(
      /client certificate of TEMPORAL_TLS_CLIENT_CERT_PATH expired/,
    );
  });

  test('a door that speaks TLS otherwise than gRPC needs', async () => {
    const env = { TEMPORAL_TLS: 'true', ...CA };
    const web = await behindTls('server', { ALPNProtocols: ['http/1.1'] });
    expect(await refusal({ ...env, TEMPORAL_ADDRESS: `127.0.0.1:${web}` })).toMatch(/offers no HTTP\/2.*ALPN/);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await refusal({ ...env, TEMPORAL_ADDRESS: `127.0.0.1:${await behindTls('server', old)}` })).toMatch(
      /only versions of TLS before 1\.2/,
    );
  });

  test('a check of certificates that cannot be switched off', async () => {
    const env = { TEMPORAL_TLS: 'true', TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' };
    expect(await refusal({ ...env, TEMPORAL_ADDRESS: `127.0.0.1:${await behindTls('server')}` })).toMatch(
      /does not trust.*DISABLE_HOST_VERIFICATION does nothing here/,
    );
  });

  test('TLS where the server has none', async () => {
    const env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_TLS: 'true' };
    expect(await refusal(env)).toMatch(/^3: .*speaks no TLS.*TEMPORAL_TLS/);
    expect(await refusal({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_API_KEY: 'key' })).toMatch(
      /speaks no TLS.*API key/,
    );
  });

  test('no TLS where the server wants it', async () => {
    expect(await refusal({ TEMPORAL_ADDRESS: `127.0.0.1:${await behindTls('server')}` })).toMatch(
      /^3: .*it speaks TLS.*Set TEMPORAL_TLS=true/,
    );
  });

  test.each([
    [
      'an authority that nobody knows (T04)',
      'server',
      {},
      /signed by an authority that this machine does not trust.*TEMPORAL_TLS_SERVER_CA_CERT_PATH or NODE_EXTRA/,
    ],
    ['the name of another host', 'elsewhere', CA, /not for 127\.0\.0\.1.*TEMPORAL_TLS_SERVER_NAME/],
    ['a certificate that has expired', 'expired', CA, /has expired/],
  ])('%s', async (_, name, env, message) => {
    const TEMPORAL_ADDRESS = `127.0.0.1:${await behindTls(name)}`;
    expect(await refusal({ TEMPORAL_ADDRESS, TEMPORAL_TLS: 'true', ...env })).toMatch(message);
  });

  test('no client certificate, a key of another one, and a file that is none', async () => {
    const port = await behindTls('server', { requestCert: true, rejectUnauthorized: true, ca: read('ca.pem') });
    const env = { TEMPORAL_ADDRESS: `localhost:${port}`, TEMPORAL_TLS: 'true', ...CA };
    expect(await refusal(env)).toMatch(/^3: .*asks for a client certificate.*TEMPORAL_TLS_CLIENT_CERT_PATH/);
    const foreign = { ...CLIENT, TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('server.key') };
    expect(await refusal({ ...env, ...foreign })).toMatch(/certificate and its key do not belong together/);
    const noPem = { ...CLIENT, TEMPORAL_TLS_CLIENT_CERT_PATH: __filename };
    expect(await refusal({ ...env, ...noPem })).toMatch(/is no PEM file with a certificate: no line begins/);
    const absent = { ...CLIENT, TEMPORAL_TLS_CLIENT_CERT_PATH: '/absent.pem' };
    expect(await refusal({ ...env, ...absent })).toMatch(/^2: .*cannot be read.*\/absent\.pem/);
  });

  test('an API key that is refused, and one with the end of its line', async () => {
    const guarded = createHttp2Server();
    guarded.on('stream', (stream) =>
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': '16',
          'grpc-message': 'Request unauthorized.',
        },
        { endStream: true },
      ),
    );
    const env = {
      TEMPORAL_ADDRESS: `127.0.0.1:${await listening(guarded)}`,
      TEMPORAL_TLS_DISABLED: 'true',
      TEMPORAL_TLS: 'false',
    };
    const answered = (own: NodeJS.ProcessEnv) => refusal(own, 60_000);
    expect(await answered({ ...env, TEMPORAL_API_KEY: 'wrong' })).toMatch(
      /^3: .*refuses the API key.*TEMPORAL_API_KEY/,
    );
    expect(await answered({ ...env, TEMPORAL_API_KEY: 'Bearer wrong' })).toMatch(/key, which begins with "Bearer"/);
    expect(await answered({ ...env, TEMPORAL_API_KEY: '"wrong"' })).toMatch(/API key: it has quotes around it/);
    expect(await answered({ ...env, TEMPORAL_GRPC_META_X_TEAM: 'a\nb' })).toMatch(/metadata x-team holds a character/);
    expect(await answered(env)).toMatch(/asks who is calling.*TEMPORAL_API_KEY/);
    expect(await answered({ ...env, TEMPORAL_API_KEY: 'key\n' })).toMatch(/API key holds a character/);
  });
});
