import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRun } from '../../src/evaluation/plan-run';
import { judgedSamples } from '../../src/evaluation/judge-summary';
import { readRun } from '../../src/formats/run';
import { programEnvironment } from '../../src/evaluation/command-system';
import { createFailure } from '../../src/failures';
import type { Model } from '../../src/models/model';
import { scriptSolutions, type ScriptedCall } from '../../src/testing';
import type { EvaluationProgress, EvaluationSettings } from '../../src/contract/evaluation';
import { LAB, startServer, withWorkers, type TestServer } from './harness';
import { counting } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'husky-eval-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every fifth gold answer is one that the scripted experts do not give. */
const solutions = Array.from({ length: 45 }, (_, i) => counting(1, `Person${String(i).padStart(2, '0')}x`));
const dataset = () => {
  const file = join(folder, 'counting.jsonl');
  const lines = solutions.map(({ question, answer }, index) =>
    JSON.stringify({ index, question, answer: index % 5 === 0 ? '99' : answer }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};
const settings = (out: string, over: Partial<EvaluationSettings> = {}): EvaluationSettings => ({
  out: join(folder, 'runs', out),
  tasks: [{ name: 'counting', file: dataset(), metric: 'number' }],
  system: { kind: 'husky' },
  limit: 0,
  seed: 1,
  samples: 1,
  maxInFlight: 6,
  limits: {},
  stepsPerActivity: 8,
  rules: 'default',
  ...over,
});

const run = (prefix: string, workflowId: string, input: object): Promise<EvaluationProgress> =>
  server.client.workflow.execute('huskyEvaluate', { taskQueue: `${prefix}-husky-lab`, workflowId, args: [input] });

test('every question is asked once, scored and written down, across continue-as-new', async () => {
  const script = scriptSolutions(solutions);
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const first = await run(prefix, 'first', { settings: settings('first'), questionsPerRun: 20 });
    expect(first).toMatchObject({ total: 45, done: 45, correct: 36, failed: 0, inFlight: 0, reused: 0 });
    const { samples, manifest } = await readRun(settings('first').out);
    expect(samples.map(({ index }) => index).sort((a, b) => Number(a) - Number(b))).toEqual(
      solutions.map((_, index) => index),
    );
    expect(samples.filter(({ verdict }) => verdict.correct)).toHaveLength(36);
    expect(samples[0]?.solution?.steps).toHaveLength(1);
    expect(manifest).toMatchObject({ system: 'husky', tasks: [{ name: 'counting', metric: 'number', questions: 45 }] });
    const calls = script.calls.length;

    const again = await run(prefix, 'first', { settings: settings('first') });
    expect(again).toMatchObject({ done: 45, correct: 36 });
    const beside = await run(prefix, 'second', { settings: settings('second') });
    expect(beside).toMatchObject({ done: 45, correct: 36, reused: 45 });
    expect(script.calls).toHaveLength(calls);
  });
});

test('questions that share a workflow are each asked once, scored and written down', async () => {
  const script = scriptSolutions(solutions);
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const together = settings('together', { questionsPerWorkflow: 4, limits: { maxSteps: 9 } });
    const progress = await run(prefix, 'together', { settings: together, questionsPerRun: 20 });
    expect(progress).toMatchObject({ total: 45, done: 45, correct: 36, failed: 0, inFlight: 0, reused: 0 });
    const { samples } = await readRun(together.out);
    expect(samples.map(({ index }) => index).sort((a, b) => Number(a) - Number(b))).toEqual(
      solutions.map((_, index) => index),
    );
    const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
    expect(new Set(asked).size).toBe(asked.length);

    // A child that has ended is asked for its result, not begun again.
    const calls = script.calls.length;
    const lines = readFileSync(join(together.out, 'samples.jsonl'), 'utf8').trim().split('\n');
    writeFileSync(join(together.out, 'samples.jsonl'), `${lines.slice(0, 40).join('\n')}\n`);
    expect(await run(prefix, 'together', { settings: together })).toMatchObject({ total: 45, done: 45, correct: 36 });
    expect(script.calls).toHaveLength(calls);
  });
});

test('a run goes on where its workers ended, and asks no finished question again', async () => {
  const script = scriptSolutions(solutions, { delayMs: 40 });
  const prefix = 'stopped';
  const options = {
    ...LAB,
    parts: script.parts,
    config: { queues: { prefix }, timeouts: { heartbeatMs: 10_000 }, limits: { maxSteps: 7 } },
  };
  const out = settings('stopped');
  const started = await withWorkers(server, options, async () => {
    const handle = await server.client.workflow.start('huskyEvaluate', {
      taskQueue: `${prefix}-husky-lab`,
      workflowId: 'stopped',
      args: [{ settings: out }],
    });
    while (script.calls.length < 60) await new Promise((next) => setTimeout(next, 20));
    return handle;
  });
  await withWorkers(server, options, async () => {
    expect(await started.result()).toMatchObject({ done: 45, correct: 36 });
  });
  const lines = readFileSync(join(out.out, 'samples.jsonl'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(45);
  const answered = script.calls.filter(({ output }) => output !== undefined).map(({ input }) => input);
  expect(answered.length - new Set(answered).size).toBe(0);
});

test.each([1, 4])(
  'a child of an earlier run that is ended meanwhile is begun again (%i a workflow)',
  async (together) => {
    const script = scriptSolutions(solutions);
    await withWorkers(
      server,
      { ...LAB, parts: script.parts, config: { limits: { maxSteps: 6 } } },
      async (_husky, prefix) => {
        const id = `ended-${together}`;
        const asked = settings(`${id}/run`, { limit: 1, questionsPerWorkflow: together });
        const [index] = (await planRun(asked)).items.map((item) => item.index);
        const earlier = await server.client.workflow.start('huskyEvaluateQuestion', {
          taskQueue: 'served-by-nobody',
          workflowId: together === 1 ? `${id}/counting:${index}:0` : `${id}/${together}x0`,
          args: [{}],
        });
        const result = run(prefix, id, { settings: asked });
        const evaluation = server.client.workflow.getHandle(id);
        const collecting = async () =>
          (await evaluation.describe()).raw.pendingActivities?.some(({ activityType }) =>
            activityType?.name?.startsWith('huskyCollectSample'),
          );
        while (!(await collecting().catch(() => false))) await new Promise((next) => setTimeout(next, 50));
        await earlier.terminate('ended from outside');
        expect(await result).toMatchObject({ total: 1, done: 1, failed: 0 });
      },
    );
  },
);

test('any program can be evaluated; a question that fails counts as wrong, and the same command asks it again', async () => {
  const script = scriptSolutions(solutions);
  const mended = join(folder, 'mended');
  const program = `read question; case "$question" in *Person03x*) test -e ${mended} || exit 3;; esac; echo "thinking"; echo 1`;
  const lab = { solves: true, program: { command: program, env: programEnvironment([]) } };
  await withWorkers(server, { ...LAB, parts: script.parts, lab }, async (_husky, prefix) => {
    const over = { system: { kind: 'command' as const, command: program }, limit: 10, seed: 4 };
    const progress = await run(prefix, 'command', { settings: settings('command', { ...over, limit: 0 }) });
    expect(progress).toMatchObject({ total: 45, done: 45, correct: 35, failed: 1 });
    const { samples } = await readRun(settings('command').out);
    expect(samples.find(({ index }) => index === 3)?.failure).toMatchObject({ type: 'SystemFailed' });
    const again = (over = {}) =>
      run(prefix, 'command', {
        settings: settings('command', { system: { kind: 'command', command: program }, seed: 4, ...over }),
      });
    expect(await again()).toMatchObject({ total: 45, done: 45, correct: 35, failed: 1 });
    writeFileSync(mended, '');
    expect(await again({ questionsPerWorkflow: 4 })).toMatchObject({ total: 45, done: 45, correct: 36, failed: 0 });
    const after = (await readRun(settings('command').out)).samples;
    expect(after).toHaveLength(45);
    expect(after.filter(({ failure }) => failure)).toEqual([]);
    const few = await run(prefix, 'few', { settings: settings('few', over) });
    expect(few.total).toBe(10);
  });
  expect(script.calls).toHaveLength(0);
});

test('another metric or other labels are judged anew', async () => {
  const script = scriptSolutions(solutions);
  const over = (task: object) => ({
    limit: 5,
    tasks: [{ name: 'counting', file: dataset(), metric: 'number', ...task }],
  });
  const other = join(folder, 'other.jsonl');
  writeFileSync(other, readFileSync(dataset(), 'utf8').replaceAll(/"answer":"\w+"/g, '"answer":"7"'));
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const apart = (out: string, task: object) => settings(`apart/${out}`, over(task));
    expect(await run(prefix, 'apart', { settings: apart('one', {}) })).toMatchObject({ done: 5, reused: 0 });
    const text = apart('text', { metric: 'exact-match' });
    expect(await run(prefix, 'text', { settings: text })).toMatchObject({ done: 5, reused: 0 });
    const asked = script.calls.length;
    const again = await run(prefix, 'again', { settings: apart('again', {}) });
    expect(again).toMatchObject({ done: 5, reused: 5 });
    expect(script.calls).toHaveLength(asked);
    const relabelled = await run(prefix, 'relabelled', { settings: apart('relabelled', { file: other }) });
    expect(relabelled).toMatchObject({ done: 5, reused: 0, correct: 0 });

    // In its own folder, too: verdicts by two rules would stand side by side under one manifest.
    const refused = async (id: string, task: object) => {
      const error = await run(prefix, id, { settings: apart('one', task) }).catch((cause: unknown) => cause);
      return String((error as { cause?: { cause?: Error } }).cause?.cause?.message);
    };
    expect(await refused('one-text', { metric: 'exact-match' })).toMatch(
      /holds counting judged by number, not by exact-match/,
    );
    expect(await refused('one-relabelled', { file: other })).toMatch(/when its question or label was another one/);
  });
});

test('a folder whose answers were to other questions, labels or by another metric is refused, whatever its name', async () => {
  const script = scriptSolutions(solutions);
  const file = join(folder, 'edited.jsonl');
  const [question = ''] = solutions.map((solution) => solution.question);
  const write = (line: object) =>
    writeFileSync(file, `${JSON.stringify({ index: 0, question, answer: '1', ...line })}\n`);
  const edited = (task: object = {}) =>
    settings('edited', { tasks: [{ name: 'edited', file, metric: 'number', ...task }] });
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const message = async (asked: EvaluationSettings) => {
      const error = (await run(prefix, 'edited', { settings: asked }).catch((cause: unknown) => cause)) as {
        cause?: { cause?: Error };
      };
      return error.cause?.cause?.message;
    };
    write({});
    expect(await run(prefix, 'edited', { settings: edited() })).toMatchObject({ done: 1, correct: 1 });
    expect(await message(edited({ metric: 'exact-match' }))).toMatch(/judged by number, not by exact-match/);
    write({ answer: '2' });
    expect(await message(edited())).toMatch(/holds an answer to edited 0 of a time/);
    write({ question: `${question} Really?` });
    expect(await message(edited())).toMatch(/holds an answer to edited 0 of a time/);
    write({});
    expect(await run(prefix, 'edited', { settings: edited() })).toMatchObject({ done: 1, correct: 1 });
    const twice = { name: 'edited', file: dataset(), metric: 'number' };
    const both = settings('both', { tasks: [...edited().tasks, twice] });
    expect(await message(both)).toMatch(/Two tasks are called edited/);
    const { tasks } = settings('edited');
    expect(await run(prefix, 'edited', { settings: { ...edited(), tasks, limit: 3 } })).toMatchObject({ done: 3 });
    const { manifest } = await readRun(edited().out);
    expect(manifest.tasks.map(({ name }) => name)).toEqual(['edited', 'counting']);
  });
});

test('a judge decides where the metric is judge; what the metric says and the bias of order are written down', async () => {
  const script = scriptSolutions(solutions);
  const { model } = script.parts as { model: (expert: string) => Model };
  const prompts: string[] = [];
  const reply = (prompt: string) => {
    prompts.push(prompt);
    const [a, b] = [/Answer A: (.*)/.exec(prompt)?.[1], /Answer B: (.*)/.exec(prompt)?.[1]];
    // Takes whatever stands first for the better answer when that is the label.
    return a === b || a === '99' ? 'SAME' : 'DIFFERENT';
  };
  const judging = (expert: string): Model => ({
    ...model(expert),
    generate: async (request, options) =>
      request.prompt.includes('Answer A:')
        ? {
            text: reply(request.prompt),
            finishReason: 'stop',
            model: 'judge',
            usage: { calls: 1, inputTokens: 1, outputTokens: 1 },
          }
        : model(expert).generate(request, options),
  });
  await withWorkers(server, { ...LAB, parts: { ...script.parts, model: judging } }, async (_husky, prefix) => {
    const judged = settings('judged/run', { tasks: [{ name: 'counting', file: dataset(), metric: 'judge' }] });
    expect(await run(prefix, 'judged', { settings: judged })).toMatchObject({ done: 45, correct: 36 });
    expect(prompts).toHaveLength(90);
    const { samples } = await readRun(judged.out);
    expect(judgedSamples(samples)).toEqual({
      judged: 45,
      unreadable: 0,
      swapped: 9,
      sameOnlyWithGoldFirst: 9,
      agreement: { pairs: 45, rate: 1, kappa: 1 },
    });
    expect(samples.find(({ index }) => index === 5)?.verdict).toMatchObject({ judgements: [false, true] });
  });
});

test.each([1, 4])(
  'a key that is refused ends the evaluation, and its questions are asked when it is begun again (%i a workflow)',
  async (together) => {
    let refused = true;
    const fail = ({ part, input }: ScriptedCall) =>
      refused && part === 'action' && input.includes('Person1')
        ? createFailure('ModelAuthentication', 'The key has expired.')
        : undefined;
    const script = scriptSolutions(solutions, { fail });
    const config = { limits: { maxSteps: 5 } };
    await withWorkers(server, { ...LAB, parts: script.parts, config }, async (_husky, prefix) => {
      const asked = settings(`refused-${together}/run`, { maxInFlight: 4, questionsPerWorkflow: together });
      const error = await run(prefix, `refused-${together}`, { settings: asked }).catch((cause: unknown) => cause);
      expect((error as { cause?: unknown }).cause).toMatchObject({ type: 'ModelAuthentication' });
      const { samples } = await readRun(asked.out);
      expect(samples.filter(({ failure }) => failure)).toEqual([]);
      expect(samples.length).toBeLessThan(20);
      refused = false;
      expect(await run(prefix, `refused-${together}`, { settings: asked })).toMatchObject({
        done: 45,
        correct: 36,
        failed: 0,
      });
    });
  },
);

test('a metric that does not exist ends the evaluation, and says which there are', async () => {
  const script = scriptSolutions(solutions);
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const wrong = settings('wrong', { tasks: [{ name: 'counting', file: dataset(), metric: 'nomber' }] });
    const error = (await run(prefix, 'wrong', { settings: wrong }).catch((cause: unknown) => cause)) as {
      cause?: { cause?: Error };
    };
    expect(error.cause?.cause?.message).toMatch(/No metric is called nomber.*number, /);
  });
});

test('bad input is refused with file and line', async () => {
  const script = scriptSolutions(solutions);
  const file = join(folder, 'bad.jsonl');
  writeFileSync(file, '{"index":1,"question":"q","answer":"a"}\n{"index":1,"question":"r","answer":"b"}\n');
  await withWorkers(server, { ...LAB, parts: script.parts }, async (_husky, prefix) => {
    const bad = settings('bad', { tasks: [{ name: 'bad', file, metric: 'number' }] });
    const error = await run(prefix, 'bad', { settings: bad }).catch(
      (cause: Error & { cause?: { cause?: Error } }) => cause,
    );
    expect(String((error as { cause?: { cause?: Error } }).cause?.cause?.message)).toMatch(
      /bad\.jsonl line 2 has index 1, which is that of line 1 too/,
    );
  });
});
