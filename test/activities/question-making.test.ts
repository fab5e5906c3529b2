import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { createQuestionMakingActivities } from '../../src/activities/lab/question-making';
import type { QuestionMakingSettings } from '../../src/contract/question-making';
import { NO_USAGE } from '../../src/trajectory/step';

const folder = mkdtempSync(join(tmpdir(), 'husky-make-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const activities = createQuestionMakingActivities({} as ActivityContext);
const settings = (out: string): QuestionMakingSettings => ({
  corpus: ['facts.jsonl'],
  n: 5,
  out: join(folder, out),
  solutions: 1,
  agree: 1,
  perCall: 1,
  documents: 1,
  maxCalls: 1,
  seed: 1,
  exclude: [],
});
const candidate = (question: string) => ({ question, answer: '1', facts: ['f'], code: 'c' });

test('a question is written once, and a line that a kill has torn is overwritten', async () => {
  const made = settings('made');
  const file = join(made.out, 'questions.jsonl');
  expect(await activities.countKept(made)).toBe(0);
  expect(await activities.recordQuestion({ settings: made, candidate: candidate('one') })).toBe(1);
  expect(await activities.recordQuestion({ settings: made, candidate: candidate('one') })).toBe(1);
  appendFileSync(file, '{"index":1,"question":"tw');
  expect(await activities.countKept(made)).toBe(1);
  expect(await activities.recordQuestion({ settings: made, candidate: candidate('two') })).toBe(2);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { question: string }).question)).toEqual(['one', 'two']);
});

test('a run that kept nothing has a data card, too', async () => {
  const none = settings('none');
  const progress = { kept: 0, proposed: 0, calls: 1, rejections: { malformed: 1 }, usage: NO_USAGE };
  await activities.writeDataCard({ settings: none, progress, model: 'writer' });
  expect(existsSync(join(none.out, 'README.md'))).toBe(true);
});
