/** `SolutionHandle.watch` while the way to the Temporal server is cut. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { HuskyClient } from '../../src/client';
import { scriptSolutions } from '../../src/testing';
import { isServerAway } from '../../src/lasting-watch';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A client whose way to the server can be cut. It tries no call again by itself, so that each cut is felt. */
async function overBridge<T>(body: (client: Client, cut: () => () => void) => Promise<T>): Promise<T> {
  const [host = '', port] = server.address.split(':');
  const open = new Set<Socket>();
  let isCut = false;
  const bridge = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const ends = [socket, connect(Number(port), host)] as const;
    for (const [one, other] of [ends, ends.toReversed()] as [Socket, Socket][]) {
      open.add(one.pipe(other));
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((ready) => bridge.listen(0, '127.0.0.1', ready));
  const address = `127.0.0.1:${(bridge.address() as AddressInfo).port}`;
  const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 200 };
  const connection = await Connection.connect({ address, interceptors: [], channelArgs });
  const destroy = () => open.forEach((socket) => socket.destroy());
  const cut = () => {
    isCut = true;
    destroy();
    return () => void (isCut = false);
  };
  try {
    return await body(new Client({ connection }), cut);
  } finally {
    await connection.close();
    destroy();
    bridge.close();
  }
}

test('a stream ends with its signal, also while it waits for a worker that is not there', async () => {
  const husky = new HuskyClient({ client: server.client, taskQueue: 'nobody' });
  const handle = await husky.start(spiders.question);
  const began = Date.now();
  for await (const _ of handle.stream({ signal: AbortSignal.timeout(1500) })) throw new Error('Nothing can happen.');
  expect(Date.now() - began).toBeLessThan(8000);
  await handle.workflow.terminate();
});

test('watch goes on when the server is back: each step once, its end, and the wait is told', async () => {
  const { parts } = scriptSolutions([spiders], { delayMs: () => 300 });
  await withWorkers(server, { parts }, async (_, prefix) =>
    overBridge(async (client, cut) => {
      const husky = new HuskyClient({ client, taskQueue: `${prefix}-husky` });
      const handle = await husky.start(spiders.question);
      const seen: [number, string | undefined][] = [];
      const waits: unknown[] = [];
      for await (const { steps, stopReason } of handle.watch({ onWait: (error) => waits.push(error) })) {
        seen.push([steps.length, stopReason]);
        if (steps.length === 1 && waits.length === 0) setTimeout(cut(), 1500);
      }
      const grown = seen.flatMap(([count, stopReason]) => (stopReason === undefined ? [count] : []));
      expect(grown).toEqual([...new Set(grown)]);
      expect(seen.at(-1)).toEqual([spiders.steps.length, 'finished']);
      expect(waits.length).toBeGreaterThan(0);
      expect(waits.every(isServerAway)).toBe(true);
    }),
  );
});

test('when the server stays away watch throws after its patience', async () => {
  const { parts } = scriptSolutions([spiders], { delayMs: () => 1000 });
  await withWorkers(server, { parts }, async (_, prefix) =>
    overBridge(async (client, cut) => {
      const handle = await new HuskyClient({ client, taskQueue: `${prefix}-husky` }).start(spiders.question);
      const watch = async () => {
        for await (const { steps } of handle.watch({ patienceMs: 1500 })) if (steps.length === 0) cut();
      };
      expect(isServerAway(await watch().catch((error: unknown) => error))).toBe(true);
    }),
  );
});

test('the end of a solution is watched without a worker', async () => {
  const { parts } = scriptSolutions([spiders]);
  const handle = await withWorkers(server, { parts }, async (husky) => {
    const begun = await husky.start(spiders.question);
    await begun.result();
    return begun;
  });
  const counts: number[] = [];
  for await (const { steps } of handle.watch()) counts.push(steps.length);
  expect(counts).toEqual([spiders.steps.length]);
});
