/** Runs that were left go on wherever their workers are, and say what they wait for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household } from '../cli/command';
import { startServer, type TestServer } from './harness';
import { startScriptedServers, type ScriptedServers } from './scripted-servers';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let home: Household;
let server: TestServer;
let servers: ScriptedServers;
beforeAll(async () => {
  home = household();
  server = await startServer();
  servers = await startScriptedServers([spiders]);
  const { question, answer } = spiders;
  writeFileSync(join(home.folder, 'legs.jsonl'), `${JSON.stringify({ index: 0, question, answer })}\n`);
  const config = { ...servers.config, timeouts: { heartbeatMs: 2000 } };
  writeFileSync(join(home.folder, 'husky.json'), JSON.stringify(config));
  writeFileSync(join(home.folder, 'other.json'), JSON.stringify({ ...config, timeouts: { heartbeatMs: 3000 } }));
});
afterAll(async () => {
  await home.close();
  await servers.close();
  await server.stop();
});

const ready = /\nReady/;
const at = (words: string[], config = 'husky.json') => [...words, '--address', server.address, '--config', config];
const evaluation = (out: string, config?: string) =>
  at(['eval', '--task', 'legs.jsonl', '--metric', 'number', '--out', out], config);
const startWorker = () => home.start(at(['worker', '--roles', 'solve,lab']));

test('a killed command goes on with its run though workers have started elsewhere, and not with another configuration', async () => {
  const held = servers.hold('math');
  const killed = home.start(evaluation('killed'));
  await held.reached;
  killed.child.kill('SIGKILL');
  await killed.done;
  held.release();
  const worker = startWorker();
  await worker.until(ready);
  const other = await home.run(evaluation('killed', 'other.json'));
  expect(other).toMatchObject({
    code: 3,
    err: expect.stringMatching(
      /was begun with another configuration. Pass .* --workflow-id eval-killed-\w+ --address 127/,
    ),
  });
  const again = await home.run(evaluation('killed'));
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('1 of 1 answered, 1 right') });
  expect(again.err).toContain('Going on with eval-killed-');
  worker.child.kill('SIGTERM');
  await worker.done;
});

test('a command whose workers elsewhere die says what it waits for and which command serves it, and ends well with the next worker', async () => {
  const first = startWorker();
  await first.until(ready);
  const held = servers.hold('math');
  // A folder of its own: else the answer of the run beside it is taken over.
  const follower = home.start(evaluation('apart/followed'));
  await held.reached;
  first.child.kill('SIGKILL');
  await first.done;
  held.release();
  await follower.until(/its worker gave no more sign of life\./);
  await follower.until(/waits on queue husky-lab, which no worker polls; start \S.* worker --roles solve,lab\./);
  const second = startWorker();
  expect(await follower.done).toMatchObject({ code: 0, err: expect.stringContaining('1 of 1 answered, 1 right') });
  second.child.kill('SIGTERM');
  await second.done;
});

test('a killed synthesis goes on with its teacher, wherever that is served, and with no other', async () => {
  const { models, ...rest } = servers.config;
  const math = models.math as { provider: 'openai'; baseUrl: string; model: string };
  const written = (name: string, change: Partial<typeof math>) =>
    writeFileSync(
      join(home.folder, name),
      JSON.stringify({ ...rest, models: { ...models, math: { ...math, ...change } } }),
    );
  written('teacher.json', {});
  written('stranger.json', { model: 'stranger' });
  written('moved.json', { baseUrl: `${math.baseUrl}/` });
  const synthesis = (config: string) =>
    at(['synthesize', '--dataset', 'legs.jsonl', '--style', 'modular', '--out', 'written', '--teacher', config]).slice(
      0,
      -2,
    );
  const held = servers.hold('math');
  const killed = home.start(synthesis('teacher.json'));
  await held.reached;
  killed.child.kill('SIGKILL');
  await killed.done;
  held.release();
  expect(await home.run(synthesis('stranger.json'))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/still under way with other settings .* --workflow-id synthesize-written-/),
  });
  const again = await home.run(synthesis('moved.json'));
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('Going on with synthesize-written-') });
});

test('a pipeline that waits for approval says by which command it goes on, and that the server is away', async () => {
  const plan = {
    name: 'asks',
    out: 'asks',
    approval: 'synthesize',
    teacher: { config: 'husky.json' },
    synthesize: { dataset: 'legs.jsonl' },
    train: { backend: 'tiny' },
    evaluate: { dataset: 'legs.jsonl', metric: 'number' },
  };
  writeFileSync(join(home.folder, 'asks.yaml'), JSON.stringify(plan));
  const { until } = home.start(at(['pipeline', 'asks.yaml']));
  const [, address] = await until(
    /round 1 synthesize: waiting for approval: temporal workflow signal --workflow-id \S+ --name huskyApprove --address (\S+)/,
  );
  expect(address).toBe(server.address);
  await server.end();
  await until(/The Temporal server does not answer; it is waited for, a minute at most\./);
});
