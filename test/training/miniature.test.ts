/**
 * What `npm run experts:train` does, on a toy: questions, a teacher that errs, training sets, experts as GGUF, their evaluation. Once
 * undisturbed, and once with the worker killed in the middle of synthesis and the trainer in the middle of a module. Opt-in by
 * HUSKY_MINIATURE=1: it wants two cores for itself.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTemporalServer } from '../../src/cli/temporal-server';
import type { PipelineProgress } from '../../src/trajectory/pipeline';
import { eventually, household, type Household, type Run } from '../cli/command';

jest.setTimeout(1_800_000);

const own = join(__dirname, '../../trainer/.venv/bin/python');
const python = process.env.HUSKY_TRAINER_PYTHON ?? (existsSync(own) ? own : undefined);
const wanted = python !== undefined && process.env.HUSKY_MINIATURE === '1';
if (!wanted)
  process.stderr.write(
    'The miniature pipeline is skipped: set HUSKY_MINIATURE=1, and node trainer/setup.mjs makes its Python.\n',
  );

const PIPELINE = `
name: miniature
out: out
atlasQa: { out: questions, seed: 1, train: 100, dev: 4, real: 24 }
teacher: { oracle: questions/trajectories/real.jsonl, mistakes: { wrongNumber: 0.05, failingCode: 0.05 } }
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

(wanted ? describe : describe.skip)('a miniature of npm run experts:train', () => {
  let home: Household;
  let server: Awaited<ReturnType<typeof startTemporalServer>>;
  const start = (name: string) =>
    home.start(['pipeline', join(name, 'pipeline.yaml'), '--address', server.address, '--json'], {
      env: { HUSKY_TRAINER_PYTHON: python },
    });
  const inRound = (name: string, path: string) => join(home.folder, name, 'out/round-1', path);
  const trajectories = (name: string) =>
    globSync(inRound(name, 'trajectories/*/trajectories.jsonl')).flatMap((path) =>
      readFileSync(path, 'utf8').split('\n').slice(0, -1),
    );
  const weights = (name: string) =>
    ['action', 'query', 'commonsense'].map((module) => {
      const text = readFileSync(inRound(name, `experts/${module}/result.json`), 'utf8');
      return (JSON.parse(text) as { result: { weights: string } }).result.weights;
    });
  const progressOf = ({ code, out, err }: Run) => {
    if (code !== 0) throw new Error(err);
    return JSON.parse(out) as PipelineProgress;
  };
  let calm: PipelineProgress;

  beforeAll(async () => {
    home = household();
    server = await startTemporalServer({ ephemeral: true, ui: false });
    for (const name of ['calm', 'killed']) {
      mkdirSync(join(home.folder, name));
      writeFileSync(join(home.folder, name, 'pipeline.yaml'), PIPELINE);
    }
    calm = progressOf(await start('calm').done);
  });
  afterAll(async () => {
    await home.close();
    await server.stop();
  });

  test('goes from questions to experts that are evaluated, and leaves out what the teacher got wrong', () => {
    expect(calm.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      'synthesize done',
      'extract done',
      'train done',
      'evaluate done',
    ]);
    const [round] = calm.rounds;
    const kept = trajectories('calm').filter((line) => line.includes('"accepted":true'));
    expect(round).toMatchObject({ accepted: kept.length, total: 4 });
    expect(kept.length).toBeGreaterThan(8);
    expect(kept.length).toBeLessThan(24);
    expect(readFileSync(inRound('calm', 'experts/husky.yaml'), 'utf8')).toContain('action/model/action.gguf');
  });

  test('killed in the middle of synthesis and of a module, it ends with the same trajectories and weights', async () => {
    const first = start('killed');
    await eventually(() => trajectories('killed').length >= 5);
    first.child.kill('SIGKILL');
    await first.done;
    const before = trajectories('killed').length;
    const second = start('killed');
    await second.until(/was begun before/);
    await eventually(() => existsSync(inRound('killed', 'experts/action/checkpoints/checkpoint.pt')));
    process.kill(trainerOf(inRound('killed', 'experts/action/job.json')), 'SIGKILL');
    const progress = progressOf(await second.done);

    expect(before).toBeLessThan(24);
    expect(trajectories('killed').sort()).toEqual(trajectories('calm').sort());
    expect(existsSync(inRound('killed', 'experts/action/crashes.json'))).toBe(true);
    expect(weights('killed')).toEqual(weights('calm'));
    expect(progress.rounds.map(({ correct }) => correct)).toEqual(calm.rounds.map(({ correct }) => correct));
  });

  test('given again, it does nothing', async () => {
    const { stages } = progressOf(await start('calm').done);
    expect(stages.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  });
});

/** Process id of the trainer of a job. */
function trainerOf(job: string): number {
  const lines = execFileSync('ps', ['-ax', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  const line = lines.find((text) => text.includes('tiny.backend') && text.includes(job));
  return Number.parseInt(line ?? '', 10);
}
