/** One rule for the proxies of the environment, whoever sends: what doctor reaches, models and search reach, too. */
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { household, type Household } from './command';

jest.setTimeout(120_000);

let home: Household;
const asked: string[] = [];
const proxy = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.writeHead(502).end();
});
proxy.on('connect', (request, socket) => {
  asked.push(`CONNECT ${request.url}`);
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
});
beforeAll(async () => {
  home = household();
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => void asked.splice(0));
afterAll(async () => {
  await home.close();
  proxy.close();
});

const environment = (more: Record<string, string> = {}) => ({
  // An empty variable in lower case hides nothing.
  https_proxy: '',
  http_proxy: '',
  HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  NO_PROXY: '.corp',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
  SERPER_API_KEY: 'key',
  ...more,
});
const model = (baseUrl: string) => ({ provider: 'openai', baseUrl, model: 'm', contextTokens: 4096 });

test('doctor asks models as calls do: through the proxy, but for this machine and NO_PROXY, and says so (K01)', async () => {
  writeFileSync(
    join(home.folder, 'husky.yaml'),
    JSON.stringify({
      prompts: 'few-shot',
      models: {
        default: model('https://api.example.com/v1'),
        math: model('http://127.0.0.1:9/v1'),
        code: model('http://model.corp:9/v1'),
      },
      search: { engine: 'serper' },
    }),
  );
  const { out } = await home.run(['doctor'], { env: environment() });
  expect(out).toMatch(
    /HTTPS_PROXY.* set; api\.example\.com through http:\/\/127\.0\.0\.1:\d+.*127\.0\.0\.1:9 directly/,
  );
  expect(new Set(asked)).toEqual(new Set(['CONNECT api.example.com:443']));
});

test('a search goes through it, and the failure names it (K01)', async () => {
  const { code, err } = await home.run(['search', 'Danube', '--engine', 'serper'], { env: environment() });
  expect(code).not.toBe(0);
  expect(asked).toContain('CONNECT google.serper.dev:443');
  expect(err).toMatch(/through the proxy http:\/\/127\.0\.0\.1:\d+ of the environment/);
});
