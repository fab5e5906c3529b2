import { rejectionOf, type AnswerScorer } from '../../src/training/accept';
import { mapTrajectory, votedTrajectory } from './trajectories';

const exact: AnswerScorer = async ({ prediction, gold }) => prediction === gold;
const reasonFor = (change: Parameters<typeof mapTrajectory>[1], scorer = exact) =>
  rejectionOf(mapTrajectory(0, change), scorer);

test('a right answer is accepted', async () => {
  expect(await reasonFor({})).toBeUndefined();
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

test('answers to the whole question may repeat, because the loop puts them to the vote', async () => {
  expect(await reasonFor(votedTrajectory())).toBeUndefined();
});

test('a metric that cannot decide is not a wrong answer', async () => {
  expect(await reasonFor({}, async () => undefined)).toBe('undecided');
});
