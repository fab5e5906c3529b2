/**
 * How many tokens a text may take when the model's tokenizer is not at hand.
 *
 * @module
 */

/** Characters a token: English prose has about 4, digits and code fewer; 3 errs on the safe side. */
const CHARS_PER_TOKEN = 3;

export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}
