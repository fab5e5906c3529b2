/**
 * The sft back end behind the command, on a random base that is made here, so that no hub is needed. Opt-in, since its environment
 * takes gigabytes: `node trainer/setup.mjs sft`, or a Python with its packages in HUSKY_SFT_PYTHON.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import type { TrainResult } from '../../src/contract/training';
import { eventually, household, type Household } from '../cli/command';
import { mapTrajectory, writeLines } from './trajectories';

jest.setTimeout(900_000);

const own = join(__dirname, '../../trainer/.venv-sft/bin/python');
const python = process.env.HUSKY_SFT_PYTHON ?? (existsSync(own) ? own : undefined);
if (!python)
  process.stderr.write(
    'husky train --backend sft is not tested: node trainer/setup.mjs sft makes its Python, or HUSKY_SFT_PYTHON names one.\n',
  );

(python ? describe : describe.skip)('husky train --backend sft', () => {
  let home: Household;
  let server: Awaited<ReturnType<typeof startTemporalServer>>;
  const file = (name: string) => join(home.folder, name);
  const start = (out: string, ...more: string[]) =>
    home.start(
      [
        ...['train', '--module', 'code', '--data', 'set', '--base', 'base', '--out', out, '--preset', 'miniature'],
        ...['--device', 'cpu', '--address', server.address, '--json', '--set', 'maxSteps=12', ...more],
      ],
      { env: { HUSKY_TRAINER_PYTHON: python } },
    );
  const weightsOf = async (run: ReturnType<typeof start>) => {
    const { code, out, err } = await run.done;
    if (code !== 0) throw new Error(err);
    return (JSON.parse(out) as TrainResult).modules[0]?.weights;
  };

  beforeAll(async () => {
    home = household();
    server = await startTemporalServer({ ephemeral: true, ui: false });
    execFileSync(python ?? '', [join(__dirname, 'sft/make_base.py'), file('base')], { stdio: 'inherit' });
    writeLines(
      file('gold.jsonl'),
      Array.from({ length: 40 }, (_, index) => mapTrajectory(index)),
    );
    const { code, err } = await home.run([
      'extract',
      '--trajectories',
      'gold.jsonl',
      '--out',
      'set',
      '--style',
      'compact',
    ]);
    if (code !== 0) throw new Error(err);
  });
  afterAll(async () => {
    await home.close();
    await server.stop();
  });

  test('killed after a checkpoint, it ends with the weights of an undisturbed run', async () => {
    const calm = await weightsOf(start('calm', '--set', 'checkpointSteps=3'));
    expect(calm).toMatch(/^[0-9a-f]{64}$/);
    const killed = start('killed', '--set', 'checkpointSteps=3');
    await eventually(() => existsSync(file('killed/code/checkpoints/checkpoint-3/whole')));
    const lines = execFileSync('ps', ['-ax', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
    const trainer = lines.find((line) => line.includes('temporal_husky_trainer.sft') && line.includes(file('killed')));
    process.kill(Number.parseInt(trainer ?? '', 10), 'SIGKILL');
    expect(await weightsOf(killed)).toBe(calm);
    expect(existsSync(file('killed/code/crashes.json'))).toBe(true);
    expect(existsSync(file('killed/code/checkpoints'))).toBe(false);
  });

  test('LoRA leaves an adapter, which husky experts serves with its base', async () => {
    await weightsOf(start('lora', '--set', 'method=lora', '--set', 'loraRank=8'));
    const { code, err } = await home.run(['experts', 'lora', '--write', 'vllm']);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(readFileSync(file('lora/serve.sh'), 'utf8')).toContain(
      '--enable-lora --max-loras 1 --max-lora-rank 8 --lora-modules code=',
    );
  });

  test('examples that are all over the limit, and a loss that is no number, are clear failures', async () => {
    const long = await start('long', '--set', 'maxTokens=16').done;
    expect(long.err).toMatch(/All \d+ examples of train.jsonl are longer than 16 tokens/);
    expect(long.code).toBe(2);
    const wild = await start('wild', '--set', 'learningRate=1e30').done;
    expect(wild.err).toMatch(/Step \d+ gives .*lower learningRate/);
    expect(wild.code).toBe(1);
  });
});
