/** One of several by name, and how many of several. */
import type { Asking } from './asking';
import { composed, inOwnUnit, planFor, type Composed } from './composed';
import { CHOICE, COUNTED, EARLY, LATE, LESS, MEAN, MORE, PERCENT, SUM } from './cues';
import type { Plan } from './plans';
import type { Quantity } from './quantity';
import { isLess } from './sides';

/** "How many of these have more than a million inhabitants?" */
export function counted(asking: Asking): Composed | undefined {
  const plan = asking.asked.length < 3 || !COUNTED.test(asking.text) ? undefined : countPlan(asking);
  return plan && composed(plan);
}

/** How many of the amounts are beyond the number of the question, or are that number. */
export function countPlan({ text, asked, literals }: Asking): Plan | undefined {
  const [limit] = literals;
  if (!limit || !/#/.test(text)) return undefined;
  const [first] = asked as [Quantity];
  const count = {
    of: asked.map(({ formula }) => formula),
    than: inOwnUnit(limit, first),
    isLess: isLess(text, first.isYear) || /\bbefore\b|\bby\b/.test(text),
    isExact: ![LESS, MORE, EARLY, LATE].some((sign) => sign.test(text)) && !/\bby\b/.test(text),
  };
  return planFor(asked, undefined, { count });
}

/** Words of a question for a number, though it names what it compares. */
const NUMBER =
  /\bone in how\b|\b(?:which|what) number\b|\bhow (?:many|much|old|far|long)\b|\bwhat age\b|\bby (?:how|what)\b|\bdifference\b|\bsubtract|\bminus\b|\bin (?:which|what) year\b|\bwhat (?:is|was|are) (?:the )?(?:ratio|mean|median|height|length|depth|population|area|diameter|age)\b|\bmedian \w+ of\b/;

/** "Which is deeper, A or B?", "Who of the three was born first?" */
export function chosen({ text, whole, asked, literals, isNamed, marked, wantsName }: Asking): Composed | undefined {
  if (asked.length < 2 || !(wantsName || CHOICE.test(text)) || (!isNamed && marked.foreign.size > 0)) return undefined;
  if (!wantsName && [NUMBER, PERCENT, SUM, MEAN].some((sign) => sign.test(text))) return undefined;
  const of = asked.map(({ name, formula }) => ({ name, phrase: formula }));
  const [first] = asked as [Quantity];
  const [exact] = literals;
  // "What element has atomic number 79, gold or mercury?"
  if (exact && !exact.isYear && first.attribute === 'atomic number')
    return composed(planFor(asked, undefined, { extreme: { of, isLeast: true, from: exact.value } }));
  const isComparing = [LESS, EARLY, LATE, MORE, /est\b/].some((sign) => sign.test(text));
  const rank = asked.length < 3 ? 0 : rankIn(text, asked.length);
  const isFewest = isLeast(isComparing ? text : whole, first);
  return composed(planFor(asked, undefined, { extreme: { of, isLeast: isFewest, ...(rank > 0 ? { rank } : {}) } }));
}

/** "The second longest", "the one in the middle": how many come before it. */
export function rankIn(text: string, count: number): number {
  if (/\bin the middle\b|\bmiddle one\b|\bmedian\b|\bneither\b.*\bnor\b/.test(text)) return (count - 1) >> 1;
  return /\bthird\b/.test(text) ? 2 : /\bsecond\b/.test(text) ? 1 : 0;
}

function isLeast(text: string, { isYear, attribute }: Quantity): boolean {
  const said = text.replace(/\blast (?:night|week|year|time)\b/g, '');
  if (isYear) return (EARLY.test(said) || /\bold|\blonge(?:r|st)\b/.test(said)) && !LATE.test(said);
  if (/\bnot (?:over|above|more|higher|taller|longer|larger|bigger|deeper)\b/.test(said)) return true;
  return LESS.test(said) || (attribute === 'age' && /\byoung/.test(said));
}
