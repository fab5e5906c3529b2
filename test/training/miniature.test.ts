/**
 * What `npm run experts:train` does, on a toy: questions, a teacher that errs, training sets, experts as GGUF, their evaluation. The worker is
 * killed in the middle of synthesis and the trainer in the middle of a module; an undisturbed training gives the same weights.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atlasQuestions } from '../../src/atlas';
import { trainingSequences } from '../../src/atlas/training-sequences';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import type { PipelineProgress } from '../../src/contract/pipeline';
import type { Trajectory } from '../../src/trajectory/trajectory';
import { eventually, household, type Household } from '../cli/command';

jest.setTimeout(1_800_000);

const TRAINER = join(__dirname, '../../trainer');
const own = join(TRAINER, '.venv/bin/python');
const python = process.env.HUSKY_TRAINER_PYTHON ?? (existsSync(own) ? own : undefined);
if (!python)
  process.stderr.write('The miniature of the expert training is skipped: node trainer/setup.mjs makes its Python.\n');

const PIPELINE = `
name: miniature
out: out
atlasQa: { out: questions, seed: 1, train: 100, dev: 4, real: 24 }
teacher: { scripted: questions/trajectories/real.jsonl, mistakes: { wrongNumber: 0.05, failingCode: 0.05 } }
synthesize: { dataset: questions/real.jsonl, style: modular, temperature: 0, maxInFlight: 4 }
extract:
  style: compact
  modules: [action, code, math, query, commonsense, code-rewrite, search-rewrite]
  also: [questions/trajectories/train.jsonl]
  testSets: [questions/dev.jsonl]
  ngram: 0
  devShare: 0.05
train: { backend: tiny, modules: [action, query, commonsense], preset: miniature }
serve: { server: gguf, rest: out/round-1/experts/commonsense/model/commonsense.gguf }
evaluate: { dataset: questions/dev.jsonl, metric: answer }
`;

(python ? describe : describe.skip)('a miniature of npm run experts:train', () => {
  let home: Household;
  let server: Awaited<ReturnType<typeof startTemporalServer>>;
  const env = { HUSKY_TRAINER_PYTHON: python };
  const file = () => join(home.folder, 'pipeline.yaml');
  const start = () => home.start(['pipeline', file(), '--address', server.address, '--json'], { env });
  const inRound = (path: string) => join(home.folder, 'out/round-1', path);
  const trajectories = () =>
    globSync(inRound('trajectories/*/trajectories.jsonl')).flatMap((path) =>
      readFileSync(path, 'utf8').split('\n').slice(0, -1),
    );
  const weights = (experts: string) => {
    const text = readFileSync(join(home.folder, experts, 'action/result.json'), 'utf8');
    return (JSON.parse(text) as { result: { weights: string } }).result.weights;
  };

  beforeAll(async () => {
    home = household();
    server = await startTemporalServer({ ephemeral: true, ui: false });
    writeFileSync(file(), PIPELINE);
  });
  afterAll(async () => {
    await home.close();
    await server.stop();
  });

  test('goes from questions to experts that are evaluated, and leaves out what the teacher got wrong, though it is killed twice', async () => {
    const first = start();
    await eventually(() => trajectories().length >= 5);
    first.child.kill('SIGKILL');
    await first.done;
    const before = trajectories().length;
    expect(before).toBeLessThan(24);

    writeFileSync(file(), PIPELINE.replace('seed: 1', 'seed: 2'));
    const changed = await start().done;
    expect(changed.err).toMatch(
      /still under way with other settings .* temporal workflow terminate --workflow-id pipeline-/,
    );
    expect(changed.code).toBe(2);
    writeFileSync(file(), PIPELINE);

    const second = start();
    await second.until(/was begun before/);
    await eventually(() => existsSync(inRound('experts/action/checkpoints/checkpoint.pt')));
    process.kill(trainerOf(inRound('experts/action/job.json')), 'SIGKILL');
    const { code, out, err } = await second.done;
    if (code !== 0) throw new Error(err);
    const progress = JSON.parse(out) as PipelineProgress;
    expect(progress.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      'synthesize done',
      'extract done',
      'train done',
      'evaluate done',
    ]);
    const written = trajectories().map((line) => JSON.parse(line) as Trajectory);
    expect(new Set(written.map(({ id }) => id)).size).toBe(24);
    expect(written).toHaveLength(24);
    const kept = written.filter(({ accepted }) => accepted);
    expect(progress.rounds[0]).toMatchObject({ accepted: kept.length, total: 4 });
    expect(kept.length).toBeGreaterThan(8);
    expect(kept.length).toBeLessThan(24);
    expect(readFileSync(inRound('experts/husky.yaml'), 'utf8')).toContain('action/model/action.gguf');
    expect(existsSync(inRound('experts/action/crashes.json'))).toBe(true);
  });

  test('husky train --queue has a worker of role train do the work, on its own host; undisturbed it gives the same weights', async () => {
    const host = home.start(['worker', '--roles', 'train', '--address', server.address], { env });
    try {
      const { code, err } = await home.run(
        [
          ...['train', '--module', 'action', '--data', 'out/round-1/training-set'],
          ...['--backend', 'tiny', '--preset', 'miniature', '--out', 'hosted'],
          ...['--queue', 'husky-train', '--address', server.address],
        ],
        { env: { HUSKY_TRAINER_PYTHON: '/nowhere/python' } },
      );
      expect({ code, err }).toMatchObject({ code: 0 });
      expect(weights('hosted')).toBe(weights('out/round-1/experts'));
    } finally {
      host.child.kill('SIGTERM');
      await host.done;
    }
  });

  test('a model too small for its beginning is a mistake of the settings, said once', async () => {
    const { code, err } = await home.run(
      [
        ...['train', '--module', 'action', '--data', 'out/round-1/training-set', '--backend', 'tiny'],
        ...['--preset', 'miniature', '--set', 'hidden=96', '--out', 'small', '--address', server.address],
      ],
      { env },
    );
    expect(err).toMatch(/2 heads, 2 layers and width 96 is too small .*; raise setting hidden or layers/);
    expect(err).not.toMatch(/tried again|ended 3 times/);
    expect(code).toBe(2);
  });

  test('npm run experts:train does nothing that is done, and puts the experts where the package looks for them', () => {
    const out = join(home.folder, 'models');
    const said = execFileSync(process.execPath, [join(TRAINER, 'experts.mjs'), file(), '--out', out], {
      env: {
        ...process.env,
        TEMPORAL_ADDRESS: server.address,
        HUSKY_TRAINER_PYTHON: python,
        XDG_DATA_HOME: join(home.folder, 'data'),
      },
      encoding: 'utf8',
    });
    expect(said).toContain('dev questions right');
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as object;
    expect(manifest).toEqual({
      style: 'compact',
      models: { action: 'action.gguf', query: 'query.gguf', commonsense: 'base.gguf' },
    });
    expect(sha256(join(out, 'action.gguf'))).toBe(weights('out/round-1/experts'));
  });

  test('the exported file reads prompts and answers as PyTorch does', () => {
    const questions = atlasQuestions('dev', { seed: 2 });
    const prompts = Array.from({ length: 8 }, () => questions.next().value.trajectory)
      .flatMap((trajectory) => [...trainingSequences(trajectory)])
      .map(({ parts }) => ({ prompt: parts[0] ?? '', maxTokens: 12 }))
      .slice(0, 24);
    const input = prompts.map((prompt) => `${JSON.stringify(prompt)}\n`).join('');
    const env = { ...process.env, PYTHONPATH: join(TRAINER, 'src'), OMP_NUM_THREADS: '1' };
    const answers = (command: string, args: string[]) =>
      execFileSync(command, args, { env, input, encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { prompt: number[]; output: number[] });
    const expert = inRound('experts/query');
    const expected = answers(python ?? '', [
      ...['-m', 'temporal_husky_trainer.tiny.generate'],
      ...['--model', join(expert, 'checkpoints'), '--tokenizer', expert],
    ]);
    const seen = answers(process.execPath, [join(__dirname, 'run-gguf.mjs'), join(expert, 'model/query.gguf')]);
    expect(seen.map(({ prompt }) => prompt)).toEqual(expected.map(({ prompt }) => prompt));
    // a model this young is undecided now and then, and llama.cpp rounds otherwise than PyTorch
    const same = seen.filter(({ output }, at) => output.join() === expected[at]?.output.join()).length;
    expect(same).toBeGreaterThanOrEqual(Math.floor(prompts.length * 0.7));
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Process id of the trainer of a job. */
function trainerOf(job: string): number {
  const lines = execFileSync('ps', ['-ax', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  const line = lines.find((text) => text.includes('tiny.backend') && text.includes(job));
  return Number.parseInt(line ?? '', 10);
}
