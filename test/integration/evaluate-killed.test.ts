/**
 * Worker and server are killed in the middle of an evaluation. `KILLED_QUESTIONS=300 npx jest test/integration/evaluate-killed` makes
 * it a long one.
 */
import { Client, Connection } from '@temporalio/client';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer, type TemporalServer } from '../../src/temporal-server/start-server';
import { readRun } from '../../src/formats/run';
import type { ScriptedSolution } from '../../src/testing';
import type { EvaluationProgress, EvaluationSettings } from '../../src/contract/evaluation';
import { freePort } from '../free-port';
import { startWorker as startAgain, type RestartedWorker } from './restarted-worker';
import { startScriptedServers, type ScriptedServers } from './scripted-servers';

const QUESTIONS = Number(process.env.KILLED_QUESTIONS ?? 40);

const solutions = Array.from({ length: QUESTIONS }, (_, i): ScriptedSolution => {
  const name = `Person${String(i).padStart(4, '0')}x`;
  return {
    question: `${name} has ${i} apples and gets 3 more, twice. How many apples are there?`,
    steps: [
      { tool: 'math', step: `Add 3 to ${i} for ${name}.`, output: `${name} has ${i + 3} apples.` },
      { tool: 'math', step: `Add 3 to ${i + 3} for ${name}.`, output: `${name} has ${i + 6} apples at last.` },
    ],
    answer: `${i + 6}`,
  };
});
const isRight = (index: number) => index % 4 !== 0;

let folder: string;
let servers: ScriptedServers;
let server: TemporalServer;
let worker: RestartedWorker | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'husky-eval-killed-'));
  servers = await startScriptedServers(solutions);
}, 120_000);
afterAll(async () => {
  await worker?.kill();
  await servers.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

async function startServer(preferredPort: number): Promise<void> {
  server = await startTemporalServer({ databaseFile: join(folder, 'temporal.db'), ui: false, preferredPort });
  server.failed.catch(() => undefined);
}

function startWorker(): void {
  const config = join(folder, 'husky.json');
  writeFileSync(config, JSON.stringify({ ...servers.config, timeouts: { heartbeatMs: 5000 } }));
  worker = startAgain(server.address, ['--roles', 'solve,lab', '--config', config]);
}

const killWorker = async () => worker?.kill();

async function killServer(): Promise<void> {
  const port = Number(server.address.split(':')[1]);
  process.kill(server.pid, 'SIGKILL');
  await server.failed.catch(() => undefined);
  await server.stop();
  await startServer(port);
}

async function onClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

test(
  `an evaluation of ${QUESTIONS} questions ends with the same scores, and no finished question is asked again`,
  async () => {
    const file = join(folder, 'apples.jsonl');
    const gold = solutions.map(({ question, answer }, index) => ({
      index,
      question,
      answer: isRight(index) ? answer : '-1',
    }));
    writeFileSync(file, gold.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const settings: EvaluationSettings = {
      out: join(folder, 'run'),
      tasks: [{ name: 'apples', file, metric: 'number' }],
      system: { kind: 'husky' },
      limit: 0,
      seed: 1,
      samples: 1,
      maxInFlight: 8,
      limits: {},
      stepsPerActivity: 8,
      rules: 'default',
    };
    const samples = join(settings.out, 'samples.jsonl');
    const lines = () => (existsSync(samples) ? readFileSync(samples, 'utf8').split('\n').slice(0, -1) : []);
    const answered = async (count: number) => {
      while (lines().length < count) await new Promise((next) => setTimeout(next, 50));
    };
    await startServer(await freePort());
    startWorker();
    const args = [{ settings, questionsPerRun: Math.ceil(QUESTIONS / 3) }];
    await onClient((client) =>
      client.workflow.start('huskyEvaluate', { taskQueue: 'husky-lab', workflowId: 'killed', args }),
    );
    const again: string[] = [];
    for (const [share, kill] of [
      [0.2, [killWorker]],
      [0.5, [killServer]],
      [0.7, [killServer, killWorker]],
    ] as const) {
      await answered(Math.floor(share * QUESTIONS));
      for (const one of kill) await one();
      if (kill.some((one) => one === killWorker)) startWorker();
      const finished = lines().map((line) => (JSON.parse(line) as { question: string }).question);
      const before = servers.calls.length;
      await answered(Math.min(QUESTIONS, finished.length + Math.ceil(0.15 * QUESTIONS)));
      const since = servers.calls.slice(before).map(({ input }) => input);
      again.push(...finished.filter((question) => since.some((input) => input.includes(question))));
    }
    const progress = await onClient(
      (client) => client.workflow.getHandle('killed').result() as Promise<EvaluationProgress>,
    );
    const right = solutions.filter((_, index) => isRight(index)).length;
    expect(progress).toMatchObject({ total: QUESTIONS, done: QUESTIONS, correct: right, failed: 0, inFlight: 0 });
    expect(again).toEqual([]);
    expect(lines()).toHaveLength(QUESTIONS);
    const run = await readRun(settings.out);
    const verdicts = run.samples.map(({ index, verdict }) => [index, verdict.correct] as const);
    expect(verdicts.sort(([a], [b]) => Number(a) - Number(b))).toEqual(
      solutions.map((_, index) => [index, isRight(index)]),
    );
  },
  300_000 + 5_000 * QUESTIONS,
);
