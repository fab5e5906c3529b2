/**
 * Programs as models write them: often inside a Markdown fence, with or without words around it.
 *
 * @module
 */

/** A fence opens at the start of a line; its closing line holds as many marks or more and nothing else. */
const FENCE = /^[ \t]{0,3}(`{3,}|~{3,})[ \t]*[\w+#.-]*[ \t]*\r?\n([\s\S]*?)^[ \t]{0,3}\1[`~]*[ \t]*$/m;
const OPEN_ONLY = /^\s*(`{3,}|~{3,})[ \t]*[\w+#.-]*[ \t]*\r?\n([\s\S]*)$/;

/**
 * The program inside the first fence when the text begins with a fence, or has one after words that come first;
 * the text as it stands otherwise. A fence that is cut off by the end of the text counts when the text begins with it.
 */
export function unwrapFence(text: string): string {
  const trimmed = text.trimStart();
  if (/^(`{3,}|~{3,})/.test(trimmed)) {
    const whole = FENCE.exec(trimmed);
    if (whole?.index === 0) return whole[2] ?? '';
    return OPEN_ONLY.exec(trimmed)?.[2] ?? text;
  }
  const inside = FENCE.exec(text);
  if (!inside) return text;
  const before = text.slice(0, inside.index);
  return /^\s*[A-Z][^;{}()=]*[:.]\s*$/.test(before) ? (inside[2] ?? '') : text;
}
