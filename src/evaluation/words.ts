/** Finds names and numbers in texts, for rules that compare two texts. */

/** Words with a capital that do not begin a sentence, and names with numbers such as `K2`. */
export function contentNames(text: string): string[] {
  const names = new Set<string>();
  for (const sentence of text.split(/(?<=[.?!])\s+/)) {
    const words = sentence.match(/[\p{L}\p{N}]+/gu) ?? [];
    for (const word of words.slice(1)) if (/^\p{Lu}/u.test(word) && word.length > 1) names.add(word);
  }
  return [...names];
}

/** Numbers as people write them: `268,596`, `-3.5`, `1 200` as two. */
export function numbersIn(text: string): number[] {
  const written = text.match(/(?<![\p{L}\d.])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\p{L}\d.,])-?\d+(?:\.\d+)?/gu) ?? [];
  return written.map((number) => Number(number.replaceAll(',', ''))).filter(Number.isFinite);
}

/** Whether a text contains the number, also rounded to a whole. */
export function saysNumber(text: string, number: number): boolean {
  return numbersIn(text).some((one) => Math.abs(one - number) <= 0.5);
}
