/** The answers of other APIs than OpenAI's: told by their name, and never taken for an answer that was cut while the model thought. */
import { raw } from './misbehaving-server';
import { REQUEST, see } from './seen-answer';

const usage = { input_tokens: 5, output_tokens: 9 };
const text = '[search] Find x';

test.each([
  [
    "Anthropic's Messages API",
    { type: 'message', role: 'assistant', content: [{ type: 'text', text }], stop_reason: 'end_turn', usage },
  ],
  ["Anthropic's Messages API", { type: 'message', content: [{ type: 'thinking', thinking: 'hm' }], usage }],
  ["OpenAI's Responses API", { output: [{ type: 'message', content: [{ type: 'output_text', text }] }], usage }],
  ["OpenAI's Responses API", { object: 'response', output: [], status: 'incomplete', usage }],
  ["Google's generateContent", { candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] }],
  ["Bedrock's Converse", { output: { message: { content: [{ text }] } }, usage: { outputTokens: 2 } }],
  ["DashScope's own API", { output: { text, finish_reason: 'stop' }, usage }],
  ["Ollama's own API", { message: { role: 'assistant', content: text }, done: true, eval_count: 3 }],
  ["Ollama's own API", { response: text, done: true, usage }],
  ["Cohere's own API", { id: 'x', message: { content: [{ type: 'text', text }] }, choices: [], usage }],
  ["a server's own API", { content: text, stop: true, usage }],
  ["a server's own API", [{ generated_text: text }]],
])('%s is named, with what to set: %j', async (name, body) => {
  const seen = await see(raw(JSON.stringify(body)), REQUEST);
  expect(seen).toMatchObject({ type: 'ModelResponseInvalid', requests: 1 });
  expect(seen.message).toContain(name);
  expect(seen.message).toContain('baseUrl');
});

test('an answer in which a proxy of Google left out a choice with nothing but thinking is still cut', async () => {
  const body = { model: 'tiny', choices: [], usage: { prompt_tokens: 5, completion_tokens: 9 } };
  expect(await see(raw(JSON.stringify(body)), REQUEST)).toMatchObject({ text: '', finishReason: 'length' });
});

test('a prompt that Google blocked is still filtered', async () => {
  const body = { promptFeedback: { blockReason: 'SAFETY' }, usage: { prompt_tokens: 5, completion_tokens: 0 } };
  expect(await see(raw(JSON.stringify(body)), REQUEST)).toMatchObject({ text: '', finishReason: 'content-filter' });
});
