import { keepFractions } from '../../src/training/balance';

const kept = (counts: Record<string, number>, share: number) => {
  const fractions = keepFractions(new Map(Object.entries(counts)), share);
  return Object.fromEntries(Object.entries(counts).map(([tool, count]) => [tool, count * (fractions.get(tool) ?? 0)]));
};

test.each([
  [{ search: 900, code: 100, math: 50 }, 0.5],
  [{ search: 900, code: 800, math: 50, finish: 10 }, 0.4],
  [{ a: 5, b: 5, c: 5, d: 100 }, 0.25],
])('no tool exceeds its share: %j at %f', (counts, share) => {
  const result = kept(counts, share);
  const total = Object.values(result).reduce((sum, count) => sum + count, 0);
  for (const count of Object.values(result)) expect(count).toBeLessThanOrEqual(share * total + 1e-9);
});

test('the cap is the largest possible: capped tools hold exactly their share', () => {
  const result = kept({ search: 900, code: 100, math: 50 }, 0.5);
  expect(result).toEqual({ search: 150, code: 100, math: 50 });
});

test('within the share nothing is dropped', () => {
  expect(kept({ search: 60, code: 40 }, 0.6)).toEqual({ search: 60, code: 40 });
});

test('a share that cannot be met cuts all to the rarest', () => {
  expect(kept({ search: 60, code: 40 }, 0.3)).toEqual({ search: 40, code: 40 });
});
