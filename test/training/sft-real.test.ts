/**
 * The sft back end on weights of a real model: 20 steps of LoRA over SmolLM2-135M. Needs the trainer's Python (`node trainer/setup.mjs sft`,
 * or HUSKY_SFT_PYTHON) and the folder of models that HUSKY_REAL_MODELS names.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingProgress } from '../../src/contract/training';
import { extract } from '../../src/training/extract';
import { trainModule } from '../../src/training/train-module';
import { trainingSettings, trainerBackend } from '../../src/training/trainers';
import { loadPrompts } from '../../src/prompts';
import { household } from '../cli/command';
import { temporaryFolder } from '../temporary-folder';
import { mapTrajectory, writeLines } from './trajectories';

jest.setTimeout(1_800_000);

const own = join(__dirname, '../../trainer/.venv-sft/bin/python');
const python = process.env.HUSKY_SFT_PYTHON ?? (existsSync(own) ? own : undefined);
const base = join(process.env.HUSKY_REAL_MODELS ?? '', 'smollm2-135m.gguf');
const isThere = process.env.HUSKY_REAL_MODELS !== undefined && existsSync(base);
if (!python || !isThere)
  process.stderr.write(
    `Training of SmolLM2-135M is not tested: ${python ? 'name the folder of smollm2-135m.gguf with HUSKY_REAL_MODELS' : 'name a Python with HUSKY_SFT_PYTHON'}.\n`,
  );

(python && isThere ? test : test.skip)(
  '20 steps of LoRA over SmolLM2-135M learn, and leave an adapter that can be served',
  async () => {
    const folder = temporaryFolder('sft-real');
    const gold = join(folder, 'gold.jsonl');
    writeLines(
      gold,
      Array.from({ length: 12 }, (_, index) => mapTrajectory(index)),
    );
    const prompts = loadPrompts('expert');
    const set = join(folder, 'set');
    await extract({ trajectories: gold, out: set, prompts, modules: ['query'], devShare: 0 });
    const backend = trainerBackend('sft');
    const settings = trainingSettings(backend, 'lora', {
      ...{
        maxSteps: 20,
        batchSize: 2,
        loraRank: 8,
        loraAlpha: 16,
        learningRate: 1e-3,
        threads: 1,
        checkpointSteps: 10,
      },
      ...{ epochs: 10, logSteps: 1 },
    });
    const seen: TrainingProgress[] = [];
    const experts = join(folder, 'experts');
    const { steps } = await trainModule(
      {
        module: 'query',
        backend: 'sft',
        base,
        data: join(set, 'query'),
        out: join(experts, 'query'),
        device: 'cpu',
        settings,
      },
      { python, signal: new AbortController().signal, onProgress: (progress) => seen.push({ ...progress }) },
    );
    expect(steps).toBe(20);
    const losses = seen.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    for (const loss of losses) expect(Number.isFinite(loss)).toBe(true);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const adapter = join(experts, 'query/model/adapter.gguf');
    expect(statSync(adapter).size).toBeLessThan(10_000_000);
    expect(readFileSync(adapter).subarray(0, 4).toString()).toBe('GGUF');
    // By the command: the border of prompts is looked at with the base's own tokenizer, which Jest cannot load.
    const home = household();
    try {
      const written = await home.run(['experts', experts, '--write', 'llama-cpp', '--style', 'expert']);
      expect(written).toMatchObject({ code: 0 });
      const { code, out, err } = await home.run(['experts', 'check', experts, '--offline']);
      expect({ code, out, err }).toMatchObject({ code: 0 });
      expect(out).toContain('served as trained: expert');
      expect(out).toContain('no token crosses the end of its prompts');
    } finally {
      await home.close();
    }
  },
);
