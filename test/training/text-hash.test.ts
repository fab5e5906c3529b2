import { HashSet, hashFraction, hashText } from '../../src/training/text-hash';

test('a hash set tells 300,000 short texts apart', () => {
  const set = new HashSet();
  let added = 0;
  for (let index = 0; index < 300_000; index += 1) if (set.add(hashText(`question ${index}`))) added += 1;
  expect(added).toBe(300_000);
  expect(set.size).toBe(300_000);
  const missing = Array.from({ length: 300_000 }, (_, index) => index).filter(
    (index) => !set.has(hashText(`question ${index}`)),
  );
  expect(missing).toEqual([]);
  expect(set.has(hashText('question -1'))).toBe(false);
  expect(set.add(hashText('question 5'))).toBe(false);
});

test('the all-zero hash is a member like any other', () => {
  const set = new HashSet();
  const zero = { high: 0, low: 0 };
  expect(set.has(zero)).toBe(false);
  expect(set.add(zero)).toBe(true);
  expect(set.add(zero)).toBe(false);
  expect(set.has(zero)).toBe(true);
});

test('fractions are spread evenly and change with the seed', () => {
  const texts = Array.from({ length: 20_000 }, (_, index) => `q${index}`);
  for (const seed of [0, 1, 2]) {
    const below = texts.filter((text) => hashFraction(text, seed) < 0.1).length;
    expect(below).toBeGreaterThan(1800);
    expect(below).toBeLessThan(2200);
  }
  const both = texts.filter((text) => hashFraction(text, 0) < 0.1 && hashFraction(text, 1) < 0.1).length;
  expect(both).toBeLessThan(300);
});

test('chained hashes depend on the order', () => {
  expect(hashText('b', hashText('a'))).not.toEqual(hashText('a', hashText('b')));
});
