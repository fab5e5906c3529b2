/** The letter of a choice: `C`, `(C)`, `\\text{(C)}`, `Option C`, `C. Paris`. */

const TEXT = /\\(?:text|mbox|mathrm|textbf)\s*\{([^{}]*)\}/;
const LETTER = /^[([]?\s*([A-Z])\s*[)\]]?$/;
/** A letter in a circle, as Unicode has it. */
const CIRCLED = /^[Ⓐ-Ⓩ]$/;

/** A text that is one capital letter and marks around it. */
export function choiceLetter(text: string): string | undefined {
  const plain = text.replace(TEXT, '$1').trim();
  return CIRCLED.test(plain) ? plain.normalize('NFKD') : LETTER.exec(plain)?.[1];
}

/** The letters that an answer denies: `B, not C`, `A is wrong, so B`, `rules out C, leaving B`. */
export const DENIED =
  /(?:,?\s+(?:and\s+)?not\s+\(?[A-Z]\)?(?=\W*$)|^\(?[A-Z]\)?\s+(?:is|are)\s+(?:wrong|false|incorrect),?\s+|\b(?:rul(?:es?|ed|ing) out|eliminat(?:es?|ed|ing)|exclud(?:es?|ed|ing))\s+(?:options?\s+)?\(?[A-Z]\)?(?:(?:,|,?\s+and)\s+\(?[A-Z]\)?)*,?\s+(?:and\s+)?(?=leav(?:es|ing)\b))/g;

/** A letter beside other words. */
const NAMED: readonly RegExp[] = [
  /^\(?([a-z])\)$/,
  /^(?:[^\s.]+\s+){0,4}leav(?:es|ing)\s+(?:only\s+|us with\s+)?\(?([A-Z])\)?\W*$/,
  // With an article, a noun, or both: `la C`, `a letra C`, `die Option C`.
  /^(?:(?:[Ll][aeo]|[Ee]l|[AaOo]|[Ii]l|[Dd](?:ie|er)|the)\s+)?(?:(?:letra|lettera|lettre|Buchstabe|opci[oó]n|op[cç][aã]o|opzione|[Oo]ption|alternativa)\s+)?\(?([A-Z])\)?$/,
  // With nothing behind but a reason that names no other: `Correct answer - C`, `The correct option is: C. Because ...`.
  /^(?:[Tt]he\s+)?(?:[Cc]orrect|[Rr]ight|[Bb]est|[Ff]inal)\s+(?:answer|option|choice)\s*(?:(?:is|would be|must be)\s*:?|[-\u2013\u2014:=])\s*\(?([A-Z])\)?(?=[).,:;]|$|\s+(?:because|since)\b)(?![^]*(?<![\w'’])[A-HJ](?![\w'’]))/,
  /^\(?([a-z])[).:]\s(?!\s*[a-z][.)])/,
  /\b(?:option|choice)\s+(?:is|would be)\s*:?\s*\(?([A-Z])\)?$/,
  /^(?:option|choice|answer)\s*[:(]?\s*([A-Z])\b/i,
  /^\(?([A-Z])[).:]\s/,
  // Before its reason, or before the one that it is not: `C because ...`, `D, not B`, `C is correct`.
  /^(?:Only\s+)?\(?([A-Z])\)?(?:,?\s+(?:because|since|and not|not|rather than|instead of)\b|\s+[-\u2013\u2014]\s|\s+is\s+(?:the\s+)?(?:correct|right|best)\b(?![^]*\b(?:also|too|both|but)\b))/,
  /^\(?([A-Z])\)?\s?(?:です|である|입니다|이다)/,
  // Before what its option says, in one sentence with no other letter: `most likely E, a hotel`.
  /^(?:(?:most likely|probably|likely)\s+)?\(?([A-Z])\)?,\s+(?=[^\s(])(?![^]*(?:\b[A-Z]\b|\n|[.!?]\s))/,
  // In bold before the value of its option: `\textbf{(B)}\ 12`.
  /^\\(?:text|mbox|mathrm|textbf)\s*\{\s*\(([A-Z])\)\s*\}/,
];

/** The letter that an answer names beside other words; undefined if it names several. */
export function namedLetter(source: string): string | undefined {
  const text = source.replace(/^\\(?:text|mbox|mathrm|textbf)\s*\{([^{}]*)\}$/, '$1').replace(DENIED, '');
  if (/\([A-Z]\)[^]*\([A-Z]\)|\bor\b/.test(text)) return undefined;
  const alone = text === source ? undefined : choiceLetter(text);
  return (
    alone ??
    NAMED.map((form) => form.exec(text)?.[1])
      .find(Boolean)
      ?.toUpperCase()
  );
}
