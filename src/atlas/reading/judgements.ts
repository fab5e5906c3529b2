/** Questions answered by yes or no. */
import type { Asking } from './asking';
import { countPlan } from './choices';
import { composed, formulaOf, inOwnUnit, planFor, sumOf, type Composed } from './composed';
import { EARLY, LATE, LESS, MORE, SUM } from './cues';
import type { Literal } from './literals';
import { quantityOf, type Quantity } from './quantity';
import { countOf } from './rounding';
import { FITS, isLess, livedTogether, sidesOf } from './sides';

/** Where equality counts as more: a hair less than the number. */
const BELOW = 1e-9;
const isComparing = (text: string) => [MORE, LESS, EARLY, LATE].some((sign) => sign.test(text));

/** What one thing names of another: an invention its inventor, a land its capital. */
const NAMED_BY: readonly [attribute: string, sign: RegExp, owners: readonly string[], kind: string][] = [
  ['inventor', /\binvent(?:ed|or)?\b/, ['invention'], 'person'],
  ['capital', /\bcapital\b/, ['country', 'state'], 'city'],
];

/** "Was the Tesla coil invented by Edison?", "Is Sydney the capital of Australia?" */
export function namedBy({ text, marked, isYesNo }: Asking): Composed | undefined {
  if (!isYesNo || marked.things.length !== 2) return undefined;
  if (/\b(?:alive|born|before|after|when|dead|people|population|than)\b/.test(text)) return undefined;
  for (const [attribute, sign, owners, kind] of NAMED_BY) {
    const [owner, other] = [owners, [kind]].map((kinds) =>
      marked.things
        .map((meanings) => meanings.find((one) => kinds.includes(one.kind)))
        .find((one) => one !== undefined),
    );
    if (sign.test(text) && owner && other)
      return composed(planFor([quantityOf(owner, attribute)]), { kind: 'is', name: other.name });
  }
  return undefined;
}

export function judged(asking: Asking): Composed | undefined {
  const { text, literals, asked, isYesNo, isNamed, marked } = asking;
  // "Is A or B the deeper one?" asks for a name.
  if (!isYesNo || (/§\d[^§]*\bor\b[^§]*§\d/.test(text) && !/\bor not\b/.test(text))) return undefined;
  const shared = asked.length === 2 && literals.length === 0 ? livedTogether(asking) : undefined;
  if (shared) return composed(shared, { kind: 'beyond', than: -BELOW, isLess: false });
  if (!isNamed && marked.foreign.size > 0 && !MORE.test(text) && !LESS.test(text)) return undefined;
  const [x, y] = asked as [Quantity, ...Quantity[]];
  const [limit] = literals;
  if (!y) return limit && againstNumber(asking, x, limit);
  const eachOf = submerged(text, x, y) ?? ofEach(asking);
  if (eachOf) return eachOf;
  return (
    ofYears(text, x, y, limit) ??
    (/\bsame\b|\bequal\b/.test(text) ? composed(planFor([x, y], apart(x, y)), { kind: 'equals', to: 0 }) : undefined) ??
    (asked.length === 2 && !x.isYear ? byMuch(text, x, y, limit) : undefined) ??
    compared(asking)
  );
}

const apart = (x: Quantity, y: Quantity) => `${x.formula} - ${y.formula}`;
const decimalsOf = (value: number) => String(value).split('.')[1]?.length ?? 0;

/** "Did both die before 1900?", "Are all of them over 3,000 m?", "Does either have more than a million inhabitants?" */
function ofEach(asking: Asking): Composed | undefined {
  const { text, asked } = asking;
  const [, all, none] = /\b(?:(both|all|each)|(neither|none)|either|any)\b/.exec(text) ?? [undefined];
  const plan = SUM.test(text.replace(/\bboth\b/g, '')) ? undefined : countPlan(asking);
  if (!plan || !/\b(?:both|all|each|neither|none|either|any)\b/.test(text)) return undefined;
  if (all ?? none) return composed(plan, { kind: 'equals', to: all ? asked.length : 0 });
  return composed(plan, { kind: 'beyond', than: 0, isLess: false });
}

/** "Could the lake hide the tower?", "Would its top stick out?" */
function submerged(text: string, x: Quantity, y: Quantity): Composed | undefined {
  const lake = [x, y].find(({ attribute }) => attribute === 'depth');
  const other = [x, y].find(({ attribute }) => attribute === 'height');
  if (
    !lake ||
    !other ||
    !/\b(?:fit|hide|sink|sunk|disappear|vanish|submerged?|drown|swallow|stick|sticks|peek|under ?water)\b/.test(text)
  )
    return undefined;
  const sticksOut = /\b(?:stick|sticks|peek)\b/.test(text) && !/\b(?:nothing|not|no|without)\b/.test(text);
  return composed(planFor([lake, other], apart(lake, other)), { kind: 'beyond', than: 0, isLess: sticksOut });
}

const isAtLeast = (text: string) => /\bat least\b|\breach(?:ed)?\b/.test(text);

/** "Is the Nile longer than 6,000 km?", "I read that it is 95; is that correct?" */
function againstNumber({ text, whole, marked, places }: Asking, x: Quantity, limit: Literal): Composed | undefined {
  if (x.thing.kind === 'person' && limit.isYear && /\b(?:alive|still|living)\b/.test(text))
    return composed(planFor([quantityOf(x.thing, 'death year')]), {
      kind: 'beyond',
      than: limit.value - BELOW,
      isLess: false,
    });
  if (x.attribute === 'age' && limit.isYear) return undefined;
  // "He turned 28 in 1961."
  const age = marked.literals.find(({ isYear, unit, value }) => !isYear && unit === undefined && value < 120);
  if (x.attribute === 'birth year' && limit.isYear && age && /\b(?:turn(?:ed|s)?|age|aged|old)\b/.test(whole))
    return composed(planFor([x], `${limit.value} - ${x.formula}`), { kind: 'equals', to: age.value });
  const value = inOwnUnit(limit, x);
  const plan = planFor([x], formulaOf(x));
  const said = text.replace(/\bfor the first time\b|\bfirst (?=climbed|ascen)/g, '');
  if (!isComparing(said) || /\b(?:also|exactly|same)\b/.test(said))
    return composed(plan, {
      kind: 'equals',
      to: value,
      ...(formulaOf(x) === undefined ? {} : { places: places ?? decimalsOf(value) }),
    });
  const than = isAtLeast(text) ? value - BELOW : value;
  return composed(plan, { kind: 'beyond', than, isLess: !isAtLeast(text) && isLess(text, x.isYear) });
}

/** "within ten years of each other", "still alive when" */
function ofYears(text: string, x: Quantity, y: Quantity, limit: Literal | undefined): Composed | undefined {
  if (!x.isYear || !y.isYear) return undefined;
  const apartBy = limit && !limit.isYear && /\bmore than #|\bat least #|\bover #/.test(text) ? limit.value : undefined;
  if (apartBy !== undefined && !/\bwithin\b/.test(text)) {
    const formula = EARLY.test(text) && !/\blater than\b|\bafter\b/.test(text) ? apart(y, x) : apart(x, y);
    return composed(planFor([x, y], formula), {
      kind: 'beyond',
      than: apartBy - (isAtLeast(text) ? BELOW : 0),
      isLess: false,
    });
  }
  const within = /\bwithin (?:#\d|(\w+)) years\b/.exec(text);
  if (within)
    return composed(planFor([x, y], apart(x, y)), {
      kind: 'within',
      of: countOf(within[1] ?? '') ?? limit?.value ?? 0,
    });
  const isAlive = /\b(?:alive|still|live to see|around)\b/.test(text) && !/\bdead\b/.test(text);
  if (!isAlive || x.thing.kind !== 'person') return undefined;
  const death = quantityOf(x.thing, 'death year');
  return composed(planFor([death, y], apart(death, y)), { kind: 'beyond', than: -BELOW, isLess: false });
}

/** Not the number of a bus. */
const IS_LIMIT =
  /\b(?:than|by|least|most|over|above|below|under|within|exceed\w*|reach\w*|exactly|about|of|is|are|was|be) (?:about |some |a |the )?#/;

/** Twice as many; more than 100 metres higher; together at least 1,200 km. */
function byMuch(text: string, x: Quantity, y: Quantity, limit: Literal | undefined): Composed | undefined {
  const turned = LESS.test(text) && !isAtLeast(text);
  const isGiven = /#\d+ times\b/.test(text);
  const [, factor] = /\b([a-z]+) times\b|\b(twice|double|triple|half)\b/.exec(text)?.filter(Boolean) ?? [];
  const ratio = isGiven
    ? limit?.value
    : factor === undefined
      ? undefined
      : factor === 'half'
        ? 0.5
        : (countOf(factor) ?? limit?.value);
  if (ratio !== undefined)
    return composed(planFor([x, y], `${x.formula} / ${y.formula}`), {
      kind: 'beyond',
      than: turned ? ratio : ratio - BELOW,
      isLess: turned,
    });
  if (!limit || !IS_LIMIT.test(text)) return undefined;
  const than = inOwnUnit(limit, x);
  if (SUM.test(text))
    return composed(planFor([x, y], sumOf([x, y])), { kind: 'beyond', than: than - BELOW, isLess: turned });
  return composed(planFor([x, y], turned ? apart(y, x) : apart(x, y)), {
    kind: 'beyond',
    than: than - (isAtLeast(text) ? BELOW : 0),
    isLess: false,
  });
}

/** "Is A larger than B and C together?" */
function compared(asking: Asking): Composed | undefined {
  const { text, asked } = asking;
  if (!isComparing(text) && !FITS.test(text) && !/\bas\b|\bcompared\b|\bnegative\b/.test(text)) return undefined;
  const sides = sidesOf(asking);
  // "When A was invented, had B been born yet?"
  const [before, after] = /^when\b[^,]*, (?:had|was|did|were)\b/.test(text) ? [sides[1], sides[0]] : sides;
  if (before.length === 0 || after.length === 0) return undefined;
  const other = after.length > 1 ? `(${sumOf(after)})` : sumOf(after);
  return composed(planFor(asked, `${sumOf(before)} - ${other}`), {
    kind: 'beyond',
    than: 0,
    isLess: isLess(text, asked[0]!.isYear),
  });
}
