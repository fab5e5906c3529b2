import { Command } from 'commander';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCompare } from '../../src/cli/commands/compare';
import { registerReport } from '../../src/cli/commands/report';
import { appendSample, writeManifest } from '../../src/evaluation/run-directory';
import type { Sample } from '../../src/formats/run';
import { makeRun, makeSample } from './report-runs';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'husky-runs-'));
  await write('good', 40, 4);
  await write('bad', 40, 30);
  await write('empty', 0, 0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);

async function write(name: string, questions: number, wrong: number): Promise<void> {
  const samples = Array.from({ length: questions }, (_, i) => makeSample(i, i < wrong ? 'miscopied' : undefined));
  await writeManifest(path(name), makeRun(name, samples).manifest);
  for (const sample of samples) await appendSample(path(name), sample);
}

async function husky(...words: string[]): Promise<string> {
  let out = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((out += String(chunk)), true));
  try {
    const program = new Command('husky').exitOverride();
    registerReport(program);
    registerCompare(program);
    await program.parseAsync(['node', 'husky', ...words]);
    return out;
  } finally {
    spy.mockRestore();
  }
}

test('two runs are compared in words', async () => {
  const said = await husky('compare', path('good'), path('bad'));
  expect(said).toContain('good (first) and bad (second)');
  expect(said).toContain('atlas-qa, 40 questions: first is better');
  expect(said).toContain('first   90.0 % right (95 % interval 76.9 % to 96.0 %)');
  expect(said).toContain('right only in the first 26, only in the second 0, p < 0.001');
  expect(await husky('compare', path('good'), path('good'))).toContain('no difference shown');
});

test('and as JSON', async () => {
  const [comparison] = JSON.parse(await husky('compare', path('good'), path('bad'), '--json')) as object[];
  expect(comparison).toMatchObject({ first: 'good', second: 'bad', tasks: [{ mcnemar: { onlyFirst: 26 } }] });
});

test('a report is written beside the first run, or where one says', async () => {
  expect(await husky('report', path('good'))).toContain(`${join(path('good'), 'report.html')}: 1 run, 40 samples`);
  await husky('report', path('good'), path('bad'), '--out', path('both.html'), '--title', 'Both');
  expect(readFileSync(path('both.html'), 'utf8')).toMatch(/<h1>Both<\/h1>/);
  const folders = path('new/folders');
  await husky('report', path('good'), '--out', join(folders, 'one.html'));
  expect(await husky('report', path('good'), '--out', folders)).toContain(join(folders, 'report.html'));
});

test('how far a judge can be trusted is said and shown', async () => {
  const judgements: [boolean | null, boolean | null][] = [[true, true], [false, true], [false, false], [null, true]]; // prettier-ignore
  const samples = judgements.map(([one, other], index): Sample => {
    const sample = makeSample(index);
    const correct = one === true && other === true;
    return { ...sample, verdict: { ...sample.verdict, correct, judgements: [one, other], metric: { name: 'answer', correct: index < 2 }, ...(one === null ? { undecided: true } : {}) } }; // prettier-ignore
  });
  await writeManifest(path('judged'), makeRun('judged', samples).manifest);
  for (const sample of samples) await appendSample(path('judged'), sample);
  let said = '';
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((said += String(chunk)), true));
  await husky('report', path('judged')).finally(() => spy.mockRestore());
  expect(said).toContain(
    'judged: Answers that the judge read: 4. Replies that could not be read: 1. Verdicts that changed with the order',
  );
  expect(said).toContain('agrees with the metric on 66.7 % of 3');
  const page = readFileSync(join(path('judged'), 'report.html'), 'utf8');
  const cells = /<h2 id="judge-title">[^]*?<tbody>([^]*?)<\/tbody>/
    .exec(page)?.[1]
    ?.replace(/<[^>]*>/g, ' ')
    .split(/\s{2,}/);
  expect(cells?.filter(Boolean)).toEqual([
    'judged',
    '4',
    '1',
    '33.3 %',
    '6.1 to 79.2',
    '1 of 1',
    '66.7 % of 3',
    '0.40',
  ]);
});

test('a run that is still written, its last line torn, can be reported', async () => {
  appendFileSync(join(path('bad'), 'samples.jsonl'), '{"key":"atlas-qa:99:0","task"');
  expect(await husky('report', path('bad'), '--out', path('torn.html'))).toContain('1 run, 40 samples');
});

test('what is no run, or holds no answer, is named', async () => {
  mkdirSync(path('nothing'), { recursive: true });
  await expect(husky('report', path('nothing'))).rejects.toThrow(/nothing holds no run/);
  await expect(husky('report', path('empty'))).rejects.toThrow(/empty holds no finished question yet/);
  await expect(husky('compare', path('good'))).rejects.toThrow('Name at least two run directories.');
  await expect(husky('report', path('good'), '--out', path('good/manifest.json/x.html'))).rejects.toThrow(
    /cannot be written/,
  );
  await expect(husky('report', folder)).rejects.toThrow(/holds no run: .*good.* are some/);
  await expect(husky('report', path('good/samples.jsonl'))).rejects.toThrow(/good is one/);
});
