/** Balances tools: no tool may have more than a given share of the action generator's examples. */

/**
 * The fraction of each tool's examples to keep, so that none exceeds `maxShare`; the rest is to be dropped at random. Rarer tools lose
 * nothing. If the share is impossible (fewer than 1 / share tools), all are cut to the rarest.
 *
 * @param counts examples of each tool
 * @param maxShare in (0, 1]
 * @returns the fraction to keep, 1 for most
 */
export function keepFractions(counts: ReadonlyMap<string, number>, maxShare: number): Map<string, number> {
  const cap = capFor(
    [...counts.values()].filter((count) => count > 0).sort((a, b) => a - b),
    maxShare,
  );
  return new Map([...counts].map(([tool, count]) => [tool, count > cap ? cap / count : 1]));
}

/** The largest cap with `cap <= maxShare * (sum of counts after capping)`. */
function capFor(ascending: readonly number[], maxShare: number): number {
  const largest = ascending.at(-1) ?? 0;
  const total = ascending.reduce((sum, count) => sum + count, 0);
  if (largest <= maxShare * total) return largest;
  let below = total;
  for (let capped = 1; capped < ascending.length; capped += 1) {
    below -= ascending[ascending.length - capped] ?? 0;
    const room = 1 - maxShare * capped;
    if (room <= 0) break;
    const cap = (maxShare * below) / room;
    if (cap >= (ascending[ascending.length - capped - 1] ?? 0)) return cap;
  }
  return ascending[0] ?? 0;
}
