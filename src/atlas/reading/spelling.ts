/** Words in one form, and words that are nearly the same. */

/** Lower case, without accents, points and hyphens. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** One letter wrong, missing, doubled or swapped; two in long words. Short words are compared as they are. */
export function isNear(one: string, other: string): boolean {
  const longest = Math.max(one.length, other.length);
  const allowed = longest < 5 ? 0 : longest < 9 ? 1 : 2;
  return Math.abs(one.length - other.length) <= allowed && distance(one, other) <= allowed;
}

/** One letter wrong, missing, doubled or swapped, in a word of any length. */
export const isTypo = (one: string, other: string): boolean => distance(one, other) === 1;

/** Whether two neighbouring letters of a short word are swapped, and nothing else is wrong. */
export function isSwapped(one: string, other: string): boolean {
  return (
    one.length === other.length &&
    one !== other &&
    [...one].sort().join('') === [...other].sort().join('') &&
    distance(one, other) === 1
  );
}

/** Edits of a letter, a swap of neighbours counted as one (Damerau-Levenshtein, restricted). */
function distance(one: string, other: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[other.length]!;
}
