import { identityOfRun, type RunIdentityInput } from '../../src/evaluation/run-identity';
import { parseConfig, type HuskyConfigInput } from '../../src/config';
import { NEWEST_RULES } from '../../src/contract/profile';
import { testConfig } from '../../src/testing';

const identity = async (config: Partial<HuskyConfigInput>, over: Partial<RunIdentityInput> = {}) =>
  JSON.stringify(
    await identityOfRun({
      config: parseConfig(testConfig(config)),
      settings: { system: { kind: 'husky' }, limits: {}, rules: 'default' },
      prompts: { style: 'few-shot', hashes: {} },
      metrics: ['number'],
      ...over,
    }),
  );
const model = { provider: 'openai' as const, baseUrl: 'http://127.0.0.1:9/v1', model: 'scripted' };
const judge = { judge: { ...model, model: 'a-judge' } };

test.each<[string, Partial<HuskyConfigInput>]>([
  ['another model', { models: { default: { ...model, model: 'other' } } }],
  ['another temperature', { models: { default: { ...model, temperature: 1 } } }],
  ['a tool of the user', { tools: [{ name: 'lookup', description: 'Looks up.', activity: 'lookup' }] }],
  ['a shorter time for programs', { sandbox: { timeoutMs: 1000 } }],
  ['another Python', { sandbox: { python: 'host' } }],
  ['more results of a search', { search: { limit: 3 } }],
])('%s is another run', async (_what, config) => {
  expect(await identity(config)).not.toBe(await identity({}));
});

test.each<[string, Partial<HuskyConfigInput>]>([
  ['how many calls at a time', { models: { default: { ...model, concurrency: 2 } } }],
  ['the price', { models: { default: { ...model, price: { input: 1, output: 2 } } } }],
  ['programs at a time', { sandbox: { concurrency: 1 } }],
  ['a judge that is not asked', judge],
])('%s is the same run', async (_what, config) => {
  expect(await identity(config)).toBe(await identity({}));
});

test('another judge is another run where the metric is judge', async () => {
  const judged = { metrics: ['judge'] };
  expect(await identity(judge, judged)).not.toBe(await identity({}, judged));
});

test('the bundled facts are part of a run, by their content', async () => {
  expect(JSON.parse(await identity({}))).toMatchObject({ search: { index: expect.stringMatching(/^[0-9a-f]{64}$/) } });
});

test('the rules of a guided loop are part of a run, since a release may bring new ones', async () => {
  const guided = { prompts: { style: 'instruct', hashes: {} } };
  expect(JSON.parse(await identity({ prompts: 'instruct' }, guided))).toMatchObject({
    guidance: { rules: NEWEST_RULES },
  });
  expect(await identity({})).not.toContain('"rules":5');
});
