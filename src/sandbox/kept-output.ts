/** Output as a child keeps it: both ends, and the full length. */
import { z } from 'zod';
import { cutMiddle } from '../trajectory/bounded-text';

export const keptOutputSchema = z.strictObject({
  /** The first characters, or the whole output if it is short enough. */
  head: z.string(),
  /** The last characters; empty if `head` is the whole output. */
  tail: z.string(),
  /** Characters printed in all. */
  length: z.number().nonnegative(),
});

export type KeptOutput = z.infer<typeof keptOutputSchema>;

/** The text that is shown: the whole, or both ends with the full length between them. */
export function showKept({ head, tail, length }: KeptOutput, limit: number): { text: string; truncated: boolean } {
  if (length <= limit) return { text: head, truncated: false };
  const both = head.length >= length ? head : head + tail;
  const half = Math.floor(limit / 2);
  const text = cutMiddle(both, limit).replace(
    `[... cut, ${both.length} characters in all ...]`,
    `[... cut, ${length} characters in all ...]`,
  );
  return { text: half > 0 ? text : '', truncated: true };
}
