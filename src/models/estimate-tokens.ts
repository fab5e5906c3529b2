/**
 * How many tokens a text may take when the model's tokenizer is not at hand.
 *
 * @module
 */

/**
 * Errs on the safe side: of Latin letters English prose has about 4 a token, digits and code fewer, here 3; Greek, Cyrillic, Arabic and
 * the like 2; of Thai, Chinese, Japanese, Korean and all beyond each character counts as one.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Punctuation such as quotation marks stands among Latin letters.
    if (unit < 0x370 || (unit >= 0x2000 && unit < 0x2070)) tokens += 1 / 3;
    else tokens += unit < 0xe00 ? 1 / 2 : 1;
  }
  // Thirds don't add up to whole numbers exactly.
  return Math.max(0, Math.ceil(tokens - 1e-6));
}
