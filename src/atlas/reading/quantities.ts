/** What is asked of each thing: a length, a year, a density, an age. */
import { CUES, IMPLIED } from './attribute-cues';
import { viaAnother, type Asked } from './chains';
import { factorBetween } from './literals';
import type { Marked } from './marked';
import type { Named } from './names';
import { has, meaning, quantityOf, type Quantity } from './quantity';
import { countOf } from './rounding';

/** What asks for no year, whatever words of years stand beside it. */
const OF_NO_YEAR =
  /\b(?:height|elevation|altitude)\b|\bhow many (?:met(?:er|re)s|feet|kilomet(?:er|re)s|km|miles)\b|\bin (?:met(?:er|re)s|feet|ft|m)\b|\bhow many (?:minutes|hours|days)\b/;
const AGE =
  /\b(?:how old|age|ages|aged|life ?spans?|life ?times?|lives?|lived?|alive|young(?:er)? than|killed|older than \d|reach(?:ed)? (?:the age|#)|die[ds]? young|saw (?:forty|fifty|sixty))\b/;
const DEATH =
  /\b(?:live[ds]? on|die[ds]?|dying|death|deaths|dead|passed|outlive[ds]?|outlived|survive[ds]?|killed|assassinated|murdered|deceased)\b/;
const BIRTH = /\b(?:born|birth|births|birthday)\b/;

/** What is between the mark of a thing and its neighbours. */
function around(text: string, number: number): [before: string, after: string] {
  const at = text.indexOf(`§${number}`);
  if (at < 0) return ['', ''];
  const before = text.slice(0, at).split(/§\d+/).at(-1) ?? '';
  const after = text.slice(at).replace(/^§\d+/, '').split(/§\d+/)[0] ?? '';
  return [before, after];
}

/** Whether a person's death, birth or age is meant at this place of the text. */
function ofLife(text: string, number: number): 'death year' | 'birth year' | undefined {
  const [before, after] = around(text, number);
  const next = after
    .split(/,|\band\b|\bor\b/)[0]!
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .join(' ');
  if (DEATH.test(next) !== BIRTH.test(next)) return DEATH.test(next) ? 'death year' : 'birth year';
  const near = `${before.split(/,| and | or /).at(-1)} | ${after.split(/,| and | or | than /)[0]}`;
  if (/\b(?:birth|born)\b/.test(near) && !DEATH.test(near)) return 'birth year';
  if (DEATH.test(near) && !BIRTH.test(near)) return 'death year';
  return undefined;
}

/**
 * @param text what is asked
 * @param whole the whole question, where the asking sentence does not say what of
 * @param numbers of the things that are meant
 */
export function quantitiesOf(
  marked: Marked,
  text: string,
  whole: string,
  numbers: readonly number[],
): Asked | undefined {
  const found = inTheirUnits(marked, text, whole, numbers);
  return found && { ...found, quantities: inOneUnit(found.quantities).map((one) => multiplied(one, marked, whole)) };
}

function inTheirUnits(marked: Marked, text: string, whole: string, allNumbers: readonly number[]): Asked | undefined {
  const [numbers, things] = meant(marked, text, whole, allNumbers);
  const people = things.filter((meanings) => meanings[0]!.kind === 'person');
  if (people.length > 0 && people.length === things.length) return ofPeople(text, whole, numbers, things);
  for (const place of [text, whole]) {
    const chained = viaAnother(/§/.test(place) ? place : whole, numbers, things);
    if (chained) return chained;
    const found = CUES.map(({ attribute, kinds, sign }) => ({
      attribute,
      sign,
      meant: things.map((meanings) => meanings.find((one) => kinds.includes(one.kind) && has(one, attribute))),
    }))
      .filter(({ sign, attribute }) => sign.test(place) && !(OF_NO_YEAR.test(place) && attribute.endsWith('year')))
      .map((one) => ({ ...one, count: one.meant.filter((thing) => thing !== undefined).length }))
      .filter(({ count }) => count > 0);
    const most = Math.max(0, ...found.map(({ count }) => count));
    const best = found.find(({ count }) => count === most);
    if (!best) continue;
    const isTime = best.attribute.endsWith('year');
    if (most === things.length)
      return { quantities: best.meant.map((thing) => quantityOf(thing!, best.attribute)), isNamed: true };
    // A person and a building: years of both.
    if (isTime || people.length > 0) {
      const years = things.map((meanings, at) => yearOf(place, meanings, numbers[at]!));
      if (years.every((one) => one !== undefined)) return { quantities: years, isNamed: true };
    }
    const mixed = ofDifferentKinds(place, things) ?? ofDifferentKinds(whole, things);
    if (mixed) return { quantities: mixed, isNamed: true };
    const sameAttribute = things.map((meanings) => meaning(meanings, best.attribute));
    const kept = sameAttribute.filter((thing) => thing !== undefined);
    return { quantities: kept.map((thing) => quantityOf(thing, best.attribute)), isNamed: true };
  }
  if (people.length > 0) {
    const years = things.map((meanings, at) => yearOf(whole, meanings, numbers[at]!));
    if (years.every((one) => one !== undefined)) return { quantities: years, isNamed: true };
  }
  const implied = IMPLIED[things[0]?.[0]?.kind ?? ''];
  const kept = implied === undefined ? [] : things.flatMap((meanings) => meaning(meanings, implied) ?? []);
  return kept.length > 0 ? { quantities: kept.map((thing) => quantityOf(thing, implied!)), isNamed: false } : undefined;
}

/** Without the town of a person's life, and without the inventor of two inventions between which years pass. */
function meant(marked: Marked, text: string, whole: string, numbers: readonly number[]): [number[], Named[][]] {
  const isOfLife = [AGE, DEATH, BIRTH].some((sign) => sign.test(text) || sign.test(whole));
  const kindOf = (number: number) => {
    const meanings = marked.things[number]!;
    return isOfLife && meanings.some(({ kind }) => kind === 'person') ? 'person' : meanings[0]!.kind;
  };
  const people = numbers.filter((number) => kindOf(number) === 'person');
  const others = numbers.filter((number) => YEARS[kindOf(number)] !== undefined);
  const kept =
    people.length > 0 && isOfLife && others.length === 0
      ? people
      : people.length > 0 && (others.length > 1 || others.some((number) => kindOf(number) === 'invention')) && !isOfLife
        ? others
        : [...numbers];
  const likelyKind = likeliestKind(
    whole,
    kept.map((number) => marked.things[number]!),
  );
  // Lincoln who was born is no city.
  const isPerson = ({ kind }: Named) => kind === 'person';
  const likely = (meanings: Named[]) =>
    likelyKind !== undefined
      ? [...meanings].sort((x, y) => Number(y.kind === likelyKind) - Number(x.kind === likelyKind))
      : isOfLife
        ? [...meanings.filter(isPerson), ...meanings.filter((one) => !isPerson(one))]
        : meanings;
  return [kept, kept.map((number) => likely(marked.things[number]!))];
}

const KIND_WORDS: readonly [kind: string, sign: RegExp][] = [
  ['river', /\b(?:rivers?|\w*boats?|canoe|kayak|paddl\w+|raft|float\w*|ferry|barge)\b/],
  ['lake', /\blakes?\b/],
  ['planet', /\bplanets?\b/],
];

/** Where names mean several things: the one kind that the question names, or that all share. Mercury beside Venus is a planet. */
function likeliestKind(whole: string, things: readonly Named[][]): string | undefined {
  const shared = (kind: string) => things.every((meanings) => meanings.some((one) => one.kind === kind));
  const called = KIND_WORDS.find(([kind, sign]) => sign.test(whole) && shared(kind));
  if (called) return called[0];
  const sure = things.find((meanings) => new Set(meanings.map(({ kind }) => kind)).size === 1)?.[0]?.kind;
  return things.length > 1 && sure !== undefined && sure !== 'city' && shared(sure) ? sure : undefined;
}

/** A lake's depth beside a tower's height. */
function ofDifferentKinds(text: string, things: readonly Named[][]): Quantity[] | undefined {
  const found = things.map((meanings) => {
    for (const { attribute, kinds, sign } of CUES) {
      const thing =
        sign.test(text) && !attribute.endsWith('year') ? meanings.find(({ kind }) => kinds.includes(kind)) : undefined;
      if (thing) return quantityOf(thing, attribute);
    }
    const standing = meanings.find((one) => IMPLIED[one.kind] === 'height');
    return standing && quantityOf(standing, 'height');
  });
  const whole = found.filter((one) => one !== undefined);
  const isLength = ({ unit }: Quantity) => unit === 'meters' || unit === 'kilometers';
  return whole.length === 2 && things.length === 2 && whole.every(isLength) ? whole : undefined;
}

const MANY = 'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';

/** "Three Big Bens", "I have been up Ben Nevis seven times", "if the population of Kigali doubled": so many times the amount. */
function multiplied(quantity: Quantity, { things }: Marked, whole: string): Quantity {
  const mark = `§${things.findIndex((meanings) => meanings.includes(quantity.thing))}(?!\\d)`;
  const [, before, after, grown] =
    new RegExp(
      `(?<!\\b(?:the|these|our|first|last|all) )\\b(${MANY}) ${mark}(?! (?:and|or)\\b)|${mark}(?: \\w+){0,3} (${MANY}) times\\b(?! (?:as|the|that|more|\\w+er)\\b)|\\b(?:if|suppose|imagine)\\b[^.;?]*${mark}(?: \\w+){0,2} (doubled?|tripled?)\\b`,
    ).exec(whole) ?? [];
  const count = countOf((before ?? after ?? grown ?? '').replace(/d$/, ''));
  return count === undefined ? quantity : { ...quantity, formula: `(${quantity.formula} * ${count})` };
}

/** All in the unit of the first: square miles of a state beside square kilometers of a country. */
function inOneUnit(found: readonly Quantity[]): Quantity[] {
  const unit = found[0]?.unit;
  return found.map((one) => {
    const factor = factorBetween(one.unit, unit);
    return factor === 1 ? one : { ...one, formula: `(${one.formula} * ${factor})`, ...(unit ? { unit } : {}) };
  });
}

const YEARS: Record<string, string> = {
  building: 'completion year',
  invention: 'invention year',
  state: 'admission year',
  element: 'discovery year',
  mountain: 'first ascent year',
};

function yearOf(text: string, meanings: readonly Named[], number: number): Quantity | undefined {
  for (const thing of meanings) {
    if (thing.kind === 'person')
      return quantityOf(
        thing,
        (/\byears?\b.*\b(?:to live|left|remained|live[sd]? on)\b|\bmore years\b.*\blived?\b/.test(text)
          ? 'death year'
          : undefined) ??
          ofLife(text, number) ??
          (DEATH.test(text) && !BIRTH.test(text) && !AGE.test(text) ? 'death year' : 'birth year'),
      );
    const year = YEARS[thing.kind];
    if (year !== undefined) return quantityOf(thing, year);
  }
  return undefined;
}

function ofPeople(text: string, whole: string, numbers: readonly number[], things: readonly Named[][]): Asked {
  const people = things.map((meanings) => meanings[0]!);
  const isTold = people.length === 1 || /§/.test(text) || !/\b(?:he|she)\b/.test(text);
  const place = isTold && (AGE.test(text) || DEATH.test(text) || BIRTH.test(text)) ? text : whole;
  const own = numbers.map((number) => ofLife(place, number));
  const isNamed = AGE.test(place) || DEATH.test(place) || BIRTH.test(place);
  const both = BIRTH.test(place) && DEATH.test(place);
  const all = (attribute: string) => ({ quantities: people.map((one) => quantityOf(one, attribute)), isNamed });
  const isOfLives =
    /\blife ?(?:times?|spans?)\b|\bli(?:ve|ved|fe|ves)\b[^?]*\b(?:longer|longest|shorter|shortest|most|more years)\b|\b(?:longer|longest|shorter)\b[^?]*\b(?:life|live[ds]?)\b|\b(?:age|ages|aged)\b[^?]*\b(?:death|died?|dying|deaths)\b|\bdie[ds]? (?:the )?(?:young|old)|\bolder\b[^?]*\b(?:get|got|become)\b|\b(?:get|got|grew|became) (?:to be )?(?:the )?old(?:er|est)\b|\b(?:older|oldest|great(?:er|est)|high(?:er|est)) age\b|\bmore years\b[^?]*\blived?\b|\byears (?:that )?(?:each (?:of them )?|§\d+ )lived\b|\b(?:old|young)(?:er|est)\b[^?]*\bat (?:the (?:time|moment) of )?(?:his|her|their) (?:own )?death\b|\b(?:young|old)(?:er|est)? (?:than §\d+ )?when (?:he|she|they) died|\bhow old (?:were|was|did)\b.*\bwhen (?:they|he or she) (?:all )?died|\bage at death\b/.test(
      place,
    );
  if (people.length === 1) {
    if (both && /midpoint|midway|halfway|average|mean/.test(place))
      return { quantities: ['birth year', 'death year'].map((year) => quantityOf(people[0]!, year)), isNamed };
    if (
      (/\b(?:young|old)er than\b/.test(text) && DEATH.test(text)) ||
      /\bhow old\b|\bage\b|\baged\b|\blife ?span|how (?:long|many years)\b.*\bli(?:ve|fe)|\blived\b.*\bhow (?:long|many years)\b/.test(
        place,
      ) ||
      (DEATH.test(place) && /\b(?:was|at|aged) #/.test(place)) ||
      (both && /how (?:many|long)|between|subtract|minus|difference/.test(place))
    )
      return all('age');
    if (/\b(?:live[sd]?|reach(?:ed)?)\b[^?]*#/.test(place) && !/#\d[^?]*\b(?:born|birth)/.test(place))
      return all('age');
    if (/\bmore years\b.*\blive\b|\bleft to live\b/.test(place)) return all('death year');
    return all(DEATH.test(place) ? 'death year' : 'birth year');
  }
  // How old one was when another died.
  const [, asked, told] =
    /\b(?:how old|(?:what|which) age|age)\b[^§]*§(\d+)|§(\d+) (?:was|is) (?:then )?how old\b/.exec(place) ?? [];
  const older =
    asked ?? told ?? (/\b(?:how old|what age)\b.*\b(?:he|she)\b/.test(text) ? String(numbers[0]) : undefined);
  const isAtEvent =
    /\bwhen\b|\b(?:in )?the year\b|\b(?:at|by) the time\b/.test(place) && !/\bages\b|\bdifference\b/.test(place);
  if (people.length === 2 && older !== undefined && isAtEvent)
    return {
      quantities: people.map((one, at) =>
        quantityOf(one, numbers[at] === Number(older) ? 'birth year' : (own[at] ?? 'birth year')),
      ),
      isNamed,
    };
  // "When she was born, Napoleon had how many years to live?"
  if (people.length === 2 && /\byears? (?:left )?to live\b/.test(place) && own.includes('birth year'))
    return { quantities: people.map((one, at) => quantityOf(one, own[at] ?? 'death year')), isNamed };
  if (isOfLives) return { ...all('age'), isNamed: true };
  if (/\bdied later than\b/.test(place)) return all('death year');
  if (/\b(?:ages|add the ages|age)\b/.test(place) && /\b(?:sum|add|total|average|mean|combined|together)\b/.test(place))
    return all('age');
  if (!both) return all(DEATH.test(place) ? 'death year' : 'birth year');
  return { quantities: people.map((one, at) => quantityOf(one, own[at] ?? 'birth year')), isNamed };
}
