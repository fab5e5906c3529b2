/**
 * Writes atlas-qa. `<split>.jsonl` is a dataset (`{ index, question, answer }`) and `trajectories/<split>.jsonl` has its gold
 * trajectories. For training, `drills` repeats what models learn last (half as many), `longer` and `formulas` have longer questions and
 * formulas (a third each), and `sequences.jsonl` and `chain-of-thought.jsonl` are for the tiny trainer.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LineFile } from '../files/line-file';
import { atlasQuestions, SPLITS, type Split } from './atlas-qa';
import { DRILLS, FORMULA_FAMILIES, LONGER_FAMILIES } from './families';
import { chainOfThought, trainingSequences } from './training-sequences';

export interface WriteAtlasQaOptions {
  out: string;
  /** Questions of each split; a split with 0 is not written. */
  counts: Record<Split, number>;
  /** Questions for `real.jsonl`: about the subjects of split `train`, with real answers, for a teacher that uses real tools. @default 0 */
  real?: number;
  /** @default 1 */
  seed?: number;
  /** Also writes the tiny trainer's files. @default false */
  sequences?: boolean;
  onProgress?: (split: Split, written: number) => void;
}

/** @returns the files, relative to `out` */
export function writeAtlasQa(options: WriteAtlasQaOptions): string[] {
  const { out, counts, seed = 1, real = 0, onProgress } = options;
  mkdirSync(join(out, 'trajectories'), { recursive: true });
  const written: string[] = [];
  const third = Math.floor(counts.train / 3);
  const files = [
    ...SPLITS.map((split) => ({ name: split, split, count: counts[split], options: { seed } })),
    { name: 'real', split: 'train' as const, count: real, options: { seed, invented: false } },
    { name: 'drills', split: 'train' as const, count: Math.floor(counts.train / 2), options: drills(seed) },
    { name: 'longer', split: 'train' as const, count: third, options: { seed, families: LONGER_FAMILIES } },
    { name: 'formulas', split: 'train' as const, count: third, options: { seed, families: FORMULA_FAMILIES } },
  ];
  for (const { name, split, count, options: how } of files) {
    if (count === 0) continue;
    const datasetFile = new JsonLines(out, `${name}.jsonl`);
    const trajectoryFile = new JsonLines(out, `trajectories/${name}.jsonl`);
    const questions = atlasQuestions(split, how);
    for (let index = 0; index < count; index += 1) {
      const { family, trajectory } = questions.next().value;
      datasetFile.add({ index, question: trajectory.question, answer: trajectory.gold, family });
      trajectoryFile.add(trajectory);
      if ((index + 1) % 1000 === 0) onProgress?.(split, index + 1);
    }
    written.push(datasetFile.close(), trajectoryFile.close());
  }
  if (options.sequences) written.push(...writeSequences(out, counts.train, seed));
  return written;
}

const drills = (seed: number) => ({ seed, families: DRILLS });

/** Training values are invented for each question. Chain of thought has no search, so it is given real values. */
function writeSequences(out: string, count: number, seed: number): string[] {
  const sequences = new JsonLines(out, 'sequences.jsonl');
  const thoughts = new JsonLines(out, 'chain-of-thought.jsonl');
  const invented = atlasQuestions('train', { seed });
  const real = atlasQuestions('train', { seed, invented: false });
  const sums = atlasQuestions('train', drills(seed));
  for (let index = 0; index < count; index += 1) {
    for (const sequence of trainingSequences(invented.next().value.trajectory)) sequences.add(sequence);
    if (index % 2 === 1)
      for (const sequence of trainingSequences(sums.next().value.trajectory)) sequences.add(sequence);
    thoughts.add(chainOfThought(real.next().value.trajectory));
  }
  return [sequences.close(), thoughts.close()];
}

class JsonLines {
  readonly #file: LineFile;

  constructor(
    folder: string,
    readonly name: string,
  ) {
    this.#file = new LineFile(join(folder, name));
  }

  add(value: unknown): void {
    this.#file.write(JSON.stringify(value));
  }

  close(): string {
    this.#file.close();
    return this.name;
  }
}
