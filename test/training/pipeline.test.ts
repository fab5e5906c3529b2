import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import type { PipelinePlan, PipelineProgress } from '../../src/contract/pipeline';
import { startLab, type Lab } from './harness';
import { gold, pipelineContext, pipelineOptions, pipelinePlan } from './pipeline-lab';
import { temporaryFolder } from '../temporary-folder';
import { mapTrajectory, writeLines } from './trajectories';

/** Workers and servers of their own on a machine that may be busy. */
jest.setTimeout(300_000);

const folder = temporaryFolder('training');
let lab: Lab;
let connection: NativeConnection;
let asked = 0;

beforeAll(async () => {
  lab = await startLab();
  connection = await NativeConnection.connect({ address: lab.address });
});
afterAll(async () => {
  await connection.close();
  await lab.stop();
});

const plan = (name: string, change: Partial<PipelinePlan> = {}) => pipelinePlan(folder, name, change);
const options = () => pipelineOptions(connection, () => (asked += 1));
let runs = 0;
const start = (input: PipelinePlan) =>
  lab.client.workflow.start<(input: { plan: PipelinePlan }) => Promise<PipelineProgress>>('huskyPipeline', {
    args: [{ plan: input }],
    workflowId: `pipeline-${(runs += 1)}`,
    taskQueue: 'lab',
  });
const run = (input: PipelinePlan) =>
  lab.withWorker(pipelineContext(), async () => (await start(input)).result(), 'lab', options());

test('from questions to experts that answer them; what has not changed is skipped, and what has is done again, up to where the outcome is the same', async () => {
  const input = plan('whole');
  const progress = await run(input);
  expect(progress.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    'synthesize done',
    'extract done',
    'train done',
    'evaluate done',
  ]);
  expect(progress.rounds).toMatchObject([{ accepted: 12, correct: 12, total: 12, accuracy: 1 }]);
  expect(readFileSync(join(folder, 'whole/round-1/experts/husky.yaml'), 'utf8')).toContain('prompts: compact');

  asked = 0;
  const states = (again: PipelineProgress) => again.stages.map(({ state }) => state);
  expect(states(await run(input))).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  expect(asked).toBe(0);
  const fewer = { ...input, extract: { ...input.extract, maxTokens: 2000 } };
  // The limit drops no example, so that the experts come out the same and need no second evaluation.
  expect(states(await run(fewer))).toEqual(['skipped', 'done', 'done', 'skipped']);
});

test('rounds: experts teach themselves, what they got right is added, and a round without gain is the last; a folder that was moved is gone on with', async () => {
  const teacher = { ...plan('').teacher, mistakes: { wrongNumber: 0.12 } };
  const input = plan('rounds', { rounds: 4, teacher });
  const progress = await run(input);
  const [first, second] = progress.rounds;
  expect(first?.accepted).toBeLessThan(12);
  expect(first?.accepted).toBeGreaterThan(0);
  expect(progress.rounds).toHaveLength(2);
  expect(second?.accuracy).toBe(first?.accuracy);
  expect(progress.best).toBe(1);

  renameSync(input.out, join(folder, 'there'));
  const { stages, rounds } = await run({ ...input, out: join(folder, 'there') });
  expect(stages.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'skipped'));
  expect(rounds[0]?.experts).toBe(join(folder, 'there/round-1/experts'));
});

test('trajectories and settings of a later round join in there, and stay', async () => {
  const [first = '', second = '', third = ''] = [0, 4, 8].map((from) => {
    const path = join(folder, `part-${from}.jsonl`);
    writeLines(path, gold.slice(from, from + 4));
    return path;
  });
  // The teacher knows nothing, so that the sets are these files alone; experts that know four more questions are better each time.
  const nobody = { ...plan('').teacher, mistakes: { malformedStep: 1 } };
  const input = plan('later', { rounds: 3, teacher: nobody });
  const extract = { ...input.extract, also: [first], alsoFromRound: { 2: [second], 3: [third] } };
  const train = {
    ...input.train,
    settings: { steps: 1, seed: 7 },
    settingsFromRound: { 2: { steps: 2 }, 3: { seed: 8 } },
  };
  const { rounds } = await run({ ...input, extract, train });
  expect(rounds.map(({ correct }) => correct)).toEqual([4, 8, 12]);
  const settings = [1, 2, 3].map((round) => {
    const job = readFileSync(join(folder, `later/round-${round}/experts/action/job.json`), 'utf8');
    return (JSON.parse(job) as { settings: object }).settings;
  });
  expect(settings).toEqual([
    { steps: 1, seed: 7 },
    { steps: 2, seed: 7 },
    { steps: 2, seed: 8 },
  ]);
});

test("a person is asked before the costly stage; tools of the configuration's MCP servers are known to extraction", async () => {
  const config = join(folder, 'tools.yaml');
  const server = { command: process.execPath, args: [join(__dirname, '../tools/mcp-stub.mjs')], tools: ['add'] };
  const models = { default: { provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', model: 'nobody' } };
  writeFileSync(config, JSON.stringify({ prompts: 'few-shot', models, mcp: { stub: server } }));
  const step = { tool: 'stub_add', step: 'Add 2 and 3.', arguments: { a: 2, b: 3 }, observation: '5', output: '5' };
  const also = join(folder, 'with-tool.jsonl');
  writeLines(also, [mapTrajectory(20, { steps: [step] })]);
  const input = plan('gate', { approval: 'train' });
  const extract = { ...input.extract, also: [also], tools: [], config };
  await lab.withWorker(
    pipelineContext(),
    async () => {
      const handle = await start({ ...input, extract });
      const waiting = async () => ((await handle.query('huskyPipelineProgress')) as PipelineProgress).stages.at(-1);
      while ((await waiting())?.state !== 'waiting-for-approval')
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await waiting())?.stage).toBe('train');
      expect(readdirSync(join(folder, 'gate/round-1'))).not.toContain('experts');
      expect(readFileSync(join(folder, 'gate/round-1/training-set/action/train.jsonl'), 'utf8')).toContain(
        '[stub_add] Add',
      );
      await handle.signal('huskyApprove');
      expect((await handle.result()).rounds).toMatchObject([{ accuracy: 1 }]);
    },
    'lab',
    options(),
  );
});

test('a module without examples fails the pipeline with its name', async () => {
  const input = plan('empty');
  const failing = run({ ...input, extract: { ...input.extract, modules: ['action', 'math'] } });
  await expect(failing).rejects.toMatchObject({
    cause: {
      cause: { type: 'InputInvalid', message: expect.stringContaining('The training set of math is empty') as string },
    },
  });
});
