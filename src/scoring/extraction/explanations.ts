/** Removes what a response says around its answer: a connective before it, a reason or an aside behind it. */

/** `So, $x = 10$` and `Hence 5`; `So What` is a name. */
const CONNECTIVE =
  /^\s*(?:so|thus|hence|therefore|then)\b,?\s*(?:we (?:get|have|find|obtain)\s+)?(?=[$\\\d(+-]|[a-zA-Z](?:_\w+)?\s*=)/i;

export const withoutConnective = (text: string): string => text.replace(CONNECTIVE, '');

const REASON = /(?:(?<=\S),?\s+(?:because|since)\b|,\s+(?:where|which)\b)[^]*$/i;
const MAX_SENTENCE = 1_000;
/** An emphasised answer and what it is: `**Paris**, the capital of France`. */
const EMPHASISED =
  /^\*\*([^*\n]{1,80})\*\*(?=,\s+(?:not|the|an?|which|who|where|located|formerly|now|as)\s|\s+(?:because|since)\b)(?![^]*\*\*[^]*\*\*[^]*\*\*)/i;

/** The answer before its reason: `x = 10, where x is the width`; undefined if there is no reason. */
export function withoutReason(text: string): string | undefined {
  const emphasised = text.length > MAX_SENTENCE ? undefined : EMPHASISED.exec(text)?.[1];
  if (emphasised !== undefined) return emphasised;
  const answer = text.replace(REASON, '');
  return answer === text || answer.trim() === '' ? undefined : answer;
}

const ASIDE = /(?<=\d|[\p{L}%]{2})(?<!\b(?:is|are|be|at|was|equals?))\s+\(([^()]*)\)(?=\s*[.!]?\s*$)/u;
/** Asides that belong to the value or give another one. */
const PART_OF_VALUE = /\b(?:or|not|mod|base|vs|hundred|thousand|million|billion|dozen|percent)s?\b|%/i;

/** The value of a number or fraction that is written alone. */
function valueOf(text: string): number | undefined {
  const [, above, below = '1'] = /^[\s$≈=]*(-?[\d,]*\.?\d+)(?:\/(\d+))?[\s$]*$/.exec(text) ?? [];
  return above === undefined ? undefined : Number(above.replaceAll(',', '')) / Number(below);
}

/**
 * `540 meters (3 x 180)` without its aside. A number alone in parentheses is one only behind a number in words, or if it is the same number
 * again: `1/2 (0.5)`.
 */
export function withoutAside(text: string): string {
  const [all, aside = ''] = ASIDE.exec(text) ?? [];
  if (all === undefined || PART_OF_VALUE.test(aside)) return text;
  const isSame = valueOf(aside) !== undefined && valueOf(aside) === valueOf(text.slice(0, text.lastIndexOf(all)));
  const isRemark =
    isSame ||
    /\p{L}{2}|[=+*/×]|\d\s*[x-]\s*\d/u.test(aside) ||
    (/^[\d.,]+$/.test(aside) && !/\d/.test(text.slice(0, text.lastIndexOf(all))));
  return isRemark ? text.replace(ASIDE, '') : text;
}
