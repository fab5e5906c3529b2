/** A chat completion that grows as models write. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import OpenAI from 'openai';
import { GrowingChat } from '../../src/endpoint/chat-tokens';
import { createEndpoint } from '../../src/endpoint/create-endpoint';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import type { TextEvent } from '../../src/trajectory/solution-events';
import type { Step } from '../../src/trajectory/step';
import { eventually } from '../cli/command';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { startStreamingServer, type StreamingServer } from '../integration/streaming-server';

jest.setTimeout(180_000);

const legs: ScriptedSolution = {
  question: 'How many legs do three spiders have?',
  steps: [
    { tool: 'commonsense', step: 'Recall how many legs a spider has.', output: 'A spider has 8 legs.' },
    { tool: 'math', step: 'Multiply 3 by 8.', output: '3 x 8 = 24 legs.' },
  ],
  answer: '24 legs',
};
const canonical = legs.steps.map(({ tool, step, output }) => `[${tool}] ${step}\n${output}`).join('\n\n');

let temporal: TestServer;
let models: StreamingServer;
beforeAll(async () => {
  temporal = await startServer();
  models = await startStreamingServer([legs]);
});
afterAll(async () => {
  await models.close();
  await temporal.stop();
});

test('steps and the answer come word by word, and together they are what a whole answer says', async () => {
  const { search, sandbox } = scriptSolutions([legs]).parts;
  await withWorkers(temporal, { config: models.config, parts: { search, sandbox } }, async (husky) => {
    const server = serve({
      fetch: createEndpoint({ husky, keys: [] }).fetch,
      port: 0,
      hostname: '127.0.0.1',
    }) as Server;
    await new Promise((ready) => (server.listening ? ready(0) : server.once('listening', ready)));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
    const math = models.hold('math');
    const seen = { reasoning: '', content: '', contents: 0, end: '' };
    const stream = await client.chat.completions.create({
      model: 'husky',
      messages: [{ role: 'user', content: legs.question }],
      metadata: { tokens: 'true' },
      stream: true,
    });
    const read = (async () => {
      for await (const { choices } of stream) {
        const { delta, finish_reason: end } = choices[0] ?? {};
        seen.reasoning += (delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? '';
        seen.content += delta?.content ?? '';
        seen.contents += delta?.content ? 1 : 0;
        seen.end = end ?? seen.end;
      }
    })();
    await math.reached;
    math.write(2);
    await eventually(() => seen.reasoning.endsWith('\n\n[math] Multiply 3 by 8.\n3 x'));
    const finish = models.hold('action');
    math.release();
    await finish.reached;
    finish.write(5);
    await eventually(() => seen.content === '24');
    expect(seen.reasoning).toBe(canonical);
    finish.release();
    await read;
    expect(seen).toEqual({ reasoning: canonical, content: '24 legs', contents: 2, end: 'stop' });
    const refused = await client.chat.completions
      .create({ model: 'husky', messages: [{ role: 'user', content: 'x' }], metadata: { tokens: 'maybe' } })
      .catch((error: { status: number }) => error);
    expect(refused).toMatchObject({ status: 400 });
    server.closeAllConnections();
    server.close();
  });
});

test.each([
  ['experts that the loop guides', { prompts: 'expert', guidance: { experts: true } }, true],
  ['models that it does not guide', {}, undefined],
] as const)('whether an answer is checked before it is taken is told: %s', async (_, config, guided) => {
  const { search, sandbox } = scriptSolutions([legs]).parts;
  const options = { config: { ...models.config, ...config }, parts: { search, sandbox } };
  await withWorkers(temporal, options, async (husky) => {
    const first = models.hold('action');
    const handle = await husky.start(legs.question);
    await first.reached;
    expect((await handle.progress())?.guided).toBe(guided);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    first.release();
  });
});

const action = (index: number) => ({ type: 'action', position: 0, index, tool: 'math', step: 'Add.' }) as const;
const text = (added: string, more: Partial<TextEvent> = {}): TextEvent & { position: number } => ({
  type: 'text',
  call: '1',
  position: 0,
  index: 0,
  module: 'math',
  begun: false,
  added,
  text: added,
  from: 0,
  ...more,
});
const step = (output: string) =>
  ({ type: 'step', position: 0, step: { index: 0, tool: 'math', step: 'Add.', output } as Step }) as const;

test('a call that was made again and writes the same goes on where it was; one that writes something else is sent anew', () => {
  const same = new GrowingChat(true);
  const parts = [
    action(0),
    text('1 + 1', { begun: true }),
    text('1 +', { begun: true }),
    text(' 1 = 2'),
    step('1 + 1 = 2'),
  ];
  expect(parts.map((event) => same.take(event).reasoning ?? '')).toEqual(['[math] Add.\n', '1 + 1', '', ' = 2', '']);
  const other = new GrowingChat(true);
  for (const event of parts.slice(0, 2)) other.take(event);
  expect(other.take(text('Two', { begun: true }))).toEqual({});
  expect(other.take(step('Two.'))).toEqual({ reasoning: '\n(written anew)\n[math] Add.\nTwo.' });
});

test('an answer that is another than what was sent of it ends by an error; guided prompts send none before it is taken', () => {
  const finish = text('[finish] The answer is 9', { module: 'action', begun: true });
  const sent = new GrowingChat(true);
  expect(sent.take(finish)).toEqual({ content: '9' });
  expect(sent.end({ answer: '96' })).toEqual({ content: '6' });
  expect(() => sent.end({ answer: '12' })).toThrow(/written anew.*same Idempotency-Key/);
  const guided = new GrowingChat(false);
  expect(guided.take(finish)).toEqual({});
  expect(guided.end({ answer: '12' })).toEqual({ content: '12' });
});
