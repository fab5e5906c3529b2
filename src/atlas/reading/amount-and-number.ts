/** What one amount and a number of the question come to: at 58 km a day, 15 per cent, how many times 120 m, 150 m short of. */
import type { Asking } from './asking';
import { composed, inOwnUnit, inUnit, planFor, rounding, scaleOf, UNSIGNED, type Composed } from './composed';
import { DIFFERENCE, PERCENT, PRODUCT, RATIO, SCALED } from './cues';
import { unitOf, type Literal } from './literals';
import type { Quantity } from './quantity';

/** @param wanted the unit that the answer is asked in */
export function withNumbers(asking: Asking, x: Quantity, wanted: string | undefined): Composed | undefined {
  const { literals, text, whole } = asking;
  const [, share] = /#(\d+) ?(?:%|per ?cent\b)/.exec(whole) ?? [];
  const known = share !== undefined && !/#/.test(text) ? [asking.marked.literals[Number(share)]!] : literals;
  const [n, ...others] = known.filter(({ value }, at) => known.findIndex((one) => one.value === value) === at);
  if (!n) return partOf(asking, x, wanted);
  if (x.attribute === 'age' && n.isYear) {
    const birth = x.searches.at(-1)!;
    return composed(planFor([{ ...x, searches: [birth] }], `${n.value} - ${birth}`), UNSIGNED);
  }
  const climbed = others.length > 0 ? fromStart(asking, x) : undefined;
  if (climbed) return climbed;
  if (others.length > 0 || (ASKS_WARMTH.test(text) && asking.marked.literals.length > 2))
    return x.isYear ? undefined : perSoMuch(asking, x);
  return x.isYear ? withYear(asking, x, n) : withAmount(asking, x, n, wanted);
}

const PARTS: readonly [sign: string, share: number][] = [
  ['half', 1 / 2],
  ['(?:a|one) third', 1 / 3],
  ['two thirds', 2 / 3],
  ['(?:a|one) (?:quarter|fourth)', 1 / 4],
  ['three quarters', 3 / 4],
  ['(?:a|one) fifth', 1 / 5],
  ['(?:a|one) tenth', 1 / 10],
];

/** "A third of Egypt's population", "If a quarter of them left, how many would remain?" */
function partOf({ text, whole, places }: Asking, x: Quantity, wanted: string | undefined): Composed | undefined {
  const [, share] =
    PARTS.find(([sign]) =>
      new RegExp(
        `\\b${sign} (?:of |way up )?(?:the |all |its )?(?:people|residents|inhabitants|population|citizens|of|§)`,
      ).test(whole),
    ) ?? [];
  if (share === undefined || x.isYear || !/\bhow (?:many|much)\b|\bwhat (?:is|would)\b/.test(text)) return undefined;
  const isRest =
    /\b(?:remain\w*|stay\w*|still|left|rest)\b/.test(text) && /\b(?:leave|left|mov\w+|go|went|gone)\b/.test(whole);
  const formula = `${inUnit(x.formula, x, wanted)} * ${isRest ? 1 - share : share}`;
  return composed(planFor([x], formula), {
    kind: 'rounded',
    places: places ?? 0,
  });
}

/** "We start at 1,600 m and gain 300 m every hour": the time for the rest. */
function fromStart({ text, whole, marked, places }: Asking, x: Quantity): Composed | undefined {
  const rate = marked.literals.find(({ isRate, unit }) => isRate && unit);
  const start = marked.literals.find((one) => one !== rate && one.unit && !one.isRate);
  if (
    !rate ||
    !start ||
    !/\bhow many (?:hours|days|weeks|minutes)\b/.test(text) ||
    !/\b(?:start|begin|from|already|lies|hut)\w*\b/.test(whole)
  )
    return undefined;
  const rest = { ...x, formula: `(${x.formula} - ${inOwnUnit(start, x)})` };
  const formula = atRate({ text, whole, x: rest, n: rate, value: inOwnUnit(rate, x), wanted: undefined });
  return formula === undefined ? undefined : composed(planFor([x], formula), rounding(places));
}

/** A year and a number: how old in 2024, the 200th anniversary, 31 that year. */
function withYear({ text, whole }: Asking, x: Quantity, n: Literal): Composed | undefined {
  if (
    n.isYear &&
    /\banniversary\b|\bbirthday\b|\bhow (?:many|old|long)\b|\byears\b|\bage\b|\bold\b|\bsubtract\b|\bminus\b/.test(text)
  )
    return composed(planFor([x], `${n.value} - ${x.formula}`), UNSIGNED);
  if (/\b(?:will|anniversary|centenary|birthday|plus|turn(?:ed|s)?|after|celebrat\w+|years since)\b/.test(whole))
    return composed(planFor([x], `${x.formula} + ${n.value}`));
  if (/\bborn\b|\bbefore\b/.test(text)) return composed(planFor([x], `${x.formula} - ${n.value}`));
  return n.unit !== undefined && DIFFERENCE.test(text)
    ? composed(planFor([x], `(${x.formula} - ${n.value})`), UNSIGNED)
    : undefined;
}

const ASKS_WARMTH = /\btemperature\b|\bhow (?:warm|cold|hot)\b|\bthermometer\b|\bdegrees\b/;

/** "6.5 degrees colder for every 1,000 metres", "It is 20 at sea level": so much for each part of the amount. */
function perSoMuch({ text, whole, marked, places }: Asking, x: Quantity): Composed | undefined {
  const [, much, part, single = ''] =
    /#(\d+)(?: \w+){0,4} (?:per|for (?:each|every)|every|each) (?:#(\d+)|(km|kilomet(?:er|re)|met(?:er|re)|mile|foot)\b)/.exec(
      whole,
    ) ?? [];
  if (much === undefined) return undefined;
  const rate = marked.literals[Number(much)]!;
  const each = part === undefined ? { value: 1, unit: unitOf(single) } : marked.literals[Number(part)]!;
  const change = `${x.formula} * ${rate.value / inOwnUnit(each, x)}`;
  const start = marked.literals.find((one) => one !== rate && one !== each);
  if (!start) return composed(planFor([x], change), rounding(places));
  if (!ASKS_WARMTH.test(text)) return undefined;
  return composed(planFor([x], `${start.value} - ${change}`), { kind: 'rounded', places: places ?? 1 });
}

interface Use extends Pick<Asking, 'text' | 'whole'> {
  x: Quantity;
  n: Literal;
  /** The number in the unit of the amount. */
  value: number;
  wanted: string | undefined;
}

/** Each gives a formula where it is meant; they are tried in this order. */
const USES: readonly ((use: Use) => string | undefined)[] = [around, forEach, ofThem, atRate, priced, byPercent, times];

function withAmount(asking: Asking, x: Quantity, n: Literal, wanted: string | undefined): Composed | undefined {
  const { text, whole, places } = asking;
  if (n.isYear) return undefined;
  const use = { text, whole, x, n, value: inOwnUnit(n, x), wanted };
  for (const way of USES) {
    const formula = way(use);
    const scale = scaleOf(whole);
    if (formula !== undefined)
      return scale
        ? composed(planFor([x], `${formula} / ${scale}`), rounding(places && Math.max(0, places)))
        : composed(planFor([x], formula), rounding(places));
  }
  return DIFFERENCE.test(text)
    ? composed(planFor([x], inUnit(`(${x.formula} - ${use.value})`, x, wanted)), rounding(places) ?? UNSIGNED)
    : undefined;
}

function around(use: Use): string | undefined {
  const { whole, x, n } = use;
  if (n.isRate && /\bequator\b|\bcircumference\b/.test(whole))
    return atRate({ ...use, x: { ...x, formula: `${x.formula} * 3.14159` } });
  return /\bpi\b|\bcircumference\b/.test(whole) ? `${x.formula} * ${n.value}` : undefined;
}

/** "The Rhine is 24.6 cm long on a map. How many kilometres does each centimetre represent?" */
function forEach({ text, whole, x, n }: Use): string | undefined {
  const isOfMap = SCALED.test(whole) && /\b(?:one|each|every|a) (?:centimeter|centimetre|cm|inch)\b/.test(text);
  return isOfMap ? `${x.formula} / ${n.value}` : undefined;
}

const NO_THING =
  /^(?:second|minute|hour|day|week|year|mile|meter|metre|feet|foot|yard|kilomet(?:er|re)|km|people|time|degree)$/;

/** How many of something that is so large: "a marathon is 42 km", "each step 20 cm", "one member for every 120,000 people". */
function ofThem({ text, whole, x, n, value }: Use): string | undefined {
  const divided = `${x.formula} / ${value}`;
  const isEach =
    !n.isRate && /\bhow many \w+s (?:would|will|do|does|is|are) (?:that|it|there|needed|required)\b/.test(text);
  if (n.unit && isEach && /\b(?:each|every|one)\b/.test(whole)) return divided;
  const [, part = '\0'] = /\b(?:per|(?:for|on|in) (?:each|every|one)) (\w{3,})\b/.exec(text) ?? [];
  if (!n.unit && new RegExp(`#\\d+ ${part}s\\b`).test(whole)) return divided;
  const [, unit = '\0'] =
    /\b(?:one|an?) (\w{4,}) (?:is|being|equals|measures) (?:exactly |about )?#\d/.exec(whole) ?? [];
  if (n.unit && new RegExp(`\\b(?:in|into|many) ${unit}s\\b`).test(whole)) return divided;
  const [, counted = '\0'] = /\bhow many (?:complete |whole |full |such )?(\w{3,}?)s?\b/.exec(text) ?? [];
  if (n.isRate || NO_THING.test(counted)) return undefined;
  const isTold =
    new RegExp(`\\b${counted}s?\\b[^.?]*#|#\\d+ (?:for|per|an?|to) (?:one |each |every |an? )?${counted}\\b`).test(
      whole,
    ) || /#\d+ \w+s?\b/.exec(whole)?.[0].includes(counted);
  const isOfThem = n.unit !== undefined && (isTold || /\bhow many of (?:them|these|those)\b/.test(text));
  return isOfThem || /\b(?:one|an?) (?:\w+ ){1,4}(?:for|per|to) (?:every |each )?#/.test(whole) ? divided : undefined;
}

const HOURS: Record<string, number> = { second: 1 / 3600, minute: 1 / 60, hour: 1, day: 24, week: 168 };

/** At so much an hour, for so many hours, minutes or days; on a map. */
function atRate({ text, whole, x, n, value, wanted }: Use): string | undefined {
  if (!n.isRate && !SCALED.test(whole)) return undefined;
  const divided = `${x.formula} / ${value}`;
  if (/\bscale of #\d+ to\b/.test(whole)) return inUnit(divided, x, wanted);
  const [, asked = ''] = /\b(?:how many|in) (second|minute|hour|day|week)s?\b/.exec(text) ?? [];
  const [to, from] = [HOURS[asked], HOURS[n.per ?? '']];
  return to && from && to !== from ? `${divided} * ${from / to}` : divided;
}

/** "2 euros per metre", "5 pounds a foot"; "in 13 days, so how far a day?" */
function priced({ text, whole, x, n }: Use): string | undefined {
  const [, per] =
    /#\d+(?: \w+)? (?:per|for (?:each|every)|an?) (met(?:er|re)|kilomet(?:er|re)|km|mile|foot|person|inhabitant|resident|citizen|head)\b/.exec(
      whole,
    ) ?? [];
  if (per !== undefined) return `${inUnit(x.formula, x, unitOf(per))} * ${n.value}`;
  const isDaily = !n.unit && /\b(?:per|an?|each) (?:day|hour|week)\b|\bdaily\b/.test(text);
  return isDaily ? `${x.formula} / ${n.value}` : undefined;
}

const GROWN = /\b(?:gr[eo]w\w*|rises?|rose|increase[sd]?)\b/;
const SHRUNK = /\b(?:shr[au]nk\w*|falls?|fell|decreased?|dropped|lost|went down)\b/;

/** So many per cent of the amount, more or less; or what share of it the number is. */
function byPercent({ text, whole, x, n, value }: Use): string | undefined {
  if (n.unit) return PERCENT.test(text) ? `100 * ${value} / ${x.formula}` : undefined;
  if (!PERCENT.test(whole)) return undefined;
  if (/\b(?:added|extra|additional|lost)\b/.test(text)) return `${x.formula} * ${n.value} / 100`;
  const percent = GROWN.test(whole) ? 100 + n.value : SHRUNK.test(whole) ? 100 - n.value : undefined;
  return percent === undefined ? `${x.formula} * ${n.value} / 100` : `${x.formula} * ${percent / 100}`;
}

/** "How many marathons long is the Thames?" */
const OF_LENGTH = /\bhow many (?!kilomet|met|mile|feet|foot|km|yard)\w+s (?:long|high|tall|deep|wide|big)\b/;

function times({ text, whole, x, n, value }: Use): string | undefined {
  const divided = `${x.formula} / ${value}`;
  if (n.unit && OF_LENGTH.test(text)) return divided;
  if (RATIO.test(text) && !PRODUCT.test(text) && !/\btimes (?:the|that)\b/.test(text)) {
    const isDivided = n.unit || /\bdivide|\bgo(?:es)? into|\bfits?\b|\bhow many times\b|\bfactor\b/.test(text);
    return isDivided ? divided : `${x.formula} * ${value}`;
  }
  const isProduct = PRODUCT.test(whole) || /\btimes the\b|\b(?:each|every|everybody|everyone)\b/.test(whole);
  return isProduct ? `${x.formula} * ${n.value}` : undefined;
}
