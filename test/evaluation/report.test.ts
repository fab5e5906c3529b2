import { buildReport } from '../../src/evaluation/report/build-report';
import { html, Html } from '../../src/evaluation/report/html';
import { renderSolutionHtml } from '../../src/evaluation/report/render-solution';
import { reportData } from '../../src/evaluation/report/report-data';
import { FAULTS, makeRun, makeSample, makeSamples } from './report-runs';

test('every number of the report is counted from the samples', () => {
  const samples = [
    ...FAULTS.map((fault, index) => makeSample(index, fault)),
    ...[20, 21, 22].map((index) => makeSample(index)),
  ];
  const [run] = reportData([makeRun('a', samples)]).runs;
  expect(run).toMatchObject({ wrong: FAULTS.length, all: { questions: 14, accuracy: 3 / 14 } });
  expect(Object.fromEntries(run?.failures.map(({ rule, count }) => [rule, count]) ?? [])).toEqual(
    Object.fromEntries(FAULTS.map((fault) => [fault, 1])),
  );
  // 13 solutions of three steps: two searches and a program but for the faults that change a tool; one call failed.
  expect(run?.kinds.map(({ tool, steps, failed }) => [tool, steps, failed])).toEqual([
    ['code', 12, 1],
    ['commonsense', 2, 1],
    ['math', 1, 0],
    ['search', 24, 1],
  ]);
  expect(run?.steps).toEqual([
    { right: 0, wrong: 0 },
    { right: 0, wrong: 0 },
    { right: 0, wrong: 0 },
    { right: 3, wrong: 10 },
  ]);
  expect(Object.fromEntries(run?.calls ?? [])).toMatchObject({ action: 39 + 13, code: 13 + 2 });
  expect(run?.cost.inputTokens).toBe(14 * 1390);
});

test('the rules that took the answers are counted, and each sample names its own', () => {
  const of = (index: number, correct: boolean, extraction: string | undefined, answer: string | null) => {
    const sample = makeSample(index);
    return { ...sample, verdict: { ...sample.verdict, correct, answer, ...(extraction ? { extraction } : {}) } };
  };
  const samples = [
    of(1, true, 'boxed', '7'),
    of(2, false, 'boxed', '8'),
    of(3, true, 'last number', '9'),
    of(4, false, undefined, null),
  ];
  expect(reportData([makeRun('a', samples)]).runs[0]?.extractions).toEqual([
    { rule: 'boxed', answers: 2, right: 1 },
    { rule: 'last number', answers: 1, right: 1 },
    { rule: 'none', answers: 1, right: 0 },
  ]);
  expect(buildReport([makeRun('a', samples)])).toContain('How answers were taken');
  expect(buildReport([makeRun('a', [makeSample(1)])])).not.toContain('How answers were taken');
});

test('runs of one name stay apart, and one that shares nothing is named', () => {
  const data = reportData([
    makeRun('a', [makeSample(1)]),
    makeRun('a', [makeSample(1)]),
    makeRun('b', [makeSample(2)]),
  ]);
  expect(data.runs.map(({ label }) => label)).toEqual(['a (1)', 'a (2)', 'b']);
  expect(data.comparisons).toMatchObject([{ first: 'a (1)', second: 'a (2)' }]);
  expect(data.incomparable).toEqual(['b']);
});

test('published numbers stand only beside tasks of the paper, marked as published', () => {
  expect(buildReport([makeRun('a', [makeSample(1)])])).not.toContain('2406.06469');
  const page = buildReport([makeRun('a', makeSamples(10, 0.2, 1, ['gsm8k', 'lila_mathqa_gain']))]);
  expect(page).toContain('as the authors report them (arXiv 2406.06469');
  expect(page).toMatch(/Published<\/th>/);
  expect(page).toMatch(/>\s*77\.9\s*</);
  expect(page).toContain('5 tasks of MathQA');
});

test('the file needs no network and holds no text as markup', () => {
  const evil = makeSample(1, 'unexplained');
  evil.question = '</script><script>alert(1)</script><img src=x onerror=alert(2)> & "quoted"';
  evil.prediction = '<!-- {script} --> $& $1';
  const page = buildReport([makeRun('<b>evil</b>', [evil])], { title: '<i>title</i>' });
  expect(page).not.toMatch(/<script>alert|<img|<b>evil|<i>title/);
  expect(page.match(/<script/g)).toHaveLength(page.match(/<\/script>/g)?.length ?? -1);
  expect(page).not.toMatch(/(?:src|href)="?(?:https?:)?\/\//);
  expect(page).not.toMatch(/url\(|@import|fetch\(|XMLHttpRequest/);
  expect(page).toContain("default-src 'none'");
});

test('a template escapes what it is given and keeps what is markup', () => {
  expect(html`<p title="${'"<&>\''}">${['a<', html`<b>${1}</b>`, false, undefined]}</p>`).toEqual(
    new Html('<p title="&quot;&lt;&amp;&gt;&#39;">a&lt;<b>1</b></p>'),
  );
});

test('a solution alone is a page too', () => {
  const { solution } = makeSample(3, 'stopped-early');
  if (!solution) throw new Error('no solution');
  const page = renderSolutionHtml(solution);
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('The steps ran out; the answer is the best result so far.');
  expect(page).toContain(solution.steps[2]?.output);
  const running = renderSolutionHtml({ ...solution, answer: '', stopReason: undefined });
  expect(running).toContain('Still running.');
  expect(running).toContain('None yet.');
});
