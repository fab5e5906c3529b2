import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFailure } from '../../src/failures';
import type { Model } from '../../src/models/model';
import { createScriptedTeacher, type ScriptedTeacherOptions } from '../../src/training/scripted-teacher';
import { trajectorySchema } from '../../src/formats/trajectory';
import type { SynthesisProgress, SynthesisSettings } from '../../src/contract/synthesis';
import { mcpSchema } from '../../src/tools/mcp/mcp-config';
import { McpServers } from '../../src/tools/mcp/mcp-servers';
import { labContext, startLab, type Lab } from './harness';
import { temporaryFolder } from '../temporary-folder';
import { mapTrajectory, writeLines } from './trajectories';

/** Workers and servers of their own on a machine that may be busy. */
jest.setTimeout(300_000);

const folder = temporaryFolder('training');
/** Most runs need the first twelve. */
const known = Array.from({ length: 24 }, (_, index) => mapTrajectory(index));
const gold = known.slice(0, 12);
let lab: Lab;
let runs = 0;

beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

function settings(change: Partial<SynthesisSettings> = {}, questions = gold): SynthesisSettings {
  runs += 1;
  const dataset = join(folder, `dataset-${runs}.jsonl`);
  writeLines(
    dataset,
    questions.map(({ index, question, gold: answer }) => ({ index, question, answer })),
  );
  return {
    dataset,
    datasetName: 'maps',
    out: join(folder, `out-${runs}`),
    style: 'trajectory',
    samples: 1,
    temperature: 0.7,
    seed: 1,
    maxSteps: 10,
    metric: 'dataset',
    maxInFlight: 8,
    budget: { questions: 0, tokens: 0, money: 0 },
    price: { input: 0, output: 0 },
    ...change,
  };
}

/** Counts the teacher's calls by prompt. */
function teacher(style: SynthesisSettings['style'], options: ScriptedTeacherOptions = {}) {
  const prompts: string[] = [];
  const scriptedTeacher = createScriptedTeacher(known, options);
  const model = (expert: string): Model => {
    const chair = scriptedTeacher(style === 'trajectory' ? 'teacher' : (expert as 'action'));
    return {
      name: chair.name,
      generate: (request, call) => (
        prompts.push(`${expert}\n${request.prompt}\n${request.seed}`),
        chair.generate(request, call)
      ),
    };
  };
  return { model, prompts };
}

const run = (
  input: SynthesisSettings,
  model: (expert: string) => Model,
  workflowId = `synthesis-${runs}`,
  context = labContext(known, model),
) =>
  lab.withWorker(context, () =>
    lab.client.workflow.execute<(input: { settings: SynthesisSettings }) => Promise<SynthesisProgress>>(
      'huskySynthesize',
      {
        args: [{ settings: input }],
        workflowId,
        taskQueue: 'lab',
      },
    ),
  );

const lines = (out: string) =>
  readFileSync(join(out, 'trajectories.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => trajectorySchema.parse(JSON.parse(line)));

describe.each(['trajectory', 'modular'] as const)('style %s', (style) => {
  test('a teacher without mistakes gives the gold trajectories, each once', async () => {
    const input = settings({ style });
    const progress = await run(input, teacher(style).model);
    expect(progress).toMatchObject({ state: 'finished', questions: 12, finished: 12, accepted: 12, inFlight: 0 });
    const written = lines(input.out).sort((a, b) => Number(a.index) - Number(b.index));
    expect(written.map(({ index, steps, answer, finish }) => ({ index, steps, answer, finish }))).toEqual(
      gold.map(({ index, steps, answer, finish }) => ({ index, steps, answer, finish })),
    );
    expect(new Set(written.map(({ source }) => source.style))).toEqual(new Set([style]));
  });

  test('mistakes are rejected with their reasons, and several samples differ', async () => {
    const questions = style === 'trajectory' ? gold : known;
    const input = settings({ style, samples: style === 'trajectory' ? 3 : 1 }, questions);
    const { model } = teacher(style, { mistakes: { wrongNumber: 0.15, malformedStep: 0.1, failingCode: 0.1 } });
    const progress = await run(input, model);
    const written = lines(input.out);
    expect(written).toHaveLength(questions.length * input.samples);
    expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
    expect(progress.accepted).toBeGreaterThan(0);
    expect(progress.accepted).toBe(written.filter(({ accepted }) => accepted).length);
    expect(progress.rejections['malformed-step']).toBeGreaterThan(0);
    expect(progress.rejections['wrong-answer']).toBeGreaterThan(0);
    for (const { accepted, answer, gold: label } of written) if (accepted) expect(answer).toBe(label);
    expect(readFileSync(join(input.out, 'manifest.json'), 'utf8')).toContain('"state": "finished"');
  });
});

test("a tool of an MCP server is offered to the teacher of whole trajectories, and carried out with the teacher's arguments", async () => {
  const input = settings({ budget: { questions: 1, tokens: 0, money: 0 } });
  const prompts: string[] = [];
  const teller: Model = {
    name: 'teller',
    generate: async ({ prompt }) => {
      prompts.push(prompt);
      const text = prompt.endsWith('Output:')
        ? ' The sum is 5.\nStep 2: [finish] The answer is 5.'
        : ' [stub_add] Add 2 and 3.\nArguments: {"a": 2, "b": 3}';
      return { text, finishReason: 'stop', model: 'teller', usage: { calls: 1, inputTokens: 1, outputTokens: 1 } };
    },
  };
  const servers = new McpServers({
    servers: mcpSchema.parse({
      stub: { command: process.execPath, args: [join(__dirname, '../tools/mcp-stub.mjs')], tools: ['add'] },
    }),
  });
  const context = labContext(gold, () => teller);
  const config = { ...context.config, mcp: { stub: {} as never } };
  try {
    await run(input, () => teller, undefined, { ...context, config, mcp: () => Promise.resolve(servers) });
  } finally {
    await servers.close();
  }
  expect(prompts[0]).toContain('[stub_add]');
  expect(prompts[0]).toContain('adds two numbers');
  expect(lines(input.out)[0]?.steps).toEqual([
    {
      tool: 'stub_add',
      step: 'Add 2 and 3.',
      arguments: { a: 2, b: 3 },
      observation: '5',
      output: 'The sum is 5.',
    },
  ]);
});

test('a second run into the same folder asks nothing that is finished', async () => {
  const input = settings({ budget: { questions: 5, tokens: 0, money: 0 } });
  const first = teacher('trajectory');
  expect(await run(input, first.model)).toMatchObject({ state: 'question-budget', finished: 5 });
  const second = teacher('trajectory');
  const rest = { ...input, budget: { questions: 0, tokens: 0, money: 0 } };
  expect(await run(rest, second.model, 'another-id')).toMatchObject({ state: 'finished', finished: 12, accepted: 12 });
  const asked = new Set(first.prompts);
  expect(second.prompts.filter((prompt) => asked.has(prompt))).toEqual([]);
  expect(lines(input.out)).toHaveLength(12);
});

describe('a folder is gone on with only by what made its trajectories', () => {
  const few = { questions: 2, tokens: 0, money: 0 };
  const begun = async () => {
    const input = settings({ budget: few });
    await run(input, teacher('trajectory').model);
    return input;
  };

  test('another metric, temperature or number of steps is refused by name', async () => {
    const input = await begun();
    for (const [change, words] of [
      [{ metric: 'exact' }, 'metric dataset instead of exact'],
      [{ temperature: 0.2 }, 'temperature 0.7 instead of 0.2'],
      [{ maxSteps: 5 }, 'maxSteps 10 instead of 5'],
    ] as const)
      await expect(run({ ...input, ...change }, teacher('trajectory').model, 'other')).rejects.toMatchObject({
        cause: { cause: { type: 'InputInvalid', message: expect.stringContaining(words) as string } },
      });
    expect(lines(input.out)).toHaveLength(2);
  });

  test('another model under the same name is refused, the same one at another address is not', async () => {
    const input = await begun();
    const served = (change: object) => {
      const { model } = teacher('trajectory');
      const context = labContext(known, model);
      const models = { default: { ...context.config.models.default, ...change } };
      const config = { ...context.config, models } as typeof context.config;
      return run(input, model, 'served', { ...context, config });
    };
    const message = expect.stringContaining('other weights or settings of the model teacher') as string;
    await expect(served({ api: 'chat' })).rejects.toMatchObject({ cause: { cause: { message } } });
    expect(await served({ baseUrl: 'http://10.0.0.1:8000/v1', concurrency: 2 })).toMatchObject({ finished: 4 });
  });

  test('speed, budget, price and samples may change, and a folder of an older version is gone on with', async () => {
    const input = await begun();
    const path = join(input.out, 'manifest.json');
    const { modelHashes: _, ...older } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...older, settings: { samples: 1 } }));
    const more = {
      ...input,
      samples: 2,
      maxInFlight: 3,
      price: { input: 1, output: 2 },
      budget: { ...few, questions: 3 },
    };
    const progress = await run(more, teacher('trajectory').model, 'more');
    expect(progress).toMatchObject({ state: 'question-budget' });
    expect(readFileSync(path, 'utf8')).toContain('modelHashes');
  });
});

test('a token budget ends the run and says so', async () => {
  const input = settings({ maxInFlight: 2, budget: { questions: 0, tokens: 2500, money: 0 } });
  const progress = await run(input, teacher('trajectory').model);
  expect(progress.state).toBe('token-budget');
  expect(progress.finished).toBeLessThan(12);
  expect(lines(input.out)).toHaveLength(progress.finished);
});

test.each([
  ['trajectory', 'ModelRequestRejected'],
  ['trajectory', 'ModelAuthentication'],
  ['modular', 'ModelRequestRejected'],
  ['modular', 'ModelAuthentication'],
] as const)('in style %s the tokens of a sample that ends part-way with %s count', async (style, type) => {
  const spent = { calls: 0, inputTokens: 0, outputTokens: 0 };
  const { model } = teacher(style);
  const failing = (expert: string): Model => ({
    ...model(expert),
    generate: async (request, call) => {
      if (spent.calls === 2) throw createFailure(type, 'No.');
      const generation = await model(expert).generate(request, call);
      spent.calls += 1;
      spent.inputTokens += generation.usage.inputTokens;
      spent.outputTokens += generation.usage.outputTokens;
      return generation;
    },
  });
  const input = settings({ style, maxInFlight: 1, budget: { questions: 1, tokens: 0, money: 0 } });
  await run(input, failing).catch(() => undefined);
  const { usage } = JSON.parse(readFileSync(join(input.out, 'manifest.json'), 'utf8')) as SynthesisProgress;
  expect(usage).toEqual(spent);
  expect(spent.calls).toBe(2);
});

test('a key that is refused ends the run with the reason instead of rejecting every question', async () => {
  const model = (): Model => ({
    name: 'refusing',
    generate: async () => {
      throw createFailure('ModelAuthentication', 'No.');
    },
  });
  const input = settings();
  await expect(run(input, model)).rejects.toMatchObject({ cause: { type: 'ModelAuthentication' } });
  expect(readFileSync(join(input.out, 'trajectories.jsonl'), 'utf8')).toBe('');
});

test.each([
  ['ModelAuthentication', 'ends the run with the reason'],
  ['ModelRequestRejected', 'leaves the trajectory out'],
] as const)('a judge that fails for good with %s %s, and asks nothing again', async (type, _what) => {
  const { model, prompts } = teacher('trajectory');
  const judged = (expert: string): Model =>
    expert === 'commonsense'
      ? {
          name: 'judge',
          generate: async () => {
            throw createFailure(type, 'No.');
          },
        }
      : model(expert);
  const input = settings({ metric: 'judge', maxInFlight: 2, budget: { questions: 2, tokens: 0, money: 0 } });
  const ended = run(input, judged);
  if (type === 'ModelAuthentication') await expect(ended).rejects.toMatchObject({ cause: { type } });
  else expect(await ended).toMatchObject({ finished: 2, accepted: 0, rejections: { [`failed-call: ${type}`]: 2 } });
  expect(new Set(prompts).size).toBe(prompts.length);
});

describe('bad datasets are refused before the teacher is asked', () => {
  test.each([
    ['labels absent', [{ index: 0, question: 'Why?' }], /line 1 is not a question: .*it has no label/],
    [
      'an index twice',
      [
        { index: 3, question: 'A?', answer: '1' },
        { index: 3, question: 'B?', answer: '2' },
      ],
      /line 2 has index 3, which is that of line 1 too/,
    ],
    [
      'malformed line 3',
      [{ index: 0, question: 'A?', answer: '1' }, { index: 1, question: 'B?', answer: '1' }, '{"index":2,'],
      /line 3 is not JSON/,
    ],
  ])('%s', async (_title, dataset, message) => {
    const input = settings();
    writeLines(input.dataset, dataset);
    const { model, prompts } = teacher('trajectory');
    await expect(run(input, model)).rejects.toMatchObject({
      cause: { cause: { type: 'InputInvalid', message: expect.stringMatching(message) as string } },
    });
    expect(prompts).toEqual([]);
  });
});

test('continues as new again and again without waiting for the window, and loses nothing', async () => {
  const input = settings();
  const workflowId = `synthesis-${runs}`;
  await lab.withWorker(labContext(gold, teacher('trajectory').model), async () => {
    const handle = await lab.client.workflow.start('huskySynthesize', {
      args: [{ settings: input, eventsPerRun: 60 }],
      workflowId,
      taskQueue: 'lab',
    });
    const first = handle.firstExecutionRunId;
    expect(await handle.result()).toMatchObject({ state: 'finished', finished: 12, accepted: 12 });
    expect((await lab.client.workflow.getHandle(workflowId).describe()).runId).not.toBe(first);
  });
  expect(new Set(lines(input.out).map(({ id }) => id)).size).toBe(12);
});

test('a pause begins no question, and a resumption goes on', async () => {
  const input = settings({ maxInFlight: 2 });
  const workflowId = `synthesis-${runs}`;
  await lab.withWorker(labContext(gold, teacher('trajectory').model), async () => {
    const handle = await lab.client.workflow.signalWithStart('huskySynthesize', {
      signal: 'huskyPause',
      args: [{ settings: input }],
      workflowId,
      taskQueue: 'lab',
    });
    await until(
      async () => ((await handle.query('huskySynthesisProgress')) as SynthesisProgress | undefined)?.state === 'paused',
    );
    expect(await handle.query('huskySynthesisProgress')).toMatchObject({ state: 'paused', finished: 0, inFlight: 0 });
    await handle.signal('huskyResume');
    expect(await handle.result()).toMatchObject({ state: 'finished', finished: 12 });
  });
});

test('the worker killed in the middle: the same trajectories, and no answered call is asked again', async () => {
  const input = settings({ maxInFlight: 4 });
  const calls = join(folder, 'calls.jsonl');
  // Three of four places wait for an answer; the other ones are solved in the fourth.
  const unanswered = gold.slice(-3).map(({ question }) => question);
  const first = lab.spawnWorker('killed', calls, unanswered);
  const handle = await lab.client.workflow.start('huskySynthesize', {
    args: [{ settings: input }],
    workflowId: 'synthesis-killed',
    taskQueue: 'killed',
  });
  const written = () =>
    existsSync(join(input.out, 'trajectories.jsonl'))
      ? readFileSync(join(input.out, 'trajectories.jsonl'), 'utf8').split('\n').length - 1
      : 0;
  await until(async () => written() >= 4);
  first.kill('SIGKILL');
  expect(written()).toBeLessThan(12);
  lab.spawnWorker('killed', calls);
  expect(await handle.result()).toMatchObject({ state: 'finished', finished: 12, accepted: 12 });
  expect(
    lines(input.out)
      .sort((a, b) => Number(a.index) - Number(b.index))
      .map(({ steps }) => steps),
  ).toEqual(gold.map(({ steps }) => steps));
  const asked = readFileSync(calls, 'utf8').trimEnd().split('\n');
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(input.maxInFlight);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
