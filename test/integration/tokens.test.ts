/** The text of models reaches a watcher while they write it, by heartbeats that leave nothing in Temporal's history. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { HuskyClient, type SolutionHandle } from '../../src/client';
import { loadPayloadCodec } from '../../src/runtime/payload-codec';
import type { HuskyConfigInput } from '../../src/config';
import type { SolutionEvent, TextEvent } from '../../src/trajectory/solution-events';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { eventually, household } from '../cli/command';
import { temporaryFolder } from '../temporary-folder';
import { startServer, withWorkers, type TestServer } from './harness';
import { startStreamingServer, type StreamingServer } from './streaming-server';

jest.setTimeout(300_000);

const legs: ScriptedSolution = {
  question: 'How many legs do three spiders and twelve insects have?',
  steps: [
    { tool: 'commonsense', step: 'Recall how many legs an insect has.', output: 'An insect has 6 legs.' },
    { tool: 'math', step: 'Multiply 3 by 8, and 12 by 6.', output: '3 x 8 = 24 and 12 x 6 = 72, so 96 legs.' },
  ],
  answer: '96 legs',
};

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

/** What a watcher has: all events, and the text of each call put together from what was added. */
class Watcher {
  readonly events: SolutionEvent[] = [];
  readonly texts: { module: string; index: number; text: string }[] = [];
  readonly done: Promise<void>;

  constructor(handle: SolutionHandle) {
    this.done = (async () => {
      for await (const event of handle.stream({ tokens: true, intervalMs: 30 })) {
        this.events.push(event);
        if (event.type === 'text') this.take(event);
      }
    })();
  }

  get steps() {
    return this.events.flatMap((event) => (event.type === 'step' ? [event.step.output] : []));
  }

  /** The newest text of a module. */
  of(module: string): string | undefined {
    return this.texts.findLast((one) => one.module === module)?.text;
  }

  private take({ module, index, begun, added, text, from }: TextEvent): void {
    const before = this.texts.at(-1);
    if (begun || !before) this.texts.push({ module, index, text: added });
    else before.text += added;
    // Nothing is lost between two looks.
    expect(this.texts.at(-1)?.text.slice(from)).toBe(text);
  }
}

const scripted = scriptSolutions([legs]).parts;
const parts = { search: scripted.search, sandbox: scripted.sandbox };
const outputs = legs.steps.map(({ output }) => output);

const ways: [string, Partial<HuskyConfigInput>][] = [
  ['an activity a call', {}],
  ['several steps an activity', { stepsPerActivity: 8 }],
  ['a journal in a file', { stepsPerActivity: 8, journal: 'file' }],
  ['a queue for each expert', { queues: { mode: 'separate' } }],
];
test.each(ways)(
  'text arrives as it is written, then the step in its place, and nothing of it in the history: %s',
  async (_, more) => {
    models.calls.length = 0;
    const journalFolder = temporaryFolder('tokens');
    await withWorkers(temporal, { config: { ...models.config, journalFolder, ...more }, parts }, async (husky) => {
      const held = models.hold('math');
      const handle = await husky.start(legs.question, { tokens: true });
      const watcher = new Watcher(handle);
      await held.reached;
      held.write(2);
      await eventually(() => watcher.of('math') === '3 x');
      expect(watcher.steps).not.toContain(outputs[1]);
      held.write(3);
      await eventually(() => watcher.of('math') === '3 x 8 = 24');
      const { position } = watcher.events.findLast(({ type }) => type !== 'text') ?? { position: -1 };
      expect(watcher.events.at(-1)).toMatchObject({ type: 'text', index: 1, begun: false, added: ' 8 = 24', position });
      held.release();
      await watcher.done;
      const solution = await handle.result();
      expect([solution.answer, watcher.steps]).toEqual(['96 legs', outputs]);
      expect(Object.keys(solution)).not.toContain('tokens');
      // A whole answer tells what serves, and thereby how actions are held to their form.
      const [first, ...later] = models.calls;
      expect(first).toMatchObject({ expert: 'action', streamed: false });
      expect(later.filter(({ streamed }) => !streamed)).toEqual([]);
      expect(solution.usage).toMatchObject({ calls: 5, outputTokens: 25 });
      const { events } = await handle.workflow.fetchHistory();
      const history = JSON.stringify(events, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      );
      expect(history).not.toContain('partialText');
      expect(events?.some((event) => event.workflowExecutionSignaledEventAttributes)).toBe(false);
    });
  },
);

test('nobody asked: the model is not asked to stream; who asks later has text from the next call on, for one signal', async () => {
  models.calls.length = 0;
  await withWorkers(temporal, { config: models.config, parts }, async (husky) => {
    const first = models.hold('commonsense');
    const second = models.hold('math');
    const handle = await husky.start(legs.question);
    await first.reached;
    const watchers = [new Watcher(handle)];
    await eventually(async () => (await handle.progress())?.tokens === true);
    watchers.push(new Watcher(handle));
    first.release();
    await second.reached;
    second.write(2);
    await eventually(() => watchers.every((watcher) => watcher.of('math') === '3 x'));
    second.release();
    await Promise.all(watchers.map(({ done }) => done));
    expect(watchers.map(({ steps }) => steps)).toEqual([outputs, outputs]);
    expect(models.calls.map(({ expert, streamed }) => [expert, streamed]).slice(0, 2)).toEqual([
      ['action', false],
      ['commonsense', false],
    ]);
    expect(models.calls.slice(2).every(({ streamed }) => streamed)).toBe(true);
    const { events } = await handle.workflow.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(1);
  });
});

test('a call that breaks off is made again: its text begins anew, the watcher is told, and the step is there once', async () => {
  await withWorkers(temporal, { config: { ...models.config, retry: { initialMs: 10 } }, parts }, async (husky) => {
    const held = models.hold('math');
    const handle = await husky.start(legs.question, { tokens: true });
    const watcher = new Watcher(handle);
    await held.reached;
    held.write(4);
    await eventually(() => watcher.of('math') === '3 x 8 =');
    const again = models.hold('math');
    held.breakOff();
    await again.reached;
    again.write(2);
    await eventually(() => watcher.of('math') === '3 x');
    again.release();
    await watcher.done;
    expect(
      watcher.events.filter((event) => event.type === 'text' && event.module === 'math' && event.begun),
    ).toHaveLength(2);
    expect(watcher.steps).toEqual(outputs);
  });
});

test.each([0, 8])(
  'a worker that is killed while its model writes: the text begins anew, each step is there once (%i steps an activity)',
  async (stepsPerActivity) => {
    models.calls.length = 0;
    const home = household();
    const prefix = `tokens${stepsPerActivity}`;
    writeFileSync(
      join(home.folder, 'husky.json'),
      JSON.stringify({ ...models.config, stepsPerActivity, timeouts: { heartbeatMs: 2000 }, queues: { prefix } }),
    );
    const worker = () =>
      home.start(['worker', '--config', 'husky.json'], { env: { TEMPORAL_ADDRESS: temporal.address } });
    const husky = new HuskyClient({ client: temporal.client, taskQueue: `${prefix}-husky` });
    const held = models.hold('math');
    const first = worker();
    const handle = await husky.start(legs.question, { tokens: true });
    const watcher = new Watcher(handle);
    await held.reached;
    held.write(4);
    await eventually(() => watcher.of('math') === '3 x 8 =');
    const again = models.hold('math');
    first.child.kill('SIGKILL');
    await first.done;
    await held.closed;
    worker();
    await again.reached;
    again.write(1);
    await eventually(() => watcher.of('math') === '3');
    again.release();
    await watcher.done;
    await home.close();
    expect(watcher.steps).toEqual(outputs);
    // What had finished is not asked again: action, commonsense, action, math, action.
    expect(models.calls.map(({ expert }) => expert)).toEqual(['action', 'commonsense', 'action', 'math', 'action']);
  },
);

/** Not secret, but not readable either: each byte turned round. */
const CODEC = `
const turned = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
exports.codec = {
  encode: async (payloads) => payloads.map(({ metadata, data }) => ({
    metadata: { encoding: Buffer.from('binary/turned') },
    data: turned(Buffer.from(JSON.stringify([Buffer.from(metadata.encoding).toString(), Buffer.from(data ?? []).toString('base64')]))),
  })),
  decode: async (payloads) => payloads.map((payload) => {
    if (Buffer.from(payload.metadata?.encoding ?? []).toString() !== 'binary/turned') return payload;
    const [encoding, data] = JSON.parse(turned(Buffer.from(payload.data)).toString());
    return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data, 'base64') };
  }),
};`;

test.each([0, 8])('text passes the payload codec on its way (%i steps an activity)', async (stepsPerActivity) => {
  const codec = join(temporaryFolder('codec'), 'codec.cjs');
  writeFileSync(codec, CODEC);
  const client = new Client({
    connection: temporal.client.connection,
    dataConverter: { payloadCodecs: [loadPayloadCodec(codec)] },
  });
  const config = { ...models.config, stepsPerActivity, temporal: { codec } };
  await withWorkers(temporal, { config, parts }, async (_, prefix) => {
    const husky = new HuskyClient({ client, taskQueue: `${prefix}-husky` });
    const held = models.hold('math');
    const handle = await husky.start(legs.question, { tokens: true });
    const watcher = new Watcher(handle);
    await held.reached;
    held.write(2);
    await eventually(() => watcher.of('math') === '3 x');
    const { raw } = await handle.workflow.describe();
    const details = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0];
    expect(Buffer.from(details?.metadata?.encoding ?? []).toString()).toBe('binary/turned');
    expect(Buffer.from(details?.data ?? []).toString()).not.toContain('3 x');
    held.release();
    await watcher.done;
    expect(watcher.steps).toEqual(outputs);
  });
});
