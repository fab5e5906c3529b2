/** A number of several amounts, or of one and a number of the question. */
import type { Asking } from './asking';
import { composed, inOwnUnit, inUnit, planFor, rounding, scaleOf, sumOf, UNSIGNED, type Composed } from './composed';
import { DIFFERENCE, isOperating, MEAN, PERCENT, PRODUCT, RATIO, SCALED, SUM } from './cues';
import { askedUnit, type Literal } from './literals';
import { quantityOf, type Quantity } from './quantities';
import { sidesOf } from './sides';

export function calculated(asking: Asking): Composed | undefined {
  const { text, whole, asked, literals } = asking;
  const [x] = asked as [Quantity];
  if (x.attribute === 'capital' || x.attribute === 'inventor') return undefined;
  const besideNumbers = whole.replace(/\b(?:in|at|every|each) #\d \w+/g, '');
  const wanted = askedUnit(text, x.unit) ?? askedUnit(besideNumbers, x.unit);
  if (asked.length > 1) return ofSeveral(asking, wanted);
  const [n, ...others] = literals;
  if (x.attribute === 'age' && n?.isYear) {
    const birth = x.searches.at(-1)!;
    return composed(planFor([{ ...x, searches: [birth] }], `${n.value} - ${birth}`), UNSIGNED);
  }
  if (!n || others.length > 0) return undefined;
  return x.isYear ? withYear(asking, x, n) : withAmount(asking, x, n, wanted);
}

/** A year and a number: how old in 2024, the 200th anniversary, 31 that year. */
function withYear({ text, whole }: Asking, x: Quantity, n: Literal): Composed | undefined {
  if (n.isYear && /\banniversary\b|\bbirthday\b|\bhow (?:many|old|long)\b|\byears\b|\bage\b|\bold\b/.test(text))
    return composed(planFor([x], `${n.value} - ${x.formula}`), UNSIGNED);
  if (/\b(?:will|anniversary|centenary|plus|turn(?:ed|s)?|after)\b/.test(whole))
    return composed(planFor([x], `${x.formula} + ${n.value}`));
  if (/\bborn\b|\bbefore\b/.test(text)) return composed(planFor([x], `${x.formula} - ${n.value}`));
  return n.unit !== undefined && DIFFERENCE.test(text)
    ? composed(planFor([x], `(${x.formula} - ${n.value})`), UNSIGNED)
    : undefined;
}

/** "How many marathons long is the Thames?" */
const OF_THEM = /\bhow many (?!kilomet|met|mile|feet|foot|km|yard)\w+s (?:long|high|tall|deep|wide|big)\b/;

/** An amount and a number: at 58 km a day, 15 per cent, how many times 120 m, 150 m short of. */
function withAmount(
  { text, whole, places }: Asking,
  x: Quantity,
  n: Literal,
  wanted: string | undefined,
): Composed | undefined {
  if (n.isYear) return undefined;
  if (/\bpi\b|\bcircumference\b/.test(whole))
    return composed(planFor([x], `${x.formula} * ${n.value}`), rounding(places));
  const value = inOwnUnit(n, x);
  const divided = `${x.formula} / ${value}`;
  if (n.isRate || SCALED.test(whole))
    return composed(
      planFor([x], /\bscale of 1 to\b/.test(whole) ? inUnit(divided, x, wanted) : divided),
      /\bround(?:ed)? up\b/.test(whole) ? { kind: 'rounded', places: 0, isUp: true } : rounding(places),
    );
  // A price.
  if (
    /#\d+ \w+ (?:per|for (?:each|every)|an?) (?:met(?:er|re)|kilomet(?:er|re)|km|mile|foot|person|inhabitant|head)\b/.test(
      whole,
    )
  )
    return composed(planFor([x], `${x.formula} * ${n.value}`), rounding(places));
  if (!n.unit && /\bper (?:day|hour|week)\b/.test(text))
    return composed(planFor([x], `${x.formula} / ${n.value}`), rounding(places));
  if (n.unit && OF_THEM.test(text)) return composed(planFor([x], divided), rounding(places));
  if (PERCENT.test(text) && n.unit) return composed(planFor([x], `100 * ${value} / ${x.formula}`), rounding(places));
  if (PERCENT.test(whole) && !n.unit)
    return composed(planFor([x], `${x.formula} * ${n.value} / 100`), rounding(places));
  if (RATIO.test(text) && !PRODUCT.test(text) && !/\btimes (?:the|that)\b/.test(text)) {
    const isDivided = n.unit || /\bdivide|\bgo(?:es)? into|\bfits?\b|\bhow many times\b|\bfactor\b/.test(text);
    return composed(planFor([x], isDivided ? divided : `${x.formula} * ${value}`), rounding(places));
  }
  if (PRODUCT.test(whole) || /\btimes the\b|\b(?:each|every|everybody|everyone)\b/.test(whole))
    return composed(planFor([x], `${x.formula} * ${n.value}`), rounding(places));
  return DIFFERENCE.test(text)
    ? composed(planFor([x], inUnit(`(${x.formula} - ${value})`, x, wanted)), rounding(places) ?? UNSIGNED)
    : undefined;
}

function ofSeveral(asking: Asking, wanted: string | undefined): Composed | undefined {
  const { text, whole, asked, places, literals } = asking;
  const [x, y, ...more] = asked as [Quantity, Quantity, ...Quantity[]];
  const isPair = more.length === 0;
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
  if (isPair && /\bat the same time\b|\boverlap|\bboth\b[^?]*\b(?:alive|living|lived)\b/.test(text)) {
    const ends = ['death year', 'birth year'].map((end) => asked.map(({ thing }) => quantityOf(thing, end)));
    const pairs = ends.map((years) => years.map(({ formula }) => formula));
    if (asked.every(({ thing }) => thing.kind === 'person'))
      return composed(planFor(ends.flat(), '{smaller} - {larger 1}', { pairs }));
  }
  if (asks(PERCENT)) {
    const isMore = /\b(?:more|larger|bigger|higher|taller|longer|greater|populous|deeper)\b/.test(text);
    if (!isPair) return undefined;
    return result(`100 * ${isMore ? '({larger} - {smaller}) / {smaller}' : '{smaller} / {larger}'}`, { pairs: [pair] });
  }
  if (PRODUCT.test(text) && isPair) return result(pair.join(' * '));
  if (asks(MEAN)) return result(`(${sumOf(asked)}) / ${asked.length}`);
  if (asks(RATIO) && isPair && (!x.isYear || /\bratio\b|\bdivide/.test(text))) {
    const isOrdered = /§\d[^§]*\b(?:divided by|divide by|:|\/)[^§]*§\d|\bratio\b/.test(text);
    if (/\b(?:multiple|fraction) of (?:the )?§\d+ is (?:the )?§/.test(text))
      return result(`${y.formula} / ${x.formula}`);
    return isOrdered ? result(pair.join(' / ')) : result('{larger} / {smaller}', { pairs: [pair] });
  }
  const [before, after] = !isPair && /\bthan\b|\bexceed/.test(text) ? sidesOf(asking) : [[], []];
  if (before.length > 0 && after.length > 0)
    return asks(RATIO)
      ? result(`(${sumOf(before)}) / (${sumOf(after)})`)
      : difference(`((${sumOf(before)}) - (${sumOf(after)}))`);
  const isApart = isPair && (/\bthan\b|\blevel with\b/.test(text) || (x.isYear && !/\b(?:sum|add)\b/.test(text)));
  if (!isApart && (asks(SUM) || (!isPair && !x.isYear))) {
    const scale = scaleOf(whole);
    const inOther = inUnit(`(${sumOf(asked)})`, x, wanted);
    return result(scale ? `(${sumOf(asked)}) / ${scale}` : / \* [\d.]+$/.test(inOther) ? inOther : sumOf(asked));
  }
  return isPair && (asks(DIFFERENCE) || (x.isYear && /\b(?:years?|age|old|long|when)\b/.test(whole)))
    ? difference(`(${pair.join(' - ')})`)
    : undefined;
}
