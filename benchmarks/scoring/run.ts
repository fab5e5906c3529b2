/**
 * Verdicts a second on the public set: `node benchmarks/node-ts.cjs benchmarks/scoring/run.ts [default|husky-v1]`.
 * The whole set is scored three times in one thread; the first time includes loading the algebra library. Before that the part MATH is
 * scored by a `Scorer`, each verdict within its bounds of time and memory, the start of its thread included.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Gold, Rules } from '../../src/scoring/metric';
import { scoreAnswer } from '../../src/scoring/score';
import { Scorer } from '../../src/scoring/scorer';

interface Line {
  dataset: string;
  gold: Gold;
  prediction: string | null;
}

const rules = (process.argv[2] ?? 'default') as Rules;
const folder = path.join(process.env['HUSKY_SHARED'] ?? path.join(__dirname, '../../../shared'), 'data/scoring');
const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean))
  .map((line) => JSON.parse(line) as Line);

async function bounded(): Promise<void> {
  const scorer = new Scorer({ rules });
  const part = lines.filter((line) => line.dataset === 'MATH');
  const requests = part.map(({ dataset, prediction, gold }) => ({ task: dataset, prediction, gold }));
  for (let round = 1; round <= 3; round++) {
    const start = performance.now();
    let undecided = 0;
    for await (const verdict of scorer.scoreAll(requests)) if (verdict.undecided) undecided += 1;
    const wall = (performance.now() - start) / 1000;
    console.log(
      `${rules} round ${round} MATH, bounded: ${part.length} verdicts, ${(part.length / wall).toFixed(0)} a second by the clock, ` +
        `${undecided} undecided`,
    );
  }
  await scorer.close();
}

function unbounded(): void {
  for (let round = 1; round <= 3; round++) {
    for (const [name, part] of [
      ['MATH', lines.filter((line) => line.dataset === 'MATH')],
      ['all', lines],
    ] as const) {
      const cpu = process.cpuUsage();
      const start = performance.now();
      for (const { dataset, prediction, gold } of part) scoreAnswer({ task: dataset, prediction, gold, rules });
      const wall = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      const busy = (user + system) / 1e6;
      console.log(
        `${rules} round ${round} ${name}: ${part.length} verdicts, ${(part.length / wall).toFixed(0)} a second by the clock, ` +
          `${(part.length / busy).toFixed(0)} a CPU second`,
      );
    }
  }
}

void bounded().then(unbounded);
