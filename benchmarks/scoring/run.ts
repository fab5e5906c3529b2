/**
 * Verdicts a second on the public set: `node benchmarks/node-ts.cjs benchmarks/scoring/run.ts [default|husky-v1]`.
 * The whole set is scored three times in one thread; the first time includes loading the algebra library.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Gold, Rules } from '../../src/scoring/metric';
import { scoreAnswer } from '../../src/scoring/score';

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
