/** A long solution of an evaluation or a synthesis takes several runs of its workflow, and nobody who looks at its result can tell. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationSettings } from '../../src/contract/evaluation';
import type { SynthesisSettings } from '../../src/contract/synthesis';
import { readRun } from '../../src/formats/run';
import { trajectorySchema } from '../../src/formats/trajectory';
import { scriptSolutions } from '../../src/testing';
import { temporaryFolder } from '../temporary-folder';
import { LAB, startServer, withWorkers, type TestServer } from './harness';
import { counting } from './solutions';

jest.setTimeout(300_000);

const folder = temporaryFolder('lab-continued');
const STEPS = 24;
const solutions = ['Ada', 'Bob', 'Cy'].map((name) => counting(STEPS, name));
const dataset = join(folder, 'counting.jsonl');

let server: TestServer;
beforeAll(async () => {
  const lines = solutions.map(({ question, answer }, index) => JSON.stringify({ index, question, answer }));
  writeFileSync(dataset, `${lines.join('\n')}\n`);
  server = await startServer({ 'limit.historyCount.suggestContinueAsNew': '20' });
});
afterAll(() => server.stop());

/** Whether a workflow has continued as new. */
async function hasContinued(workflowId: string): Promise<boolean> {
  const { raw, runId } = await server.client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.firstRunId !== runId;
}

test.each([1, 3])('an evaluation with %i questions a workflow', async (together) => {
  const script = scriptSolutions(solutions);
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const settings: EvaluationSettings = {
      // A run uses the answers of runs beside it.
      out: join(folder, `${together}`, 'run'),
      tasks: [{ name: 'counting', file: dataset, metric: 'number' }],
      system: { kind: 'husky' },
      limit: 0,
      seed: 1,
      samples: 1,
      maxInFlight: 3,
      limits: { maxSteps: STEPS + 1 },
      stepsPerActivity: 2,
      rules: 'default',
      questionsPerWorkflow: together,
    };
    const workflowId = `evaluation-${together}`;
    const progress = await server.client.workflow.execute('huskyEvaluate', {
      taskQueue: `${prefix}-husky-lab`,
      workflowId,
      args: [{ settings }],
    });
    expect(progress).toMatchObject({ total: 3, done: 3, correct: 3, failed: 0, inFlight: 0 });
    const { samples } = await readRun(settings.out);
    expect(samples.map(({ solution }) => solution?.steps.length)).toEqual([STEPS, STEPS, STEPS]);
    const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(await hasContinued(`${workflowId}/${together === 1 ? 'counting:0:0' : '3x0'}`)).toBe(true);
  });
});

test('a synthesis', async () => {
  const script = scriptSolutions(solutions);
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const settings: SynthesisSettings = {
      dataset,
      datasetName: 'counting',
      out: join(folder, 'synthesis'),
      style: 'modular',
      samples: 1,
      temperature: 0,
      seed: 1,
      maxSteps: STEPS + 1,
      metric: 'number',
      maxInFlight: 3,
      budget: { questions: 0, tokens: 0, money: 0 },
      price: { input: 0, output: 0 },
    };
    const workflowId = 'synthesis';
    const progress = await server.client.workflow.execute('huskySynthesize', {
      taskQueue: `${prefix}-husky-lab`,
      workflowId,
      args: [{ settings }],
    });
    expect(progress).toMatchObject({ state: 'finished', questions: 3, finished: 3, accepted: 3 });
    const written = readFileSync(join(settings.out, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
    expect(written.map((line) => trajectorySchema.parse(JSON.parse(line)).steps.length)).toEqual([STEPS, STEPS, STEPS]);
    const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
    expect(new Set(asked).size).toBe(asked.length);
    const children: string[] = [];
    for await (const { workflowId: id } of server.client.workflow.list({
      query: "WorkflowType = 'huskySynthesizeQuestion' AND ExecutionStatus = 'ContinuedAsNew'",
    }))
      children.push(id);
    expect(new Set(children).size).toBe(3);
  });
});
