import { addVote, isDecided, ranked, samplesToBegin, votesText, type Vote } from '../../src/trajectory/votes';

/** `A0,2 B1`: samples 0 and 2 say A, sample 1 says B. */
const groupsOf = (text: string): Vote[][] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((group) =>
      group
        .slice(1)
        .split(',')
        .map((sample) => ({ sample: Number(sample), answer: group.charAt(0) })),
    );
const winner = (groups: Vote[][]) => ranked(groups)[0]?.[0]?.answer;

/** Every way in which open samples may still vote: for a group that is there, or for an answer of their own. */
function outcomes(groups: Vote[][], open: readonly number[]): (string | undefined)[] {
  const [sample, ...rest] = open;
  if (sample === undefined) return [winner(groups)];
  const joined = groups.map((_, at) =>
    groups.map((group, i) => (i === at ? [...group, { sample, answer: group[0]?.answer ?? '' }] : group)),
  );
  const alone = [...groups, [{ sample, answer: String(sample) }]];
  return [...joined, alone, groups].flatMap((next) => outcomes(next, rest));
}

test.each([
  ['A0', [1, 2]],
  ['A0,1', [2]],
  ['A0,1', [2, 3]],
  ['A1,2', [0, 3]],
  ['A1,2', [0]],
  ['A0 B1', [2, 3, 4]],
  ['A0,2 B1', [3, 4]],
  ['A0,2 B1', [3]],
  ['B1,2 A0', [3]],
  ['B0,2 A1', [3]],
  ['A1,2,3 B0', [4]],
  ['A1,2,3 B0', [4, 5]],
  ['', [0, 1]],
  ['A3', []],
])('the vote of %s with %j open is decided exactly where no further answer can change its winner', (text, open) => {
  const groups = groupsOf(text);
  const possible = new Set(outcomes(groups, open));
  expect(isDecided(groups, open)).toBe(groups.length === 0 ? open.length === 0 : possible.size === 1);
});

test('no more samples begin than could decide the vote', () => {
  const begin = (votes: string, running: number[], waiting: number[]) =>
    samplesToBegin(groupsOf(votes), running, waiting);
  expect(begin('', [], [0])).toBe(1);
  expect(begin('', [], [0, 1, 2])).toBe(2);
  expect(begin('', [], [0, 1, 2, 3, 4])).toBe(3);
  // With four, the first sample and one that agrees win every tie.
  expect(begin('', [], [0, 1, 2, 3])).toBe(2);
  expect(begin('A0', [1], [2])).toBe(0);
  expect(begin('A0 B1', [], [2])).toBe(1);
  expect(begin('A0 B1', [2], [3, 4])).toBe(1);
  expect(begin('A0,1,2', [], [3, 4])).toBe(0);
});

test('answers are put together by what compares them, and those written alike without it', async () => {
  const groups: Vote[][] = [];
  const asked: string[] = [];
  const byValue = ({ answer }: Vote, among: readonly Vote[]) => {
    asked.push(answer);
    return among.findIndex((other) => Number(other.answer) === Number(answer));
  };
  for (const [sample, answer] of ['4', '5', '4.0', '5', '4.0'].entries())
    await addVote(groups, { sample, answer }, byValue);
  expect(groups.map((group) => group.map(({ sample }) => sample))).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
  expect(asked).toEqual(['5', '4.0', '4.0']);
});

test('votes are told in one line', () => {
  expect(
    votesText({
      samples: 5,
      shown: 1,
      answers: [
        { answer: '42', samples: [1, 3] },
        { answer: '41', samples: [2] },
      ],
      none: [
        { sample: 4, because: 'failed', message: 'The key was refused.' },
        { sample: 5, because: 'not-needed' },
      ],
    }),
  ).toBe('42: samples 1, 3; 41: sample 2. No vote: 4 (failed: The key was refused.), 5 (not needed)');
});
