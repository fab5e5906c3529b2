import { judged, type AnswerScorer } from '../../src/training/accept';
import { mapTrajectory } from './trajectories';

const exact: AnswerScorer = async ({ prediction, gold }) => prediction === gold;
const reasonFor = async (change: Parameters<typeof mapTrajectory>[1], scorer = exact) =>
  (await judged(mapTrajectory(0, change), scorer)).rejection;

test('a right answer is accepted and an old verdict replaced', async () => {
  const before = mapTrajectory(0, { accepted: false });
  expect(await judged(before, exact)).toMatchObject({ accepted: true });
});

test.each([
  ['wrong-answer', { answer: '1' }],
  ['no-label', { gold: undefined }],
  ['unfinished', { finish: undefined }],
  ['unfinished', { answer: ' ' }],
  ['malformed-step', { rejection: 'malformed-step' }],
])('%s', async (reason, change) => {
  expect(await reasonFor(change)).toBe(reason);
});

test('a step asked twice is rejected even when the answer is right', async () => {
  const { steps } = mapTrajectory(0);
  expect(await reasonFor({ steps: [...steps, steps[0]!] })).toBe('repeated-step');
});

test('a metric that cannot decide is not a wrong answer', async () => {
  expect(await reasonFor({}, async () => undefined)).toBe('undecided');
});
