/** Lists of numbers or expressions: solutions `[1, 2]` in any order and any brackets, sorted numbers `3 1 -2` in their order. */
import { goldText, sameVerdict, type Metric, type Verdict } from '../metric';
import { sameInAnyOrder, sameInOrder } from '../mathematics/collections';
import { same } from '../mathematics/same-answer';
import { LIST_SEPARATOR, normaliseLatex, splitTop } from '../mathematics/latex-text';

const NUMBER = String.raw`[-+]?[\d.]+(?:e[-+]?\d+)?`;
const NUMBERS = new RegExp(String.raw`^${NUMBER}(?:\s+${NUMBER})+$`);
/** A number and a fraction are one mixed number. */
const FRACTIONS = new RegExp(String.raw`^${NUMBER}(?:/\d+)?(?:\s+${NUMBER}(?:/\d+)?){2,}$`);
const BRACKETS: readonly RegExp[] = [/^\[([^]*)\]$/, /^\(([^]*)\)$/, /^\\\{([^]*)\\\}$/, /^\{([^]*)\}$/];

function withoutBrackets(text: string): string {
  for (const pattern of BRACKETS) {
    const inner = pattern.exec(text.trim())?.[1];
    if (inner !== undefined) return inner.trim();
  }
  return text.trim();
}

const NAMED = /^[A-Za-z]\s*(?:=|\\in)\s*/;

/** As Python prints it: `array([1., 2.])`. */
const PROGRAM = /^\s*(?:np\.|numpy\.|torch\.)?(?:array|tensor|Matrix|set|list|tuple)\(([^]*)\)\s*$/;

/** Numbers separated only by spaces. */
export const isSequence = (gold: string): boolean => NUMBERS.test(gold.trim()) || FRACTIONS.test(gold.trim());
export const isBracketedList = (gold: string): boolean => /^\[[^]*\]$/.test(gold.trim());

/** Parts of a list however it is written. */
function parts(text: string): string[] {
  const inner = withoutBrackets(
    normaliseLatex(text.replace(PROGRAM, '$1').replaceAll(/,(?=\S)/g, ', ')).replace(NAMED, ''),
  );
  if (isSequence(inner)) return inner.split(/\s+/);
  return splitTop(inner, LIST_SEPARATOR)
    .filter(Boolean)
    .map((part) => part.replace(NAMED, ''));
}

/** Whether the prediction is the gold list. The order counts only for a sequence. */
export function sameList(prediction: string, gold: string): boolean {
  const [p, g] = [parts(prediction), parts(gold)];
  return isSequence(gold) ? sameInOrder(p, g, 0, same) : sameInAnyOrder(p, g, 0, same);
}

export const list: Metric = {
  name: 'list',
  none: { acc: 0 },
  kindOf: () => 'value',
  score({ answer, gold }): Verdict {
    return sameVerdict(sameList(answer, goldText(gold)) ? 'same list' : undefined, 'another list');
  },
};
