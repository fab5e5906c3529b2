/** A number of several amounts, or of one and a number of the question. */
import type { Asking } from './asking';
import { composed, inOwnUnit, inUnit, planFor, rounding, scaleOf, sumOf, UNSIGNED, type Composed } from './composed';
import { DIFFERENCE, isOperating, MEAN, PERCENT, PRODUCT, RATIO, SCALED, SUM } from './cues';
import { askedUnit, unitOf, type Literal } from './literals';
import { quantityOf, type Quantity } from './quantity';
import { rankIn } from './choices';
import { isLess, sidesOf } from './sides';

export function calculated(asking: Asking): Composed | undefined {
  const { text, whole, asked, literals } = asking;
  const [x] = asked as [Quantity];
  if (x.attribute === 'capital' || x.attribute === 'inventor') return undefined;
  const besideNumbers = whole.replace(/\b(?:in|at|every|each) #\d \w+/g, '');
  const wanted = askedUnit(text, x.unit) ?? askedUnit(besideNumbers, x.unit);
  if (asked.length > 1) return ofSeveral(asking, wanted);
  const [n, ...others] = literals.filter(({ value }, at) => literals.findIndex((one) => one.value === value) === at);
  if (x.attribute === 'age' && n?.isYear) {
    const birth = x.searches.at(-1)!;
    return composed(planFor([{ ...x, searches: [birth] }], `${n.value} - ${birth}`), UNSIGNED);
  }
  const lapse = n && others.length > 0 && !x.isYear ? perSoMuch(asking, x) : undefined;
  if (lapse) return lapse;
  if (!n || others.length > 0) return undefined;
  return x.isYear ? withYear(asking, x, n) : withAmount(asking, x, n, wanted);
}

/** "6.5 degrees colder for every 1,000 metres", "It is 20 at sea level": so much for each part of the amount. */
function perSoMuch({ text, whole, marked, places }: Asking, x: Quantity): Composed | undefined {
  const [, much, part, one = ''] =
    /#(\d+)(?: \w+){0,4} (?:per|for (?:each|every)|every|each) (?:#(\d+)|(km|kilomet(?:er|re)|met(?:er|re)|mile|foot)\b)/.exec(
      whole,
    ) ?? [];
  if (much === undefined) return undefined;
  const rate = marked.literals[Number(much)]!;
  const single: Literal = { value: 1, isRate: false, isYear: false, unit: unitOf(one)! };
  const unit = part === undefined ? single : marked.literals[Number(part)]!;
  const change = `${x.formula} * ${rate.value / inOwnUnit(unit, x)}`;
  const start = marked.literals.find((one) => one !== rate && one !== unit);
  if (!start) return composed(planFor([x], change), rounding(places));
  const isLevel = /\btemperature\b|\bhow (?:warm|cold|hot)\b/.test(text);
  if (!isLevel) return undefined;
  return composed(planFor([x], `${start.value} - ${change}`), { kind: 'rounded', places: places ?? 1 });
}

const times = (formula: string, factor: number) => (factor === 1 ? formula : `${formula} * ${factor}`);

const isUnitWord = (word: string) =>
  /^(?:second|minute|hour|day|week|year|mile|meter|metre|feet|foot|yard|kilomet(?:er|re)|km|people|time|degree)$/.test(
    word,
  );

const HOURS: Record<string, number> = { second: 1 / 3600, minute: 1 / 60, hour: 1, day: 24, week: 168 };

/** From the time of a rate to the time that is asked: 400 metres an hour, and how many minutes. */
function timeFactor(text: string, { per = '' }: Literal): number {
  const [, asked = ''] = /\b(?:how many|in) (second|minute|hour|day|week)s?\b/.exec(text) ?? [];
  const [to, from] = [HOURS[asked], HOURS[per]];
  return to && from ? from / to : 1;
}

/** A year and a number: how old in 2024, the 200th anniversary, 31 that year. */
function withYear({ text, whole }: Asking, x: Quantity, n: Literal): Composed | undefined {
  if (n.isYear && /\banniversary\b|\bbirthday\b|\bhow (?:many|old|long)\b|\byears\b|\bage\b|\bold\b/.test(text))
    return composed(planFor([x], `${n.value} - ${x.formula}`), UNSIGNED);
  if (/\b(?:will|anniversary|centenary|birthday|plus|turn(?:ed|s)?|after)\b/.test(whole))
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
  const inScale = (formula: string) => {
    const scale = scaleOf(whole);
    return scale
      ? composed(planFor([x], `${formula} / ${scale}`), rounding(places && Math.max(0, places)))
      : composed(planFor([x], formula), rounding(places));
  };
  const divided = `${x.formula} / ${value}`;
  if (SCALED.test(whole) && /\b(?:one|each|every|a) (?:centimeter|centimetre|cm|inch)\b/.test(text))
    return composed(planFor([x], `${x.formula} / ${n.value}`), rounding(places));
  if (
    n.unit &&
    /\bhow many \w+s (?:would|will|do|does|is|are) (?:that|it|there|needed|required)\b/.test(text) &&
    /\b(?:each|every|one)\b/.test(whole)
  )
    return composed(planFor([x], divided), rounding(places));
  // "How many marathons?" of "A marathon is 42 km"; "one member for every 120,000 people".
  const [, counted = '\0'] = /\bhow many (?:complete |whole |full |such )?(\w{3,}?)s?\b/.exec(text) ?? [];
  const isTold =
    new RegExp(`\\b${counted}s?\\b[^.?]*#`).test(whole) || /#\d+ \w+s?\b/.exec(whole)?.[0].includes(counted);
  const isOfThem = n.unit !== undefined && (isTold || /\bhow many of (?:them|these|those)\b/.test(text));
  if (isOfThem || /\b(?:one|an?) (?:\w+ ){1,4}(?:for|per|to) (?:every |each )?#/.test(whole))
    if (!n.isRate && !isUnitWord(counted)) return composed(planFor([x], divided), rounding(places));
  if (n.isRate || SCALED.test(whole))
    return composed(
      planFor(
        [x],
        /\bscale of #\d+ to\b/.test(whole) ? inUnit(divided, x, wanted) : times(divided, timeFactor(text, n)),
      ),
      rounding(places),
    );
  // A price, or a weight.
  const [, per] =
    /#\d+(?: \w+)? (?:per|for (?:each|every)|an?) (met(?:er|re)|kilomet(?:er|re)|km|mile|foot|person|inhabitant|resident|citizen|head)\b/.exec(
      whole,
    ) ?? [];
  if (per !== undefined) return inScale(`${inUnit(x.formula, x, unitOf(per))} * ${n.value}`);
  if (!n.unit && /\b(?:per|an?|each) (?:day|hour|week)\b|\bdaily\b/.test(text))
    return composed(planFor([x], `${x.formula} / ${n.value}`), rounding(places));
  if (n.unit && OF_THEM.test(text)) return composed(planFor([x], divided), rounding(places));
  if (PERCENT.test(text) && n.unit) return composed(planFor([x], `100 * ${value} / ${x.formula}`), rounding(places));
  const [, grown, shrunk] =
    /\b(?:(gr[eo]w\w*|rises?|rose|increase[sd]?|went up)|(shr[au]nk\w*|falls?|fell|decreased?|dropped|lost|went down))\b/.exec(
      whole,
    ) ?? [];
  if (PERCENT.test(whole) && !n.unit && (grown ?? shrunk))
    return inScale(`${x.formula} * ${(100 + (grown ? n.value : -n.value)) / 100}`);
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

function ofSeveral(asking: Asking, wanted: string | undefined): Composed | undefined {
  const { text, whole, asked, places, literals } = asking;
  const [x, y, ...more] = asked as [Quantity, Quantity, ...Quantity[]];
  const isPair = more.length === 0;
  if (!isPair && AMOUNT_OF_ONE.test(text) && !RANGE.test(text)) {
    const of = asked.map(({ name, formula }) => ({ name, phrase: formula }));
    const extreme = { of, isLeast: isLess(text, x.isYear), rank: rankIn(text, asked.length), isAmount: true };
    return composed(planFor(asked, undefined, { extreme }), rounding(places));
  }
  if (!isPair && RANGE.test(text))
    return composed(
      planFor(asked, '{larger} - {smaller}', { pairs: [asked.map(({ formula }) => formula)] }),
      rounding(places),
    );
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
  if (PRODUCT.test(text) && isPair) return result(pair.join(' * '));
  if (asks(MEAN)) return result(`(${sumOf(asked)}) / ${asked.length}`);
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
