/** Keys of models as environments hold them. */
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { household, type Household } from './command';

jest.setTimeout(60_000);

const asked: (string | undefined)[] = [];
const models = createServer((request, response) => {
  asked.push(request.headers.authorization);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ object: 'list', data: [{ id: 'm' }] }));
});
let home: Household;
beforeAll(async () => {
  home = household();
  await new Promise<void>((resolve) => models.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(models.address() as AddressInfo).port}/v1`;
  const model = { provider: 'openai', baseUrl, model: 'm', apiKeyEnv: 'MODEL_KEY', contextTokens: 4096 };
  writeFileSync(join(home.folder, 'husky.yaml'), JSON.stringify({ prompts: 'instruct', models: { default: model } }));
});
beforeEach(() => void asked.splice(0));
afterAll(async () => {
  await home.close();
  models.close();
});

const start = (MODEL_KEY: string) =>
  home.run(['worker', '--roles', 'math', '--address', '127.0.0.1:9'], { env: { MODEL_KEY } });

test('a key with the end of its line reaches the server as the key alone, at the start as in calls', async () => {
  const { err } = await start('sk-secret\n');
  expect(asked).toEqual(['Bearer sk-secret']);
  expect(err).toMatch(/No Temporal server answers/);
});

test.each([
  ['sk-se\ncret', /environment variable MODEL_KEY, .* holds a character that no key has/],
  ['"sk-secret"', /environment variable MODEL_KEY, .* has quotes around its value/],
])('a key that cannot be one is named by its variable, and no server is blamed: %j', async (key, said) => {
  const { code, err } = await start(key);
  expect(code).toBe(3);
  expect(err).toMatch(said);
  expect(err).not.toMatch(/cannot be reached|cret/);
  expect(asked).toEqual([]);
});
