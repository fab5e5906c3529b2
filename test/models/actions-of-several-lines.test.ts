/** Actions that take several lines, from servers that end an answer at the stop strings they are sent, as all of them do. */
import { createOpenAIModel, type OpenAIModelOptions } from '../../src/models';
import { readAnswer } from '../../src/models/read-answer';
import { raw, startMisbehavingServer, type MisbehavingServer } from './misbehaving-server';

const form = { kind: 'action', tools: ['search', 'code', 'math', 'commonsense', 'finish'] } as const;
const REQUEST = { prompt: 'Next step?', maxTokens: 80, temperature: 0, stop: ['\n', '\n---'], form };
const JSON_LINES = '{\n  "tool": "search",\n  "step": "Find it."\n}';

let server: MisbehavingServer | undefined;
afterEach(() => server?.close());

/** @param free the answer where nothing holds the model to a form */
async function modelOf(free: string, own: object, options: Partial<OpenAIModelOptions> = {}) {
  server = await startMisbehavingServer(({ body }) => {
    const { stop = [], response_format: held } = body as { stop?: string[]; response_format?: object };
    const text = held === undefined ? free : JSON_LINES;
    const content = text.slice(0, Math.min(...stop.map((mark) => text.indexOf(mark)).filter((at) => at >= 0), 999));
    const isChat = 'messages' in body;
    const said = isChat ? { message: { content } } : { text: content };
    return raw(JSON.stringify({ model: 'm', ...own, choices: [{ index: 0, ...said, finish_reason: 'stop' }] }));
  });
  return createOpenAIModel({ baseUrl: server.url, model: 'm', api: 'chat', ...options });
}
const stops = () => server?.requests.map(({ body }) => body.stop);

test('JSON that a schema holds is not ended by the end of its first line', async () => {
  const model = await modelOf('Let me see.', { system_fingerprint: 'fp_ollama' });
  expect(await model.generate(REQUEST)).toMatchObject({ text: '[search] Find it.', usage: { calls: 2 } });
  expect(await model.generate(REQUEST)).toMatchObject({ text: '[search] Find it.', usage: { calls: 1 } });
  expect(stops()).toEqual([['\n', '\n---'], undefined, undefined]);
});

test.each([
  ['a fence', '```\n[search] Find it.\n```'],
  ['a thought', 'Thought: I need a fact.\nAction: search\nAction Input: Find it.'],
  ['a call of a function', '<tool_call>\n{"name": "search", "arguments": {"query": "Find it."}}\n</tool_call>'],
  ['the tool alone', '[search]\nFind it.'],
  ['YAML', 'tool: search\nstep: Find it.'],
])('an action that begins with %s is asked for again beyond its line, once', async (_, text) => {
  const model = await modelOf(text, {});
  expect(await model.generate(REQUEST)).toMatchObject({ text: '[search] Find it.', usage: { calls: 2 } });
  expect(await model.generate(REQUEST)).toMatchObject({ text: '[search] Find it.', usage: { calls: 1 } });
  expect(stops()).toEqual([['\n', '\n---'], ['\n---'], ['\n---']]);
  await model.generate({ ...REQUEST, form: { kind: 'line' } });
  expect(stops()?.at(-1)).toEqual(['\n', '\n---']);
});

test('an action in its line, and a model that is asked by text, are asked as ever', async () => {
  await (await modelOf('[search] Find it.\n[search] Find more.', {})).generate(REQUEST);
  expect(stops()).toHaveLength(1);
  await server?.close();
  await (await modelOf('So we\nsee.', {}, { api: 'completions' })).generate(REQUEST);
  expect(stops()).toHaveLength(1);
});

test.each([
  ['what words end stays ended', 'No.\n---\nQuestion: next\n[search] Find it.', 'No.'],
  ['the step of a fence below its tool', '[code]\n```python\nprint(3 * 4)\n```', '[code] print(3 * 4)'],
  ['the first line, where no line is an action', 'So we\nsee.', 'So we'],
])('read is %s', (_, text, expected) => {
  expect(readAnswer(text, { stop: REQUEST.stop, form }).text).toBe(expected);
});
