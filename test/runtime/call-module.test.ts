import type { ActivityContext } from '../../src/runtime/activity-context';
import { rewriteResult } from '../../src/activities/solve/rewrite-result';
import { parseConfig } from '../../src/config';
import type { GenerateRequest } from '../../src/models/model';
import { loadPrompts } from '../../src/prompts';

const { signal } = new AbortController();
const countTokens = (text: string) => text.length;
const asked: GenerateRequest[] = [];

function contextOf(contextTokens: number): ActivityContext {
  asked.length = 0;
  const model = {
    name: 'm',
    countTokens,
    generate: async (request: GenerateRequest) => {
      asked.push(request);
      return {
        text: 'It is 7.',
        finishReason: 'stop' as const,
        model: 'm',
        usage: { calls: 1, inputTokens: 1, outputTokens: 1 },
      };
    },
  };
  const config = parseConfig({
    models: {
      default: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'm', contextTokens, maxTokens: 100 },
    },
  });
  return {
    config,
    prompts: loadPrompts('few-shot'),
    model: async () => model,
  } as unknown as ActivityContext;
}

const rewriting = (observation: string) => ({
  solution: { question: 'How many?', history: [{ step: 'Count.', output: 'Many.' }] },
  kind: 'code' as const,
  step: 'Count again.',
  code: 'print(7)',
  observation,
});

test('a result that is longer than the context loses its middle, and the call says so', async () => {
  const context = contextOf(6000);
  const result = await rewriteResult(context, rewriting(`first ${'7 '.repeat(50_000)}last`), signal);
  expect(result).toMatchObject({ text: 'It is 7.', fitted: { shortened: 1 } });
  const prompt = asked[0]?.prompt ?? '';
  expect(prompt.length).toBeLessThanOrEqual(5900);
  expect(prompt.length).toBeGreaterThan(5800);
  expect(prompt).toMatch(/first 7 7[^]*7 7 last/);
});

test('a model that was made for less than the configuration says gets what it can hold', async () => {
  const { model, ...context } = contextOf(20_000);
  const made = async (module: Parameters<typeof model>[0]) => ({ ...(await model(module)), contextTokens: 6000 });
  const long = rewriting(`first ${'7 '.repeat(5000)}last`);
  const result = await rewriteResult({ ...context, model: made } as unknown as ActivityContext, long, signal);
  expect(result).toMatchObject({ fitted: { shortened: 1 } });
  expect(asked[0]?.prompt.length).toBeLessThanOrEqual(5900);
});

test('a result that fits is shown whole', async () => {
  const context = contextOf(20_000);
  const result = await rewriteResult(context, rewriting(`first ${'7 '.repeat(500)}last`), signal);
  expect(result.fitted).toBeUndefined();
  expect(asked[0]?.prompt).toContain(`first ${'7 '.repeat(500)}last`);
});

test('a prompt that is too long without any result is refused with its size', async () => {
  const context = contextOf(300);
  await expect(rewriteResult(context, rewriting('7'), signal)).rejects.toMatchObject({
    type: 'ContextLengthExceeded',
    message: expect.stringMatching(/takes about \d+ tokens .* has 300, of which 100/) as string,
  });
  expect(asked).toHaveLength(0);
});

test("a rewriter with a model of its own is asked instead of the commonsense reasoner's, within its own context", async () => {
  const context = contextOf(6000);
  const wanted: string[] = [];
  const own = parseConfig({
    models: {
      ...context.config.models,
      'code-rewrite': {
        provider: 'openai',
        baseUrl: 'http://127.0.0.1:9/v1',
        model: 'r',
        contextTokens: 4000,
        maxTokens: 100,
      },
    },
  });
  const model = (module: Parameters<ActivityContext['model']>[0]) => {
    wanted.push(module);
    return context.model(module);
  };
  await rewriteResult({ ...context, config: own, model }, rewriting('7 '.repeat(50_000)), signal);
  expect(wanted).toEqual(['code-rewrite']);
  expect(asked[0]?.prompt.length).toBeLessThanOrEqual(3900);
});
