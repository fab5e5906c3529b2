/** Estimates the tokens of a text without the model's tokenizer. */

/**
 * Estimates too many rather than too few. A token has 3 Latin characters (English prose has about 4, digits and code fewer), 2 Greek,
 * Cyrillic or Arabic ones, or 1 of Thai, Chinese, Japanese, Korean and other scripts.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Punctuation such as quotation marks counts as Latin.
    if (unit < 0x370 || (unit >= 0x2000 && unit < 0x2070)) tokens += 1 / 3;
    else tokens += unit < 0xe00 ? 1 / 2 : 1;
  }
  // Corrects the rounding error of adding thirds.
  return Math.max(0, Math.ceil(tokens - 1e-6));
}
