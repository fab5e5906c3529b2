import type { ActivityContext } from '../../src/runtime/activity-context';
import { answerByBaseline, type BaselineQuestion } from '../../src/activities/lab/baseline';
import { parseConfig } from '../../src/config';
import type { GenerateRequest } from '../../src/models/model';
import { loadPrompts } from '../../src/prompts';
import { createSandbox } from '../../src/sandbox';

const { signal } = new AbortController();
const ask = (context: ActivityContext, asked: Partial<BaselineQuestion> = {}) =>
  answerByBaseline(context, { baseline: 'cot', question: 'How much is 2 + 2?', ...asked }, signal);
const sandbox = createSandbox({ require: 'isolate', spares: 0 });
afterAll(async () => (await sandbox).close());
const asked: GenerateRequest[] = [];
beforeEach(() => void (asked.length = 0));

function contextOf(settings: object, text = 'Two and two. The answer is 4.'): ActivityContext {
  const model = {
    name: 'm',
    generate: async (request: GenerateRequest) => {
      asked.push(request);
      const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
      return { text, finishReason: 'stop' as const, model: 'm', usage };
    },
  };
  const config = parseConfig({
    models: { default: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'm', ...settings } },
  });
  const parts = { model: async () => model, sandbox: async () => sandbox };
  return { config, prompts: loadPrompts('few-shot'), ...parts } as unknown as ActivityContext;
}

test('the baseline is sampled as its model is configured, and otherwise as its prompt says', async () => {
  const sampling = { maxTokens: 50, temperature: 0.3, topP: 0.9, stop: ['###'] };
  expect(await ask(contextOf(sampling))).toMatchObject({ answer: '4' });
  await ask(contextOf({}));
  expect(asked[0]).toMatchObject(sampling);
  expect(asked[1]).toMatchObject({ temperature: 0, stop: [] });
});

test('a question that leaves no room for its answer is refused before it is sent', async () => {
  const context = contextOf({ contextTokens: 200, maxTokens: 100 });
  await expect(ask(context, { question: 'Why? '.repeat(500) })).rejects.toMatchObject({
    type: 'ContextLengthExceeded',
  });
  expect(asked).toEqual([]);
});

test('what a server writes beyond all limits loses its middle, and the answer at its end counts', async () => {
  const context = contextOf({}, `${'Thinking. '.repeat(100_000)}The answer is 4.`);
  const { text, answer } = await ask(context);
  expect(text.length).toBeLessThan(33_000);
  expect(answer).toBe('4');
});

test('an answer is what stands in the last box, whatever is written around it', async () => {
  const context = contextOf({}, 'First \\boxed{3}, but then \\(2 + 2 = \\boxed{4}\\). Check: 2 + 2 is 4.');
  expect((await ask(context)).answer).toBe('4');
});

test('a program is run in the sandbox, and the last line that it prints is the answer', async () => {
  const written =
    'Here it is:\n```js\nconst apples = 2 + 2;\nconsole.log("apples");\nconsole.log(apples);\n```\nIt prints 5.';
  const answer = await ask(contextOf({}, written), { baseline: 'program' });
  expect(answer.answer).toBe('4');
  expect(answer.text).toContain('const apples');
});

test('a program that fails is no answer, and the record says why', async () => {
  const answer = await ask(contextOf({}, 'console.log(apples)'), { baseline: 'program' });
  expect(answer.answer).toBe('');
  expect(answer.text).toMatch(/apples is not defined/);
});
