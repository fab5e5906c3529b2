/**
 * Ours beside the peers on pairs of gold answer and response: agreement with the expected verdicts, wrong accepted, right refused,
 * verdicts a second, hangs. A checkout of a peer is never part of this repository; its pairs are made by pairs_of_peers.py, its
 * verdicts by run_peer.py.
 *
 *     node benchmarks/node-ts.cjs benchmarks/scoring/peers/compare.ts PAIRS.jsonl [NAME=VERDICTS.jsonl ...]
 *     node benchmarks/node-ts.cjs benchmarks/scoring/peers/compare.ts --write ours|public|hostile > PAIRS.jsonl
 *
 * Lines of pairs are { gold, prediction, expected, metric? }; without `expected` only hangs and speed are counted.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Scorer } from '../../../src/scoring/scorer';
import { DIFFERENT, SAME } from '../../../test/scoring/adversarial-pairs';
import { FORMS, RESPONSES } from '../../../test/scoring/response-pairs';
import { publicVerdicts } from '../../../test/scoring/shared-data';

interface Pair {
  gold: string;
  prediction: string;
  expected?: boolean;
}

function lines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

/** Pairs of mathematics alone: no peer scores text, dates or choices. */
function ownPairs(): Pair[] {
  const names = ['MATH', 'math'];
  const of = (pairs: typeof SAME, expected: boolean): Pair[] =>
    names.flatMap((name) =>
      (pairs[name] ?? []).map(([prediction, gold]) => ({ gold: String(gold), prediction, expected })),
    );
  const responses = Object.values(RESPONSES)
    .flat()
    .filter(([metric]) => metric === 'math' || metric === 'number')
    .map(([, prediction, gold, expected]) => ({ gold: String(gold), prediction, expected }));
  const forms = Object.values(FORMS)
    .flat()
    .map(([prediction, gold, expected]) => ({ gold: String(gold), prediction, expected }));
  return [...of(SAME, true), ...of(DIFFERENT, false), ...responses, ...forms];
}

/** The verdict by construction, where it is clear. */
function publicPairs(): Pair[] {
  const folder = path.join(process.env['HUSKY_SHARED'] ?? path.join(__dirname, '../../../../shared'), 'data/scoring');
  return publicVerdicts(folder).flatMap((line) => {
    if (line.dataset !== 'MATH' || line.debatable || line.scores === null || line.scores === 'timeout') return [];
    const right = line.reference_bug ? line.bug === 'false_reject' : line.scores.acc === 1;
    return [{ gold: String(line.gold), prediction: line.prediction ?? '', expected: right }];
  });
}

const many = (text: string, n: number): string => text.repeat(n);
const HOSTILE = [
  '9^{9^{9^{9^{9}}}}',
  '9**9**9**9',
  '170!!!!!!',
  '(x+y+z+1)^{999}',
  '\\sum_{k=1}^{10^{9}} \\frac{1}{k^2}',
  '\\int_0^{10^6} \\sin(x^x) dx',
  many('7', 20_000),
  many('(', 2_000) + '1' + many(')', 2_000),
  many('\\frac{1}{', 200) + '2' + many('}', 200),
  many('1,', 5_000) + '1',
  many('(1,2)\\cup ', 500) + '(1,2)',
  many('\\boxed{', 2_000),
];

const WRITTEN: Record<string, () => Pair[]> = {
  ours: ownPairs,
  public: publicPairs,
  hostile: () => HOSTILE.map((prediction) => ({ gold: '\\frac{1}{2}', prediction: `$${prediction}$` })),
};

interface Row {
  name: string;
  agree: number;
  accepted: number;
  refused: number;
  hangs: number;
  speed: number;
}

function row(name: string, pairs: readonly Pair[], correct: readonly (boolean | null)[], seconds: number): Row {
  const count = (test: (expected: boolean, given: boolean | null) => boolean): number =>
    pairs.filter(({ expected }, i) => expected !== undefined && test(expected, correct[i] ?? null)).length;
  return {
    name,
    agree: count((expected, given) => expected === (given ?? false)),
    accepted: count((expected, given) => !expected && given === true),
    refused: count((expected, given) => expected && given !== true),
    hangs: correct.filter((given) => given === null).length,
    speed: pairs.length / seconds,
  };
}

async function main([file, ...peers]: string[]): Promise<void> {
  if (file === '--write') {
    for (const pair of WRITTEN[peers[0] ?? '']?.() ?? []) console.log(JSON.stringify(pair));
    return;
  }
  const pairs = lines<Pair>(file as string);
  const rows: Row[] = [];
  // The rules `husky-v1` give the verdicts of the reference's own script (test/scoring/metrics-public-verdicts.test.ts).
  const ours = [
    ['temporal-husky', { metric: 'math' }],
    ['reference (rules husky-v1)', { task: 'MATH', rules: 'husky-v1' as const }],
  ] as const;
  for (const [name, how] of ours) {
    const scorer = new Scorer();
    const begun = performance.now();
    const correct: (boolean | null)[] = [];
    const requests = pairs.map(({ gold, prediction }) => ({ ...how, gold, prediction }));
    for await (const verdict of scorer.scoreAll(requests)) correct.push(verdict.undecided ? null : verdict.correct);
    rows.push(row(name, pairs, correct, (performance.now() - begun) / 1000));
    await scorer.close();
  }
  for (const peer of peers) {
    const [name = '', verdicts = ''] = peer.split('=', 2);
    const given = lines<{ correct: boolean | null; seconds: number }>(verdicts);
    rows.push(
      row(
        name,
        pairs,
        given.map((one) => one.correct),
        given.reduce((sum, one) => sum + one.seconds, 0),
      ),
    );
  }
  console.log(`${path.basename(file as string)}: ${pairs.length} pairs`);
  console.log(
    '| scorer | agree | wrong accepted | right refused | hangs | verdicts a second |\n|---|---|---|---|---|---|',
  );
  for (const { name, agree, accepted, refused, hangs, speed } of rows)
    console.log(`| ${name} | ${agree} | ${accepted} | ${refused} | ${hangs} | ${speed.toFixed(speed < 10 ? 1 : 0)} |`);
}

void main(process.argv.slice(2));
