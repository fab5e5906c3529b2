/** Counts by name. */
export type Counts = Record<string, number>;

/** One more of a name. */
export function tally(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
