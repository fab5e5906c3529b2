/**
 * What is asked for, by the words beside the names, said as the question generator says it (../families).
 *
 * @module
 */
import { LOOKUPS, MEASURES } from '../wording';
import { beginningOf, meantAs, subjectOf } from './attributes';
import type { Named } from './names';
import type { Reduced } from './read-question';
import { all, named, UNSIGNED, type Rule, type Wording } from './wording-rule';
import { wordsOf } from './words';
import { beyond, century, inOtherForm, yearsAgo, yearsLived } from './amounts';
import { askedPlaces } from './rounding';
import { FITS, ordered, sides, wholeAndPart } from './sides';
import { firstOfMany, ofAges, ofCapitalCity, ofCapitals, ofOtherKinds, phrasesOf, planned, planOf } from './plans';
import { eventOf, overTime, TIME } from './years';

const INTEGER = 'to the nearest integer';
const ONE_PLACE = 'to one decimal place';
const LESS = wordsOf('smaller');
const GROUP = wordsOf('total');
const SUPERLATIVE =
  /\b(?:larg|bigg|small|high|tall|long|short|deep|shallow|low)est\b|\b(?:most|fewest|least) (?:people|popul|inhabit|resid|crowd|citizen)/;

/** The rules in the order in which they are tried; the first that can say the question is taken. */
export function askAgain(reduced: Reduced): Wording | undefined {
  for (const rule of [
    onMap,
    travel,
    beyond,
    yearsLived,
    century,
    yearsAgo,
    ofAges,
    firstOfMany,
    overTime,
    ofCapitalCity,
    byCapital,
    perArea,
    inOtherUnit,
    inOtherForm,
    betweenPlanets,
    ofOtherKinds,
    measured,
    lookedUp,
  ]) {
    const wording = rule(reduced);
    if (wording) return typeof wording === 'string' ? { question: wording } : wording;
  }
  return undefined;
}

/** Whether the things have what the words ask for, though no sentence of the generator says it. */
export function hasSubject({ text, mentions }: Reduced): boolean {
  if (mentions.length < 2) return false;
  return (
    subjectOf(text, mentions) !== undefined ||
    (TIME.test(text) && mentions.every(({ meanings }, at) => eventOf(text, meanings, at)))
  );
}

const onMap: Rule = ({ text, mentions }) => {
  if (!/\bmap/.test(text)) return undefined;
  const sheet = /square (?:inch|centimet)/.exec(text)?.[0].startsWith('square inch')
    ? 'square inch'
    : 'square centimeter';
  const sheets = sheet === 'square inch' ? 'square inches' : 'square centimeters';
  const scale = /(\d[\d.]*) square (?:miles?|kilomet\w+|km)/.exec(text)?.[1];
  const places = meantAs(mentions, 'area');
  if (!scale || !places) return undefined;
  const unit = places[0]!.kind === 'state' ? 'square miles' : 'square kilometers';
  const n = Number(scale).toLocaleString('en-US');
  if (places.length === 1)
    return `If 1 ${sheet} on a map represents ${n} ${unit}, how many ${sheets} does ${named(places[0]!)} take up, ${INTEGER}?`;
  if (places.length !== 2) return undefined;
  const [x, y] = ordered(text, places);
  return `On a map where 1 ${sheet} stands for ${n} ${unit}, how many ${sheets} larger is ${named(x!)} than ${named(y!)}, ${INTEGER}?`;
};

const travel: Rule = ({ text, mentions }) => {
  const speed = /(\d[\d.]*) ?(?:kilomet\w+|km|kms)?(?: per hour| an hour|\/ ?h| a hour|kmh|kph| hourly)/.exec(
    text,
  )?.[1];
  const [river] = meantAs(mentions, 'length') ?? [];
  if (!speed || !river || mentions.length !== 1) return undefined;
  return `How many hours does it take to travel the length of ${named(river)} at ${speed} kilometers per hour, ${INTEGER}?`;
};

const OUTSIDE: Wording = { question: '', isOutside: true };

/** By way of a state's capital. */
const byCapital: Rule = (reduced) => {
  const { text, mentions } = reduced;
  if (!/\bcapitals?\b/.test(text) || !wordsOf('population', 'people', 'populous').test(text)) return undefined;
  const states = meantAs(mentions, 'capital');
  if (!states) return undefined;
  const [x, y, ...more] = states.filter(
    (state, at) => at === 0 || state.name !== states[at - 1]!.name || /§0.*capital.*§1|capital.*§0.*§1/.test(text),
  );
  if (x && !y && /\bthan\b[^§]*\bits capital/.test(text))
    return `How many more people live in ${named(x)} than in the capital of ${named(x)}?`;
  if (x && !y) return `What is the population of the capital of ${named(x)}?`;
  if (!x || !y || more.length > 0) return undefined;
  if (/\bcapital\b.*\bcapital\b|that of §1/.test(text) && !GROUP.test(text))
    return ofCapitals(reduced, [x, y]) ?? OUTSIDE;
  if (/\bcapitals\b/.test(text) || GROUP.test(text))
    return `How many people live in the capitals of ${named(x)} and ${named(y)} together?`;
  const isSecond = /capital(?: city)? of §1|§1 ?of-it capital/.test(text);
  const [whole, part] = isSecond ? [x, y] : [y, x];
  if (wordsOf('times').test(text))
    return `How many times as many people live in ${named(whole)} as in the capital of ${named(part)}, ${ONE_PLACE}?`;
  return {
    question: `How many more people live in ${named(whole)} than in the capital of ${named(part)}?`,
    change: UNSIGNED,
  };
};

const perArea: Rule = ({ text, mentions }) => {
  const [place] = meantAs(mentions, 'area') ?? [];
  if (mentions.length !== 1 || !place || !['state', 'country'].includes(place.kind)) return undefined;
  if (!wordsOf('density').test(text) && !/(?:per|each|every|a) square/.test(text)) return undefined;
  return {
    question: `What is the population density of ${named(place)} per ${place.kind === 'state' ? 'square mile' : 'square kilometer'}, ${ONE_PLACE}?`,
    ...(askedPlaces(text) === 0 ? { change: { kind: 'rounded', places: 0 } } : {}),
  };
};

/** Units that the atlas's own are changed into, by the attribute and its own unit. */
const UNITS: readonly [kinds: readonly string[], attribute: string, unit: string, sign: RegExp][] = [
  [['state'], 'area', 'square kilometers', /square kilomet|square km/],
  [['state'], 'area', 'acres', /\bacres?\b/],
  [['country', 'lake'], 'area', 'square miles', /square mi/],
  [['river'], 'length', 'miles', wordsOf('miles')],
  [['river'], 'length', 'meters', wordsOf('meters')],
  [['mountain', 'building'], 'height', 'feet', wordsOf('feet')],
  [['mountain'], 'height', 'yards', wordsOf('yards')],
  [['lake'], 'depth', 'feet', wordsOf('feet')],
];

const inOtherUnit: Rule = ({ text, mentions }) => {
  if (mentions.length !== 1 || ![undefined, 0].includes(askedPlaces(text))) return undefined;
  const meanings = mentions[0]!.meanings;
  for (const [kinds, attribute, unit, sign] of UNITS) {
    const thing = meanings.find(({ kind }) => kinds.includes(kind));
    if (thing && sign.test(text)) return `What is the ${attribute} of ${named(thing)} in ${unit}, ${INTEGER}?`;
  }
  return undefined;
};

/** Of planets the generator compares nothing, but the sentence about ratios holds for them, too. */
const betweenPlanets: Rule = ({ text, mentions }) => {
  const things = meantAs(mentions, 'diameter');
  if (!things || things.length !== 2 || !wordsOf('times').test(text)) return undefined;
  const [x, y] = ordered(text, things);
  return `What is the ratio of the diameter of ${named(x!)} to the diameter of ${named(y!)}, ${ONE_PLACE}?`;
};

/** Amounts compared and added. */
const measured: Rule = ({ text, mentions, spelled }) => {
  const subject = subjectOf(text, mentions);
  const measure =
    subject &&
    MEASURES.find(({ kind, attribute }) => kind === subject.things[0]?.kind && attribute === subject.attribute);
  if (!subject || !measure || mentions.length < 2) return undefined;
  const { attribute, things } = subject;
  const { more, unit } = measure;
  const isPeople = unit === 'people';
  const [before, after] = sides(text, things);
  if (wordsOf('percent').test(text)) return percentage(text, attribute, things);
  if (wordsOf('average').test(text) && !/round|whole|integer|nearest|decimal/.test(text))
    return planned(spelled, planOf(text, ...phrasesOf(attribute, things)));
  if (wordsOf('average').test(text)) return `What is the average ${attribute} of ${all(things)}, ${INTEGER}?`;
  const isYesNo = /^(?:is|are|does|do|was|were|has|have|did|can)\b/.test(text) && !/ or (?:the )?§/.test(text);
  const together = (group: readonly Named[]) => (group.length > 1 ? `${all(group)} together` : all(group));
  if (isYesNo && after.length > 0) {
    const [x, y] = LESS.test(text) ? [after, before] : [before, after];
    return `${x.length > 1 ? 'Are' : 'Is'} ${together(x)} ${more} than ${together(y)}?`;
  }
  if (wordsOf('times').test(text)) {
    const pair = after.length > 0 ? [before, after] : [things.slice(0, 1), things.slice(1)];
    const [x = [], y = []] =
      FITS.test(text) || /\btimes the [^§]*§0[^§]* is\b[^§]*§1/.test(text) ? pair.reverse() : pair;
    const asks = isPeople
      ? `as many people live in ${together(x)} as in ${together(y)}`
      : `${more} ${x.length > 1 ? 'are' : 'is'} ${together(x)} than ${together(y)}`;
    return `How many times ${asks}, ${ONE_PLACE}?`;
  }
  const isDifference =
    wordsOf('difference', 'more', 'larger', 'taller', 'longer', 'deeper', 'smaller', 'populous').test(text) &&
    (wordsOf('difference').test(text) || /how (?:many|much)|what/.test(text));
  const isWhich =
    /\bwhich\b|\bwhat|\bwho\b|\bbetween\b| or /.test(text) &&
    things.length === 2 &&
    !/how (?:many|much)|difference|gap|subtract|minus/.test(text);
  if (isWhich && !GROUP.test(text)) {
    const [x, y] = things as [Named, Named];
    const question = `Which is ${more}, ${named(x)} or ${named(y)}?`;
    return LESS.test(text) ? { question, change: { kind: 'other', of: [x.name, y.name] } } : question;
  }
  // The one of three or more was never trained.
  if (things.length > 2 && (SUPERLATIVE.test(text) || /^(?:which|who)\b.*\b(?:more|less|fewer|\w+er)\b/.test(text)))
    return planned(spelled, planOf(text, ...phrasesOf(attribute, things)));
  if (GROUP.test(text) && after.length === 0) return total(attribute, things);
  if (!isDifference || things.length < 2) return undefined;
  if (after.length === 0 && things.length === 2) {
    const [x, y] = ordered(text, things);
    return { question: difference(measure, [x!], [y!]), change: UNSIGNED };
  }
  const [x, y] = LESS.test(text) ? [after, before] : [before, after];
  return x.length > 0 && y.length > 0
    ? { question: difference(measure, x, y), ...(x.length + y.length === 2 ? { change: UNSIGNED } : {}) }
    : undefined;
};

const total = (attribute: string, things: readonly Named[]) =>
  `What is the ${things.length > 3 ? 'total' : 'combined'} ${attribute} of ${all(things)}?`;

function difference({ unit, more }: { unit: string; more: string }, x: readonly Named[], y: readonly Named[]): string {
  const side = (group: readonly Named[]) => (group.length > 1 ? `${all(group)} together` : all(group));
  if (unit === 'people') return `How many more people live in ${side(x)} than in ${side(y)}?`;
  return `By how many ${unit} ${x.length > 1 ? 'are' : 'is'} ${side(x)} ${more} than ${side(y)}?`;
}

function percentage(text: string, attribute: string, things: readonly Named[]): string | undefined {
  const pair = things.length === 2 ? wholeAndPart(text, things) : undefined;
  return (
    pair &&
    `What percentage of the ${attribute} of ${named(pair[0])} is the ${attribute} of ${named(pair[1])}, ${INTEGER}?`
  );
}

/** One fact, or one by way of an inventor. */
const lookedUp: Rule = ({ text, mentions }) => {
  const [thing, other] = meantAs(mentions, 'inventor') ?? [];
  const isInventor =
    thing &&
    !other &&
    (wordsOf('inventor').test(text) ||
      /(?:person|man|woman|one|who|they|somebody|someone)\b.*invent|who.*came|invented by|by who/.test(text));
  if (isInventor && wordsOf('born').test(text)) return `When was the inventor of ${named(thing)} born?`;
  if (isInventor && wordsOf('died').test(text)) return `When did the inventor of ${named(thing)} die?`;
  if (isInventor && !/\bwhen\b|\b(?:what|which) year\b/.test(text)) return `Who invented ${named(thing)}?`;
  if (mentions.length !== 1) return undefined;
  const subject = subjectOf(text, mentions) ?? (FROM_YEAR.test(text) ? beginningOf(mentions) : undefined);
  const found = subject?.things[0];
  if (!subject || !found) return undefined;
  // The largest city in Ohio; people per square mile of a city, which has no area here; Detroit in 1950.
  if (SUPERLATIVE.test(text) || /\bmost\b/.test(text) || wordsOf('density').test(text)) return OUTSIDE;
  if (/\b(?:1[5-9]|20)\d\d\b/.test(text) && !subject.attribute.endsWith('year')) return OUTSIDE;
  // Somebody is asked for, and the attribute is none.
  if (/^who\b|\bby who/.test(text) && subject.attribute !== 'inventor') return undefined;
  if (
    /year/.test(subject.attribute) &&
    !/\bwhen\b|\byear|\bdate\b|\bfirst (?:ascent|climb)|\bsince\b|\bborn\b|\bdied?\b|\bdiscover|\binvent|birth|death/.test(
      text,
    )
  )
    return undefined;
  if (
    /which (?:countries|cities|states|rivers|lakes|people)|how many (?:countries|cities|states|rivers|lakes|mountains|buildings)/.test(
      text,
    )
  )
    return undefined;
  if (subject.attribute === 'capital' && mentions[0]!.meanings.every(({ kind }) => kind === 'city')) return undefined;
  return LOOKUPS[subject.attribute]?.[0]?.replace('{x}', named(found));
};

/** "From which year is the Brooklyn Bridge?" */
const FROM_YEAR = /\bfrom (?:which|what) year\b|\b(?:which|what) year is .* from\b/;
