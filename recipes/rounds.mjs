/** The rounds of a pipeline that was stopped. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param folder `out` of the pipeline @returns rounds that were evaluated, and the best of them; undefined if there is none */
export function finishedRounds(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const rounds = names
    .map((name) => /^round-(\d+)$/.exec(name)?.[1])
    .filter((number) => number !== undefined && existsSync(join(folder, `round-${number}`, 'evaluate.stage.json')))
    .map((number) => {
      const text = readFileSync(join(folder, `round-${number}`, 'evaluate.stage.json'), 'utf8');
      const { correct, total } = JSON.parse(text).result;
      return { round: Number(number), correct, total, accuracy: total > 0 ? correct / total : 0 };
    })
    .sort((a, b) => a.round - b.round);
  if (rounds.length === 0) return undefined;
  const best = rounds.reduce((most, one) => (one.accuracy > most.accuracy ? one : most));
  return { round: best.round, rounds };
}
