import { compareRuns } from '../../src/evaluation/compare';
import { reportData } from '../../src/evaluation/report/report-data';
import { scoreTasks } from '../../src/evaluation/question-scores';
import { makeRun, makeSample, makeSamples } from './report-runs';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('a difference that the pairs show is named', () => {
  const good = makeRun(
    'good',
    range(0, 100).map((index) => makeSample(index, index < 10 ? 'unexplained' : undefined)),
  );
  const bad = makeRun(
    'bad',
    range(0, 100).map((index) => makeSample(index, index < 40 ? 'unexplained' : undefined)),
  );
  const { tasks, unpaired } = compareRuns(good, bad);
  expect(unpaired).toEqual({ onlyFirst: 0, onlySecond: 0, changed: 0 });
  expect(tasks).toMatchObject([
    {
      task: 'atlas-qa',
      first: { questions: 100, accuracy: 0.9 },
      second: { questions: 100, accuracy: 0.6 },
      mcnemar: { onlyFirst: 30, onlySecond: 0 },
      conclusion: 'first is better',
    },
  ]);
  expect(tasks[0]?.difference.difference).toBeCloseTo(-0.3, 10);
  expect(tasks[0]?.mcnemar.pValue).toBeCloseTo(2 * 0.5 ** 30, 15);
  expect(compareRuns(bad, good).tasks[0]?.conclusion).toBe('second is better');
});

test('no difference shown is said when there is none, and when there are too few questions', () => {
  const run = makeRun('a', makeSamples(300, 0.3));
  expect(compareRuns(run, run).tasks[0]).toMatchObject({ conclusion: 'no difference shown', mcnemar: { pValue: 1 } });
  const few = (wrong: number) =>
    makeRun(
      'few',
      range(0, 4).map((i) => makeSample(i, i < wrong ? 'unexplained' : undefined)),
    );
  expect(compareRuns(few(0), few(4)).tasks[0]?.conclusion).toBe('no difference shown');
});

test('only questions that both answered count, and the others are told', () => {
  const first = makeRun(
    'first',
    range(0, 30).map((index) => makeSample(index)),
  );
  const second = makeRun(
    'second',
    range(10, 50).map((index) => makeSample(index)),
  );
  const [changed] = second.samples;
  if (changed) changed.question = 'Another question under an old number?';
  const { tasks, unpaired } = compareRuns(first, second);
  expect(unpaired).toEqual({ onlyFirst: 10, onlySecond: 20, changed: 1 });
  expect(tasks[0]?.first.questions).toBe(19);
});

test('runs without a common question cannot be compared', () => {
  const first = makeRun('first', [makeSample(1)]);
  const second = makeRun('second', [makeSample(2)]);
  expect(() => compareRuns(first, second)).toThrow(
    /runs\/first .atlas-qa. and runs\/second .atlas-qa. have no question in common/,
  );
});

test('several tasks get a line each and one for all', () => {
  const run = makeRun('a', makeSamples(60, 0.5, 3, ['gsm8k', 'tatqa']));
  expect(compareRuns(run, run).tasks.map(({ task }) => task)).toEqual(['gsm8k', 'tatqa', 'all tasks']);
});

test('several answers to one question are one question, not several', () => {
  const samples = range(0, 20).flatMap((index) =>
    range(0, 4).map((sample) => makeSample(index, sample < 2 ? 'unexplained' : undefined, { sample })),
  );
  const [score] = scoreTasks(samples);
  expect(score).toMatchObject({ questions: 20, samples: 80, accuracy: 0.5 });
  const [half] = scoreTasks(range(0, 20).map((index) => makeSample(index, index < 10 ? 'unexplained' : undefined)));
  expect(score?.interval).toEqual(half?.interval);
});

test('scores beside right and wrong are means', () => {
  const scored = (em: number, f1: number) => ({ correct: em === 1, scores: { em, f1 }, reason: 'overlap' });
  const samples = [
    { ...makeSample(0), verdict: scored(1, 1) },
    { ...makeSample(1), verdict: scored(0, 0.5) },
  ];
  expect(scoreTasks(samples)).toMatchObject([{ accuracy: 0.5, em: 0.5, f1: 0.75 }]);
  // A failed question scores 0; questions of a task without these scores are left out.
  const failed = { ...makeSample(2), verdict: { correct: false, scores: null, reason: 'no answer' } };
  const other = { ...makeSample(0), task: 'sums', verdict: { correct: true, scores: { acc: 1 }, reason: 'same' } };
  const run = makeRun('run', [...samples, failed, other]);
  const { tasks } = compareRuns(run, run);
  expect(tasks.map(({ first: { em, f1 }, f1: difference }) => [em, f1, difference?.difference])).toEqual([
    [1 / 3, 0.5, 0],
    [undefined, undefined, undefined],
    [1 / 3, 0.5, undefined],
  ]);
});

test('several answers to each question are compared by their means, which a majority hides', () => {
  const run = (name: string, right: number) =>
    makeRun(
      name,
      range(0, 40).flatMap((index) =>
        range(0, 5).map((sample) => makeSample(index, sample < right ? undefined : 'unexplained', { sample })),
      ),
    );
  const [task] = compareRuns(run('seldom', 0), run('more often', 2)).tasks;
  expect(task).toMatchObject({
    mcnemar: { pValue: 1 },
    second: { once: 1 },
    conclusion: 'second is better',
  });
  expect(task?.pValue).toBeLessThan(0.001);
  expect(scoreTasks([makeSample(0)])[0]?.once).toBeUndefined();
});

test('what makes the numbers of two runs differ beside their answers is said', () => {
  const first = makeRun(
    'direct',
    range(0, 20).map((index) => makeSample(index)),
  );
  const second = makeRun(
    'husky',
    range(0, 20).map((index) => makeSample(index, index < 3 ? 'call-failed' : undefined)),
  );
  expect(compareRuns(first, first).notices).toEqual([]);
  second.manifest.tasks = second.manifest.tasks.map((task) => ({ ...task, metric: 'exact-match' }));
  second.manifest.settings = { ...second.manifest.settings, extract: 'boxed' };
  const [, , , , relabelled] = second.samples;
  if (relabelled) relabelled.gold = 'another';
  const { notices, unpaired } = compareRuns(first, second);
  expect(unpaired.changed).toBe(1);
  expect(notices).toEqual([
    expect.stringMatching(/^The metric of atlas-qa differs: .* in direct, exact-match in husky\.$/),
    '--extract differs: auto in direct, boxed in husky.',
    'Failed questions of husky, which count as wrong: 3 of 19.',
  ]);
  // A report calls its runs by names that differ; runs of one name are the first and the second.
  second.manifest.id = 'direct';
  expect(compareRuns(first, second).notices[1]).toBe('--extract differs: auto in the first, boxed in the second.');
  expect(reportData([first, second]).comparisons).toMatchObject([
    {
      first: 'direct (1)',
      second: 'direct (2)',
      notices: expect.arrayContaining(['Failed questions of direct (2), which count as wrong: 3 of 19.']),
    },
  ]);
});
