/** What a solution holds, a connection to a model server or a child process, is let go when nobody waits for it any more. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';
import { startScriptedServers } from './scripted-servers';
import { spiders } from './solutions';

/** Aimed at is one second; a machine with ten processes a core needs many. */
const SOON = 30_000;

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A model server that hangs on its first requests, and then answers that it is done. */
async function hangingModel(hung: number) {
  let arrive = () => undefined as void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const closed: number[] = [];
  let requests = 0;
  const http = createServer((request, response) => {
    request.resume();
    requests += 1;
    if (requests <= hung) {
      response.once('close', () => closed.push(Date.now()));
      arrive();
    } else finish(response);
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', () => listening()));
  return {
    model: {
      provider: 'openai' as const,
      baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
      model: 'hanging',
    },
    arrived,
    closed,
    requests: () => requests,
    close: () => {
      http.closeAllConnections();
      return new Promise((done) => http.close(done));
    },
  };
}

function finish(response: ServerResponse): void {
  const choices = [{ index: 0, text: '[finish] The answer is 7.', finish_reason: 'stop' }];
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id: '1', object: 'text_completion', model: 'hanging', choices, usage }));
}

async function until(holds: () => boolean, what: string, limit = SOON): Promise<void> {
  const end = Date.now() + limit;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`Not within ${limit / 1000} s: ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

describe.each([0, 8])('with %i steps an activity', (stepsPerActivity) => {
  const config = { stepsPerActivity, timeouts: { heartbeatMs: 3000 } };

  test('a cancelled solution closes its connection to the model server', async () => {
    const endpoint = await hangingModel(Infinity);
    try {
      await withWorkers(server, { config: { ...config, models: { default: endpoint.model } } }, async (husky) => {
        const handle = await husky.start('What is seven?');
        await endpoint.arrived;
        await handle.cancel();
        await until(() => endpoint.closed.length === 1, 'the connection is closed');
        await expect(handle.result()).rejects.toThrow(/cancel/i);
      });
      expect(endpoint.requests()).toBe(1);
    } finally {
      await endpoint.close();
    }
  });

  test('a cancelled solution ends the child process that runs its program', async () => {
    const endless = {
      question: 'When does the loop end?',
      steps: [{ tool: 'code', step: 'Run the loop.', code: 'for (;;);', output: 'Never.' }],
      answer: 'never',
    };
    const { sandbox: _, ...parts } = scriptSolutions([endless]).parts;
    const sandbox = { timeoutMs: 60_000 };
    await withWorkers(server, { parts, config: { ...config, sandbox } }, async (husky) => {
      const handle = await husky.start(endless.question);
      let busy: number | undefined;
      await until(() => (busy = busyDescendant()) !== undefined, 'a child is busy', 60_000);
      await handle.cancel();
      await until(() => busy !== undefined && !descendants().includes(busy), `child ${busy} is gone`);
      await expect(handle.result()).rejects.toThrow(/cancel/i);
    });
  });
});

test('an endpoint that hangs is left at the limit of a call, and asked again', async () => {
  const endpoint = await hangingModel(1);
  try {
    const config = { models: { default: endpoint.model }, timeouts: { modelMs: 1500 }, retry: { initialMs: 100 } };
    const { answer } = await withWorkers(server, { config }, (husky) => husky.solve('What is seven?'));
    expect(answer).toBe('7');
    // A machine that stands still for longer than the limit has it asked once more.
    expect(endpoint.requests()).toBeGreaterThanOrEqual(2);
    expect(endpoint.closed.length).toBeGreaterThanOrEqual(1);
  } finally {
    await endpoint.close();
  }
});

test('a worker that is told to end lets its call finish; the next worker goes on from there (T09)', async () => {
  const servers = await startScriptedServers([spiders]);
  try {
    const options = { config: { ...servers.config, queues: { prefix: 'drain' } } };
    const held = servers.hold('math');
    const handle = await withWorkers(server, options, async (husky) => {
      const started = await husky.start(spiders.question);
      await held.reached;
      setTimeout(held.release, 500);
      return started;
    });
    expect(servers.calls.filter(({ part }) => part === 'math')).toHaveLength(1);
    expect(await withWorkers(server, options, () => handle.result())).toMatchObject({ answer: '96' });
    expect(servers.repeats()).toEqual([]);
  } finally {
    await servers.close();
  }
});

/** Process ids below this process. */
function descendants(of = process.pid): number[] {
  let children: number[] = [];
  try {
    children = readdirSync(`/proc/${of}/task`).flatMap((task) =>
      readFileSync(`/proc/${of}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** A Node process below this one that has been computing for a second. */
function busyDescendant(): number | undefined {
  return descendants().find((pid) => {
    try {
      const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      return /node/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) && Number(fields.split(' ')[11]) > 100;
    } catch {
      return false;
    }
  });
}
