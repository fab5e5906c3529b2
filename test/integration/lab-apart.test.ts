import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { createLabActivities } from '../../src/activities/lab';
import { registered } from '../../src/contract/registered-name';
import type { ActivityContext } from '../../src/runtime/activity-context';
import type { EvaluationSettings } from '../../src/contract/evaluation';
import { scriptSolutions } from '../../src/testing';
import { inOneThread, workflowCodeOf } from '../workflow-code';
import { LAB, startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
let folder: string;
let canary: string;
let somebody: Worker;
let calling: Promise<void>;
beforeAll(async () => {
  server = await startServer();
  somebody = await Worker.create({
    ...inOneThread,
    connection: server.native,
    taskQueue: 'somebody',
    workflowBundle: await workflowCodeOf(require.resolve('./call-any-activity')),
  });
  calling = somebody.run();
  folder = mkdtempSync(join(tmpdir(), 'husky-apart-'));
  canary = join(folder, 'canary');
  writeFileSync(join(folder, 'one.jsonl'), `${JSON.stringify({ index: 0, question: 'q', answer: '1' })}\n`);
});
afterAll(async () => {
  somebody.shutdown();
  await calling;
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const command = () => `touch ${canary}; echo 1`;
const settings = (): EvaluationSettings => ({
  out: join(folder, 'run'),
  tasks: [{ name: 'one', file: join(folder, 'one.jsonl'), metric: 'number' }],
  system: { kind: 'command', command: command() },
  limit: 0,
  seed: 1,
  samples: 1,
  maxInFlight: 1,
  limits: {},
  stepsPerActivity: 8,
  rules: 'default',
});
const item = { key: 'one:0:0', position: 0, task: 'one', index: 0, sample: 0, question: 'q' };

/** What an activity ended with, called on a queue by a workflow of somebody else's. */
async function callOn(taskQueue: string, name: string, input: unknown): Promise<string> {
  const workflowId = `call-${name}-${taskQueue}`;
  const args = [name, taskQueue, input];
  return server.client.workflow.execute('callAny', { taskQueue: 'somebody', workflowId, args }).then(
    (result) => `answered ${JSON.stringify(result)}`,
    (error: { cause?: { cause?: Error; message: string } }) =>
      error.cause?.cause?.message ?? error.cause?.message ?? String(error),
  );
}

const tries: [string, () => unknown][] = [
  ['huskyAnswerByCommand', () => ({ command: command(), question: 'q' })],
  ['huskyAnswerDirectly', () => ({ system: { kind: 'command', command: command() }, item })],
];

test('a worker that solves holds no activity and no workflow of the lab, and runs no program under evaluation', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (husky, prefix) => {
    const queue = `${prefix}-husky`;
    for (const name of Object.keys(registered(createLabActivities({} as ActivityContext))))
      expect(await callOn(queue, name, tries.find(([tried]) => tried === name)?.[1]() ?? {})).toMatch(/not registered/);
    const evaluation = await server.client.workflow.start('huskyEvaluate', {
      taskQueue: queue,
      workflowId: 'on-a-plain-worker',
      args: [{ settings: settings() }],
    });
    // The worker has taken it when a solution that was started later has ended.
    expect(await husky.solve(spiders.question)).toMatchObject({ answer: spiders.answer });
    const { historyLength, status } = await evaluation.describe();
    expect([historyLength < 6, status.name]).toEqual([true, 'RUNNING']);
    await evaluation.terminate();
  });
  expect(existsSync(canary)).toBe(false);
  expect(existsSync(settings().out)).toBe(false);
});

test('a worker of the lab refuses a program under evaluation, and the evaluation ends with the reason', async () => {
  await withWorkers(server, { ...LAB, parts: scriptSolutions([spiders]).parts }, async (_husky, prefix) => {
    const queue = `${prefix}-husky-lab`;
    expect(await callOn(queue, 'huskyAnswerByCommand', tries[0]?.[1]())).toMatch(
      /only npx temporal-husky eval --system command runs it/,
    );
    expect(await callOn(queue, 'huskyAnswerDirectly', tries[1]?.[1]())).not.toMatch(/^answered .*"model":"touch/);
    const error = await server.client.workflow
      .execute('huskyEvaluate', { taskQueue: queue, workflowId: 'on-a-lab-worker', args: [{ settings: settings() }] })
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ cause: { type: 'ConfigurationInvalid' } });
  });
  expect(existsSync(canary)).toBe(false);
});

test('the worker of a program runs that program and no other', async () => {
  const program = { command: 'read question; echo "The answer is 7."', env: { PATH: process.env.PATH ?? '' } };
  const options = { ...LAB, parts: scriptSolutions([spiders]).parts, lab: { solves: true, program } };
  await withWorkers(server, options, async (_husky, prefix) => {
    const queue = `${prefix}-husky-lab`;
    const own = { command: program.command, question: 'q' };
    expect(await callOn(queue, 'huskyAnswerByCommand', own)).toMatch(/^answered .*"answer":"7"/);
    expect(await callOn(queue, 'huskyAnswerByCommand', { ...own, command: command() })).toMatch(/does not run/);
  });
  expect(existsSync(canary)).toBe(false);
});
