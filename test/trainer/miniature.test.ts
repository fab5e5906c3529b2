import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atlasQuestions, writeAtlasQa } from '../../src/atlas';
import { trainingSequences } from '../../src/atlas/training-sequences';

const trainer = join(__dirname, '../../trainer');
const own = join(trainer, '.venv/bin/python');
const python = process.env.HUSKY_TRAINER_PYTHON ?? (existsSync(own) ? own : undefined);
const plan = JSON.parse(readFileSync(join(trainer, 'miniature.json'), 'utf8')) as {
  questions: number;
  experts: Record<string, string>;
};

if (!python)
  process.stderr.write('The miniature of the expert training is skipped: node trainer/setup.mjs makes its Python.\n');

(python ? describe : describe.skip)('a miniature of npm run experts:train', () => {
  const folder = mkdtempSync(join(tmpdir(), 'husky-miniature-'));
  const [data, work, out] = [join(folder, 'data'), join(folder, 'work'), join(folder, 'out')];
  const env = { ...process.env, PYTHONPATH: join(trainer, 'src'), OMP_NUM_THREADS: '1' };
  const make = () =>
    execFileSync(
      python ?? '',
      [
        '-m',
        'temporal_husky_trainer.tiny.make',
        join(trainer, 'miniature.json'),
        '--data',
        data,
        '--work',
        work,
        '--out',
        out,
      ],
      { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    )
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; loss?: number; accuracy?: number; name?: string });
  let events: ReturnType<typeof make>;

  beforeAll(() => {
    const counts = { train: plan.questions, dev: 0, test: 0, families: 0, entities: 0 };
    writeAtlasQa({ out: data, counts, sequences: true });
    events = make();
  }, 900_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('trains the base and the experts from it, and writes a file for each expert and a manifest', () => {
    expect(events.filter(({ event }) => event === 'run').map(({ name }) => name)).toEqual(['base', 'query']);
    const [base] = events.filter(({ event }) => event === 'done');
    expect(base?.loss).toBeLessThan(6);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { models: Record<string, string> };
    expect(Object.keys(manifest.models).sort()).toEqual(Object.keys(plan.experts).sort());
    for (const file of Object.values(manifest.models)) expect(existsSync(join(out, file))).toBe(true);
  });

  test('does nothing again when everything is done', () => {
    expect(make().filter(({ event }) => event === 'run')).toEqual([]);
  }, 120_000);

  test('the exported file reads prompts and answers as PyTorch does', () => {
    const questions = atlasQuestions('dev', { seed: 2 });
    const prompts = Array.from({ length: 8 }, () => questions.next().value.trajectory)
      .flatMap((trajectory) => [...trainingSequences(trajectory)])
      .map(({ parts }) => ({ prompt: parts[0] ?? '', maxTokens: 12 }))
      .slice(0, 24);
    const input = prompts.map((prompt) => `${JSON.stringify(prompt)}\n`).join('');
    const lines = (command: string, args: string[]) => {
      const { stdout, stderr, status } = spawnSync(command, args, { env, input, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { prompt: number[]; output: number[] });
    };
    const generate = ['-m', 'temporal_husky_trainer.tiny.generate', '--model', join(work, 'base'), '--tokenizer', work];
    const expected = lines(python ?? '', generate);
    const seen = lines(process.execPath, [join(__dirname, 'run-gguf.mjs'), join(out, 'base.gguf')]);
    expect(seen.map(({ prompt }) => prompt)).toEqual(expected.map(({ prompt }) => prompt));
    // a model this young is undecided now and then, and llama.cpp rounds otherwise than PyTorch
    const same = seen.filter(({ output }, at) => output.join() === expected[at]?.output.join()).length;
    expect(same).toBeGreaterThanOrEqual(Math.floor(prompts.length * 0.8));
  }, 300_000);
});
