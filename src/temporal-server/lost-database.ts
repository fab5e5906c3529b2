/** Recognizes a Temporal server that answers and has no tables any more, as one does that kept them in memory and was idle or asleep for hours. */

/** Whether a server's words say so. No later try changes that. */
export function isLostDatabase(words: string): boolean {
  return /no such table/.test(words);
}

/** What happened and what to do; undefined for any other error. */
export function lostDatabase(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if (isLostDatabase(at.message))
      return 'The Temporal server has lost its database (no such table). A server that keeps it in memory loses it after hours idle or asleep, and all its solutions with it. Start it again, with a database file: npx temporal-husky dev has one unless --ephemeral is given.';
  return undefined;
}
