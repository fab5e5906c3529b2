import type { ActivityContext } from '../../src/runtime/activity-context';
import { answerByThought } from '../../src/activities/lab/chain-of-thought';
import { parseConfig } from '../../src/config';
import type { GenerateRequest } from '../../src/models/model';
import { loadPrompts } from '../../src/prompts';

const { signal } = new AbortController();
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
  return { config, prompts: loadPrompts('few-shot'), model: async () => model } as unknown as ActivityContext;
}

test('the baseline is sampled as its model is configured, and otherwise as its prompt says', async () => {
  const sampling = { maxTokens: 50, temperature: 0.3, topP: 0.9, stop: ['###'] };
  expect(await answerByThought(contextOf(sampling), 'How much is 2 + 2?', signal)).toMatchObject({ answer: '4' });
  await answerByThought(contextOf({}), 'How much is 2 + 2?', signal);
  expect(asked[0]).toMatchObject(sampling);
  expect(asked[1]).toMatchObject({ temperature: 0, stop: [] });
});

test('a question that leaves no room for its answer is refused before it is sent', async () => {
  const context = contextOf({ contextTokens: 200, maxTokens: 100 });
  await expect(answerByThought(context, 'Why? '.repeat(500), signal)).rejects.toMatchObject({
    type: 'ContextLengthExceeded',
  });
  expect(asked).toEqual([]);
});

test('what a server writes beyond all limits loses its middle, and the answer at its end counts', async () => {
  const context = contextOf({}, `${'Thinking. '.repeat(100_000)}The answer is 4.`);
  const { text, answer } = await answerByThought(context, 'How much is 2 + 2?', signal);
  expect(text.length).toBeLessThan(33_000);
  expect(answer).toBe('4');
});
