import type { Worker } from '@temporalio/worker';
import { HuskyPlugin } from '../src/plugin';
import type { Sandbox } from '../src/sandbox/sandbox';
import { scriptSolutions, testConfig } from '../src/testing';

test('of two workers with one plugin the first that ends leaves the other its models and sandbox', async () => {
  let closed = 0;
  const { parts } = scriptSolutions([]);
  const sandbox = { ...(parts.sandbox as Sandbox), close: async () => void (closed += 1) };
  const plugin = new HuskyPlugin(testConfig(), { ...parts, sandbox });
  await plugin['context'].sandbox();
  const ends: (() => void)[] = [];
  const run = () => plugin.runWorker({} as Worker, () => new Promise<void>((end) => void ends.push(end)));
  const workers = [run(), run()];
  ends[0]?.();
  await workers[0];
  expect(closed).toBe(0);
  ends[1]?.();
  await workers[1];
  expect(closed).toBe(1);
});
