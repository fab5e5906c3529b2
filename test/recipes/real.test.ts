import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePort } from '../free-port';
import { makeKit } from './kit';

jest.setTimeout(300_000);

const option = (call: string[], name: string) => call[call.indexOf(`--${name}`) + 1] ?? '';
const sorted = (runs: string[][]) => runs.map((run) => run.join('/')).sort();
const evaluated = (calls: string[][]) =>
  calls.filter(([command]) => command === 'eval').map((call) => option(call, 'out').slice('runs/'.length).split('/'));

describe('recipes/real.sh on a machine that has everything', () => {
  const kit = makeKit();
  let first: Awaited<ReturnType<typeof kit.run>>;
  beforeAll(async () => {
    first = await kit.run();
  });

  test('does all stages, and all systems answer the first tasks before one answers the next', () => {
    expect(first).toMatchObject({ code: 0 });
    const order = evaluated(kit.calls());
    const untrained = ['experts-1', 'base-cot', 'base-program', 'base-cot-few-shot', 'base-husky'];
    const systems = [...untrained.map((name) => `qwen-0.5b-${name}`), 'teacher-husky', 'teacher-cot'];
    for (const [at, task] of ['gsm8k', 'atlas-qa', 'atlas-qa-families'].entries())
      expect(sorted(order.slice(at * 7, at * 7 + 7))).toEqual(systems.map((name) => `${name}/${task}`).sort());
    const trained = order.filter(([name]) => /-(?:cot|one)-\d$|-2$/.test(name!));
    expect(sorted(trained.slice(0, 5))).toEqual(
      ['cot-1', 'cot-2', 'experts-2', 'one-1', 'one-2'].map((name) => `qwen-0.5b-${name}/gsm8k`),
    );
    // The smaller base waits until the first table is whole.
    const outs = kit.calls().map((call) => option(call, 'out'));
    expect(outs.findIndex((out) => /^trained\/\w+-smollm2/.test(out))).toBeGreaterThan(
      outs.lastIndexOf('runs/qwen-0.5b-one-2/atlas-qa-families'),
    );
    expect(new Set(order.map((run) => run.join('/'))).size).toBe(order.length);
    const asked = kit.calls().find((call) => option(call, 'out') === 'runs/teacher-cot/atlas-qa')!;
    expect(asked.slice(1, 7)).toEqual(['--task', 'atlas-qa', 'word-problems', 'strategyqa', '--limit', '100']);
  });

  test('leaves adapters and a log of every training in one folder', () => {
    expect(existsSync(join(kit.folder, 'out/adapters/qwen-0.5b/round-1/experts/action/model/adapter.gguf'))).toBe(true);
    expect(kit.results('training.md')).toContain(
      '| qwen-0.5b/round-1/experts/action | 500 | 25000 | - | 9.1 | sdpa | 2.000 to 0.500 | 3.00 | 0 |',
    );
  });

  test('the same command again does nothing twice', async () => {
    const before = kit.calls().length;
    expect(await kit.run()).toMatchObject({ code: 0 });
    expect(kit.calls()).toHaveLength(before);
  });
});

test('with --server vllm teacher and adapters are served by vLLM over dequantised weights, and no llama-server is needed', async () => {
  const kit = makeKit();
  rmSync(join(kit.folder, 'llama.cpp'), { recursive: true });
  const { code, out } = await kit.run(['--server', 'vllm']);
  expect({ code, out }).toMatchObject({ code: 0 });
  const served = readFileSync(join(kit.folder, 'vllm.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
  const [teacher, adapters] = served as [string[], string[]];
  expect(teacher).toEqual(expect.arrayContaining(['--served-model-name', 'qwen-1.5b', '--max-model-len']));
  expect(teacher[1]).toMatch(/\/bases\/[0-9a-f]{24}$/);
  expect(adapters).toEqual(
    expect.arrayContaining(['--served-model-name', 'qwen-0.5b', '--enable-lora', '--gpu-memory-utilization']),
  );
  expect(adapters.find((word) => word.startsWith('experts-1.action='))).toMatch(/round-1\/experts\/action\/model$/);
  // The smaller base is asked before anything is trained of it.
  expect(served.some((words) => words.includes('smollm2-135m'))).toBe(true);
  expect(await kit.run(['--server', 'sglang'])).toMatchObject({
    code: 2,
    out: expect.stringContaining('--server sglang is neither llama-cpp nor vllm') as string,
  });
});

test('a pipeline that takes too long is cut to its whole rounds; a stage that fails is told, and the others are done', async () => {
  const kit = makeKit();
  const { code, out } = await kit.run(['--pipeline-minutes', '0.1'], {
    STUB_HANGS: '1',
    STUB_FAILS: 'trained/cot-qwen-0.5b-1',
  });
  expect(out).toContain('pipeline: cut after 0.1 minutes; what it has so far is taken');
  expect(out).toMatch(/What failed:\n {2}cot-qwen-0.5b-1: train ended with 1: the stub fails as it was told/);
  expect(code).toBe(1);
  const systems = evaluated(kit.calls()).map(([system]) => system);
  expect(systems).not.toContain('qwen-0.5b-cot-1');
  expect(systems).toEqual(expect.arrayContaining(['qwen-0.5b-experts-1', 'smollm2-135m-one-2']));
});

test('a run whose time is up ends with 3 and says where it goes on', async () => {
  const kit = makeKit();
  const { code, out } = await kit.run(['--minutes', '0.1'], { STUB_HANGS: '1' });
  expect(code).toBe(3);
  expect(out).toMatch(/The time is up before .+; the same command goes on there\./);
  expect(kit.results('training.md')).toContain('## Training');
});

test('a port that another program has is told, and that program is not asked', async () => {
  const kit = makeKit();
  const other = createServer((_, answer) => answer.end('{}'));
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    const { code, out } = await kit.run(['--port', String(port)]);
    expect(out).toContain(`Port ${port}, which the server teacher needs, is taken by another program`);
    expect(code).toBe(1);
    expect(kit.calls().map(([command]) => command)).toEqual(['index']);
  } finally {
    other.close();
  }
});

test('all that is missing is told at once, before anything begins', async () => {
  const kit = makeKit();
  for (const path of ['qwen-1.5b.gguf', 'data/tabmwp/test.jsonl', 'llama.cpp'])
    rmSync(join(kit.folder, path), { recursive: true });
  const { code, out } = await kit.run([], { STUB_ABSENT: '["peft"]', TEMPORAL_CLI_PATH: '', PATH: '/nowhere' });
  expect(code).toBe(2);
  for (const what of ['llama-server: ', 'the model qwen-1.5b.gguf', 'the dataset tabmwp/test', 'the Temporal CLI'])
    expect(out).toContain(what);
  expect(out).not.toContain('    at ');
  expect(kit.calls()).toEqual([]);
});

test('Python packages that are absent are named', async () => {
  const kit = makeKit();
  const { code, out } = await kit.run([], { STUB_ABSENT: '["peft", "gguf"]' });
  expect(code).toBe(2);
  expect(out).toMatch(/Python packages of .*: peft, gguf \(HUSKY_TRAINER_PYTHON names another Python\)/);
});

test('a disk without room is told before anything begins', async () => {
  const kit = makeKit();
  const { code, out } = await kit.run([], { HUSKY_REAL_DISK_GB: '1e6' });
  expect(code).toBe(2);
  expect(out).toMatch(
    /room on the disk of .*: [\d.]+ GB are free, 1000000 are needed \(HUSKY_REAL_DISK_GB asks for less\)/,
  );
});

test('a sandbox that cannot run Python is told before anything begins, with what to carry', async () => {
  const kit = makeKit();
  const { code, out } = await kit.run([], { STUB_NO_PYTHON: '1' });
  expect(code).toBe(2);
  expect(out).toMatch(/Python in the sandbox \(.*sandbox\/python-\*.*\): husky: pip could not fetch mpmath/);
});

test('a llama-server that is still being built is waited for', async () => {
  const kit = makeKit();
  const log = join(kit.folder, 'build.log');
  mkdirSync(join(kit.folder, 'llama.cpp'), { recursive: true });
  writeFileSync(join(kit.folder, 'llama.cpp/started'), '');
  const running = kit.run(['--only', 'prepare']);
  setTimeout(() => writeFileSync(log, 'BUILD 0\n'), 1500);
  const { code, out } = await running;
  expect(out).toContain('Waiting for llama-server, which is being built');
  expect(code).toBe(0);
});
