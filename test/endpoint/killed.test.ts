/**
 * `husky serve`, its Temporal server and a worker are killed with SIGKILL in mid-solution. Clients take their streams up again; they have
 * every step once and the answer, and no finished call is made twice.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { SolutionEvent } from '../../src/trajectory/solution-events';
import { livePollers } from '../../src/live-pollers';
import { HuskyClient } from '../../src/client';
import { eventually, household, type Household, type Started } from '../cli/command';
import { freePort } from '../free-port';
import { startServer, type TestServer } from '../integration/harness';
import { startScriptedServers, type ScriptedServers } from '../integration/scripted-servers';
import { spiders } from '../integration/solutions';
import { byChat, byPage, byResponses, type ReconnectingClient } from './reconnecting-clients';

jest.setTimeout(600_000);

let home: Household;
let models: ScriptedServers;
let temporal: TestServer;
beforeAll(async () => {
  home = household();
  models = await startScriptedServers([spiders]);
  temporal = await startServer();
});
afterAll(async () => {
  await home.close();
  await models.close();
  await temporal.stop();
});

const steps = spiders.steps.map(({ tool, step, output }) => `[${tool}] ${step}\n${output}`);

function configure(name: string, stepsPerActivity: number): string {
  const file = join(home.folder, `${name}.json`);
  const config = {
    ...models.config,
    stepsPerActivity,
    // On a loaded machine a worker may be silent for seconds; a call that was answered meanwhile would be made again.
    timeouts: { heartbeatMs: 12_000 },
    queues: { prefix: name },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

interface Door {
  serve: Started;
  /** Without a path. */
  url: string;
}

/** `husky serve`, ready. */
async function openDoor(config: string, env: Record<string, string>, port: number): Promise<Door> {
  const serve = home.start(['serve', '--json', '--port', String(port), '--config', config], { env });
  const [, url = ''] = await serve.until(/"url":"(http:\/\/[\d.]+:\d+)\/v1"/);
  return { serve, url };
}

async function kill({ child, done }: Started): Promise<void> {
  child.kill('SIGKILL');
  await done;
}

const openaiOf = ({ url }: Door) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });

/** Two clients of OpenAI's APIs that share one solution, and the page. */
async function connect(door: Door, key: string) {
  const openai = openaiOf(door);
  const responses = byResponses(openai, spiders.question, key);
  await eventually(() => responses.events.length > 0);
  const [first] = responses.events;
  const id = first?.type === 'response.created' ? first.response.id.replace('resp_', '') : '';
  const clients: ReconnectingClient[] = [responses, byChat(openai, spiders.question, key), byPage(door.url, id)];
  return { id, responses, clients };
}

function expectWhole(clients: readonly ReconnectingClient[], responses: ReturnType<typeof byResponses>): void {
  for (const client of clients) expect([client.steps, client.answer]).toEqual([steps, '96']);
  const numbers = responses.events.map((event) => event.sequence_number);
  expect(numbers).toEqual(numbers.map((_, at) => at));
  expect(models.repeats()).toEqual([]);
}

const places = [
  ['a Temporal server elsewhere', 'elsewhere', 0],
  ['its own Temporal server, which dies with it', 'own', 0],
  ['its own Temporal server and several steps in the activity that dies', 'together', 8],
] as const;

test.each(places)(
  'husky serve is killed with %s: it is started on the same port, and each client has every step once',
  async (_, name, stepsPerActivity) => {
    models.reset();
    const config = configure(name, stepsPerActivity);
    const env: Record<string, string> = name === 'elsewhere' ? { TEMPORAL_ADDRESS: temporal.address } : {};
    const held = models.hold('math');
    const port = await freePort();
    const first = await openDoor(config, env, port);
    const { responses, clients } = await connect(first, name);
    await held.reached;
    // Search and common sense are behind it; with an activity a call every client has heard of them.
    if (stepsPerActivity === 0) await eventually(() => clients.every((client) => client.steps.length === 2));
    await kill(first.serve);
    await held.abandoned;
    held.release();
    const second = await openDoor(config, env, port);
    await Promise.all(clients.map(({ done }) => done));
    await kill(second.serve);
    expectWhole(clients, responses);
    expect(clients.every(({ connections }) => connections > 1)).toBe(true);
  },
);

test('a worker is killed: the streams of husky serve and of husky.stream outlast it, and have every step once', async () => {
  models.reset();
  const config = configure('apart', 0);
  const env = { TEMPORAL_ADDRESS: temporal.address };
  const held = models.hold('math');
  const worker = () => home.start(['worker', '--config', config], { env });
  const first = worker();
  await eventually(async () => (await livePollers(temporal.client, 'apart-husky')).length > 0);
  const door = await openDoor(config, env, await freePort());
  const { id, responses, clients } = await connect(door, 'apart');
  const events: SolutionEvent[] = [];
  const streamed = (async () => {
    for await (const event of new HuskyClient({ client: temporal.client }).stream(id)) events.push(event);
  })();
  await held.reached;
  await eventually(() => clients.every((client) => client.steps.length === 2));
  await kill(first);
  await held.abandoned;
  held.release();
  const second = worker();
  await Promise.all([streamed, ...clients.map(({ done }) => done)]);
  await kill(second);
  await kill(door.serve);
  expectWhole(clients, responses);
  expect(clients.map(({ connections }) => connections)).toEqual([1, 1, 1]);
  expect(events.flatMap((event) => (event.type === 'step' ? [event.step.output] : []))).toEqual(
    spiders.steps.map(({ output }) => output),
  );
  expect(events.at(-1)?.type).toBe('end');
});
