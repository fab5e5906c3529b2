/** How long a model in this process may think: by a model that writes a text as it stands, a token a character. */
import { generateTokens, type Sampling } from '../../src/models/gguf-generate';

type Parts = Parameters<typeof generateTokens>;

async function write(text: string, sampling: Partial<Sampling>, room = 1000) {
  const model = { detokenize: (tokens: string[]) => tokens.join(''), isEogToken: (token: string) => token === '$' };
  const sequence = {
    contextTokens: [],
    nextTokenIndex: 0,
    clearHistory: async () => undefined,
    async *evaluate() {
      yield* text;
    },
  };
  const all = { maxTokens: 10, temperature: 0, stop: [], ...sampling };
  const [opened, asked] = [model as unknown as Parts[0], sequence as unknown as Parts[1]];
  return generateTokens(opened, asked, [], all, room, undefined);
}

test('thinking has tokens of its own, and the answer behind it all of its own', async () => {
  const text = '<think>\nOne.\nTwo.\n</think>\n[math] Add them together.$';
  const { text: written, finishReason } = await write(text, { thinkingTokens: 100, stop: ['\n'] });
  expect(written).toBe('<think>\nOne.\nTwo.\n</think>\n[math] Ad');
  expect(finishReason).toBe('length');
  const whole = {
    maxTokens: 30,
    thinkingTokens: 100,
    stop: ['\n'],
    form: { kind: 'action', tools: ['math'] },
  } as const;
  expect(await write(text, whole)).toMatchObject({ text: text.slice(0, -1), finishReason: 'stop' });
});

test('a mark that the prompt has opened counts, and ends of lines behind it end nothing', async () => {
  const sampling = { opened: '<think>', thinkingTokens: 50, maxTokens: 16, stop: ['\n'] };
  const { text, finishReason } = await write('One.\nTwo.\n</think>\n[math] Add.\nMore', sampling);
  expect({ text, finishReason }).toEqual({ text: '<think>One.\nTwo.\n</think>\n[math] Add.\n', finishReason: 'stop' });
});

test('it ends with its tokens or with the context, and without any as before', async () => {
  const endless = '<think>'.padEnd(500, 'x');
  expect((await write(endless, { thinkingTokens: 50 })).outputTokens).toBe(60);
  expect((await write(endless, { thinkingTokens: 50 }, 40)).outputTokens).toBe(40);
  expect((await write(endless, {})).outputTokens).toBe(10);
  expect((await write('x'.repeat(500), { thinkingTokens: 50 })).outputTokens).toBe(10);
});
