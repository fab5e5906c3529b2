/** A number of several amounts, or of one and a number of the question. */
import { withNumbers } from './amount-and-number';
import { IN_MODEL, type Asking } from './asking';
import { rankIn } from './choices';
import { composed, inOwnUnit, inUnit, planFor, rounding, scaleOf, sumOf, UNSIGNED, type Composed } from './composed';
import { DIFFERENCE, isOperating, MEAN, PERCENT, PRODUCT, RATIO, SCALED, SUM } from './cues';
import { askedUnit } from './literals';
import type { Quantity } from './quantity';
import { isLess, livedTogether, sidesOf } from './sides';

/** The way from one place to another. */
const BETWEEN_PLACES =
  /\b(?:driv\w+|drove|fl(?:y|ew|ight)\w*|travel\w*|walk\w*|cycl\w+|sail\w*|distance|how far)\b[^?]*\b(?:from (?:the )?§\d+ to|between (?:the )?§\d+ and) (?:the )?§/;

export function calculated(asking: Asking): Composed | undefined {
  const { text, whole, asked } = asking;
  const [x] = asked as [Quantity];
  if (!asking.isNamed && BETWEEN_PLACES.test(text)) return undefined;
  if (x.attribute === 'capital' || x.attribute === 'inventor') return undefined;
  const besideNumbers = whole.replace(/\b(?:in|at|every|each) #\d \w+/g, '');
  const wanted = askedUnit(text, x.unit) ?? askedUnit(besideNumbers, x.unit);
  return asked.length > 1 ? ofSeveral(asking, wanted) : withNumbers(asking, x, wanted);
}

/** "How high is the highest of these?", "the median height of these" */
const AMOUNT_OF_ONE =
  /\bmedian\b|\b(?:how \w+|what) (?:is|was) (?:the \w+ of )?the (?:second )?\w+est (?:of|among|one)\b/;
/** "Between the deepest and the shallowest of these" */
const RANGE = /\b\w+est\b.*\b(?:and|than|minus|to)\b.*\b\w+est\b|\brange\b/;

/** The one of two that is named twice, or last. */
function partOf({ whole, asked, marked }: Asking): Quantity | undefined {
  const named = asked.map((one) => {
    const mark = `§${marked.things.findIndex((meanings) => meanings.includes(one.thing))}`;
    return { one, count: whole.split(mark).length - 1, last: whole.lastIndexOf(mark) };
  });
  return named.sort((x, y) => y.count - x.count || y.last - x.last)[0]?.one;
}

/** The people of a land as crowded as another one, and a thing in a model in which another has its size. */
function asImagined({ text, whole, literals, marked }: Asking, x: Quantity, y: Quantity): string | undefined {
  if (x.attribute === 'density' && /\b(?:if|suppose|imagine)\b/.test(whole) && /\bhow many\b/.test(text)) {
    const people = `${y.formula} * ${x.formula.replace(/^.* \/ /, '').replace(/\)$/, '')}`;
    const scale = scaleOf(whole);
    return scale ? `${people} / ${scale}` : people;
  }
  const [size] = literals.length > 0 ? literals : marked.literals;
  if (!size?.unit || size.isRate || x.isYear || !IN_MODEL.test(whole)) return undefined;
  const isAsked = ({ thing }: Quantity) =>
    text
      .slice(Math.max(0, text.search(/\bhow\b/)))
      .includes(`§${marked.things.findIndex((meanings) => meanings.includes(thing))}`);
  if (isAsked(x) === isAsked(y)) return undefined;
  const [asked, other] = isAsked(y) ? [y, x] : [x, y];
  return `${size.value} * ${asked.formula} / ${other.formula}`;
}

function ofSeveral(asking: Asking, wanted: string | undefined): Composed | undefined {
  const { text, whole, asked, places, literals } = asking;
  const [x, y, ...more] = asked as [Quantity, Quantity, ...Quantity[]];
  const isPair = more.length === 0;
  if (!isPair && AMOUNT_OF_ONE.test(text) && !RANGE.test(text)) {
    const of = asked.map(({ name, formula }) => ({ name, phrase: formula }));
    const extreme = { of, isLeast: isLess(text, x.isYear), rank: rankIn(text, asked.length), isAmount: true };
    return composed(planFor(asked, undefined, { extreme }), rounding(places));
  }
  const inOther = inUnit('({larger} - {smaller})', x, wanted);
  const spread = inOther.endsWith(')') ? '{larger} - {smaller}' : inOther;
  if (!isPair && RANGE.test(text))
    return composed(planFor(asked, spread, { pairs: [asked.map(({ formula }) => formula)] }), rounding(places));
  const pair = [x.formula, y.formula];
  // The whole question says what is done where the asking sentence does not.
  const asks = (sign: RegExp) => sign.test(text) || (!isOperating(text) && sign.test(whole));
  const result = (formula: string, plan = {}) => composed(planFor(asked, formula, plan), rounding(places));
  const difference = (formula: string) => {
    const [scale] = SCALED.test(whole) ? literals : [];
    const inOther = inUnit(formula, x, wanted);
    const compute = scale
      ? `${formula} / ${inOwnUnit(scale, x)}`
      : inOther === formula
        ? formula.replace(/^\((.*)\)$/, '$1')
        : inOther;
    return composed(planFor(asked, compute), rounding(places) ?? UNSIGNED);
  };
  const imagined = isPair ? asImagined(asking, x, y) : undefined;
  if (imagined !== undefined)
    return composed(planFor([x, y], imagined), rounding(scaleOf(whole) ? places && Math.max(0, places) : places));
  const shared = isPair ? livedTogether(asking) : undefined;
  if (shared) return composed(shared);
  if (asks(PERCENT)) {
    // "The Nile as a percentage of the Amazon"
    if (
      isPair &&
      /§\d[^§]*\bas (?:a |the )?(?:percentage|per ?cent|percent|fraction|share|proportion) of\b[^§]*§\d/.test(text)
    )
      return result(`100 * ${x.formula} / ${y.formula}`);
    // "Of the area of Spain and Portugal together, what share is Portugal's?"
    const whose = isPair && /\b(?:together|combined|total|joint|as one)\b/.test(whole) && partOf(asking);
    if (whose) return result(`100 * ${whose.formula} / (${sumOf(asked)})`);
    const isMore =
      /\b(?:exceeds?|surpass(?:es)?|beats?|more|larger|bigger|higher|taller|longer|greater|populous|deeper)\b/.test(
        text,
      );
    if (!isPair) return undefined;
    return result(`100 * ${isMore ? '({larger} - {smaller}) / {smaller}' : '{smaller} / {larger}'}`, { pairs: [pair] });
  }
  if (asks(PRODUCT) && isPair) return result(pair.join(' * '));
  if (asks(MEAN)) return result(inUnit(`(${sumOf(asked)}) / ${asked.length}`, x, wanted));
  if (asks(RATIO) && isPair && (!x.isYear || /\bratio\b|\bdivide/.test(text))) {
    const isOrdered = /§\d[^§]*\b(?:divided by|divide by|:|\/)[^§]*§\d|\bratio\b/.test(text);
    if (/\b(?:multiple|fraction) of (?:the )?§\d+ is (?:the )?§/.test(text))
      return result(`${y.formula} / ${x.formula}`);
    return isOrdered ? result(pair.join(' / ')) : result('{larger} / {smaller}', { pairs: [pair] });
  }
  const [before, after] = !isPair && /\bthan\b|\bminus\b|\bexceed/.test(text) ? sidesOf(asking) : [[], []];
  if (before.length > 0 && after.length > 0)
    return asks(RATIO)
      ? result(`(${sumOf(before)}) / (${sumOf(after)})`)
      : difference(`((${sumOf(before)}) - (${sumOf(after)}))`);
  const isApart =
    isPair &&
    (/\bthan\b|\blevel with\b|\bstick(?:s|ing)? out\b/.test(text) || (x.isYear && !/\b(?:sum|add)\b/.test(text)));
  if (!isApart && (asks(SUM) || (!isPair && !x.isYear))) {
    const scale = scaleOf(whole);
    const inOther = inUnit(`(${sumOf(asked)})`, x, wanted);
    return result(scale ? `(${sumOf(asked)}) / ${scale}` : / \* [\d.]+$/.test(inOther) ? inOther : sumOf(asked));
  }
  return isPair && (asks(DIFFERENCE) || (x.isYear && /\b(?:years?|age|old|long|when)\b/.test(whole)))
    ? difference(`(${pair.join(' - ')})`)
    : undefined;
}
