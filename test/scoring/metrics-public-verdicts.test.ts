import { scoreAnswer } from '../../src/scoring/score';
import { publicVerdicts, sharedFolder, type PublicVerdict } from './shared-data';

const folder = sharedFolder('scoring');
const describeWithData = folder === undefined ? describe.skip : describe;

type Tally = [right: number, total: number];

describeWithData('the public verdicts', () => {
  const verdicts = folder === undefined ? [] : publicVerdicts(folder);

  it('are given again by rules husky-v1, crashes included', () => {
    const comparable = verdicts.filter((line) => line.scores !== 'timeout' && line.inner_timeout !== true);
    const different = comparable.filter((line) => {
      const verdict = scoreAnswer({ ...line, task: line.dataset, rules: 'husky-v1' });
      return !sameScores(verdict.scores, line.scores) || verdict.error !== line.error;
    });
    expect(different).toEqual([]);
    expect(comparable.length).toBeGreaterThan(3_700);
  }, 300_000);

  it('are right in meaning by the default rules: all that are clear, and those that the reference got wrong', () => {
    const table: Record<string, { clear: Tally; bug: Tally }> = {};
    const total: { clear: Tally; bug: Tally } = { clear: [0, 0], bug: [0, 0] };
    const failed: string[] = [];
    for (const line of verdicts) {
      if (line.debatable === true || line.scores === null || line.scores === 'timeout') continue;
      const row = (table[line.dataset] ??= { clear: [0, 0], bug: [0, 0] });
      const kind = line.reference_bug === true ? 'bug' : 'clear';
      const right = isIntended(line);
      for (const tally of [row[kind], total[kind]]) {
        tally[0] += right ? 1 : 0;
        tally[1]++;
      }
      if (!right) failed.push(`${line.dataset} ${line.kind}: ${String(line.gold)} | ${line.prediction}`);
    }
    process.stderr.write(asTable({ ...table, total }));
    const limit = (tally: Tally): number => tally[0] / tally[1];
    expect({ failed, clear: limit(total.clear) }).toEqual({ failed: expect.any(Array), clear: 1 });
    expect(limit(total.bug)).toBeGreaterThanOrEqual(0.98);
    expect(total.bug[1]).toBeGreaterThan(500);
  }, 300_000);
});

/** The verdict by construction: the reference's where it is sound, its opposite where it is flagged. */
function isIntended(line: PublicVerdict): boolean {
  const { scores, correct } = scoreAnswer({ task: line.dataset, prediction: line.prediction, gold: line.gold });
  const reference = line.scores as { acc?: number; em?: number };
  if (line.reference_bug === true) return correct === (line.bug === 'false_reject');
  return correct === ((reference.acc ?? reference.em) === 1) && sameScores(scores, line.scores);
}

function sameScores(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b;
  const [x, y] = [a, b] as Record<string, number>[];
  const names = new Set([...Object.keys(x as object), ...Object.keys(y as object)]);
  return [...names].every((name) => Math.abs((x?.[name] ?? NaN) - (y?.[name] ?? NaN)) < 1e-9);
}

function asTable(rows: Record<string, { clear: Tally; bug: Tally }>): string {
  const cell = ([right, total]: Tally): string => `${right}/${total}`.padStart(11);
  const lines = Object.entries(rows).map(([name, row]) => `${name.padEnd(40)}${cell(row.clear)}${cell(row.bug)}`);
  return `${'dataset'.padEnd(40)}      clear  faults of the reference\n${lines.join('\n')}\n`;
}
