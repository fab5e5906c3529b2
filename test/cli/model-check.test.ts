/** Which models of a configuration are looked at, and when a fallback makes up for one that cannot answer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkModels, requireModels, unansweredBecause } from '../../src/cli/session/model-check';
import { parseConfig } from '../../src/config';
import { raw, startMisbehavingServer, status, type MisbehavingServer } from '../models/misbehaving-server';
import { household } from './command';

jest.setTimeout(120_000);

const AWAY = { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'away' };
let server: MisbehavingServer;
let locked: MisbehavingServer;
beforeAll(async () => {
  server = await startMisbehavingServer(({ path }) =>
    path === '/v1/models'
      ? raw(JSON.stringify({ data: [{ id: 'here', max_model_len: 9000 }] }))
      : raw(
          JSON.stringify({
            model: 'here',
            choices: [{ index: 0, message: { content: '4' }, text: '4', finish_reason: 'stop' }],
          }),
        ),
  );
  locked = await startMisbehavingServer(() => status(401));
});
afterAll(async () => {
  await server.close();
  await locked.close();
});
const here = () => ({ provider: 'openai', baseUrl: server.url, model: 'here' });
const configOf = (first: object, fallback: object[]) => parseConfig({ models: { default: { ...first, fallback } } });

test('a server that is away is no obstacle where a fallback answers in its place', async () => {
  await expect(requireModels(configOf(AWAY, [here()]))).resolves.toBeUndefined();
  await expect(requireModels(configOf({ ...here(), baseUrl: locked.url }, [here()]))).resolves.toBeUndefined();
  await expect(requireModels(configOf(here(), [AWAY]))).resolves.toBeUndefined();
});

test('it is one where the fallback is away, too, answers after other failures, or lacks its key', async () => {
  await expect(requireModels(configOf(AWAY, [{ ...AWAY, model: 'second' }]))).rejects.toThrow(/cannot be reached/);
  await expect(requireModels(configOf(AWAY, [{ ...here(), on: ['overloaded'] }]))).rejects.toThrow(/127\.0\.0\.1:9/);
  const keyless = { ...here(), apiKeyEnv: 'HUSKY_TEST_ABSENT' };
  await expect(requireModels(configOf(AWAY, [keyless]))).rejects.toThrow(/cannot be reached[^]*HUSKY_TEST_ABSENT/);
  // Without its key a model is not asked at all, so that no failure leads to the fallback.
  await expect(requireModels(configOf(keyless, [here()]))).rejects.toThrow(/HUSKY_TEST_ABSENT/);
});

test('all that may ever be asked is looked at when that is wanted: fallbacks, the judge, models of tools', async () => {
  const tool = { name: 'weather', description: 'Tells it.', activity: 'a', input: { type: 'object' } };
  const config = parseConfig({
    models: { default: { ...here(), fallback: [AWAY] } },
    judge: { ...AWAY, model: 'judging' },
    tools: [{ ...tool, model: { ...AWAY, model: 'filling' } }],
  });
  const found = await checkModels(config, { all: true });
  expect(found.map(({ users, problem }) => [users.at(-1), problem !== undefined])).toEqual([
    ['commonsense', false],
    ['judge', true],
    ['tool weather', true],
  ]);
  expect(found[0]).toMatchObject({ contextTokens: 9000, behind: [{ users: ['fallback of here'], model: 'away' }] });
  expect(found[0]?.behind[0]?.problem).toMatch(/cannot be reached/);
  expect(unansweredBecause(found[0]!)).toEqual([]);
  expect(await checkModels(config)).toHaveLength(1);
});

test('doctor tells the context of each model, and what a fallback or a file lacks', async () => {
  const home = household();
  try {
    const file = join(__dirname, '../../models/action.gguf');
    const action = { provider: 'gguf', path: file, contextTokens: 4096 };
    const models = { default: { ...here(), contextTokens: 8000, fallback: [AWAY] }, action };
    const path = join(home.folder, 'husky.yaml');
    writeFileSync(path, JSON.stringify({ prompts: 'compact', models }));
    const { code, out } = await home.run(['doctor', '--config', path], { env: { TEMPORAL_ADDRESS: '127.0.0.1:9' } });
    expect(code).toBe(1);
    expect(out).toMatch(/ok +models +code, .*: here at .*, a context of 9000 tokens\)/);
    expect(out).toMatch(/problem +models +fallback of here: The model server at .* cannot be reached/);
    expect(out).toMatch(/note +models +action: .*action\.gguf was made for a context of 1024 tokens, .* says 4096;/);
  } finally {
    await home.close();
  }
});
