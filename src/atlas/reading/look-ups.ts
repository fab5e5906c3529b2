/**
 * One fact, as it stands or in another unit. Here it is easiest to answer what was not asked: the area of a state for its largest city. So each
 * word between what asks and the name must be known.
 */
import type { Asking } from './asking';
import { composed, formulaOf, inUnit, planFor, rounding, scaleOf, type Composed } from './composed';
import { askedUnit, factorBetween, type Literal } from './literals';
import type { Marked } from './marked';
import { LAND_OF } from './plans';
import type { Quantity } from './quantity';

const OF_CAPITAL =
  /\b(?:which|what)\b[^?]*\b(?:country|state|nation)\b.*\bcapital\b|\b(?:country|state) whose capital\b|\bcapital (?:city )?of (?:which|what)\b|\bcapital\b.*\bof (?:which|what) (?:\w+ )*(?:country|state|nation)\b/;

/** "Which country has Windhoek as its capital?", "What did Kevlar's inventor invent?": by what is told of the one that is sought. */
export function ownerOf({ text, marked, asked }: Asking): Composed | undefined {
  const [meanings = [], ...more] = marked.things;
  const [only] = meanings;
  if (more.length > 0 || !only || asked[0]!.name.includes(LAND_OF)) return undefined;
  // Ottawa is a river, too.
  const city = meanings.some(({ kind }) => kind === 'country' || kind === 'state')
    ? undefined
    : meanings.find(({ kind }) => kind === 'city');
  if (city && OF_CAPITAL.test(text)) return composed({ searches: [`capital of ${city.name}`], isOwner: true });
  return only.kind === 'person' && /\bwhat (?:did|has|was|is)\b[^?]*\binvent/.test(text)
    ? composed({ searches: [`inventor of ${only.name}`], isOwner: true })
    : undefined;
}

/** "Which element has atomic number 79?" */
export function elementOf(text: string, [number]: readonly Literal[]): Composed | undefined {
  return number && /\belement\b|\batomic number\b/.test(text) && /\b(?:atomic number|protons)\b/.test(text)
    ? composed({ searches: [`atomic number of ${number.value}`], isOwner: true })
    : undefined;
}

/** "Idaho and Wyoming became states in the same year. Which year was it?" */
export function sharedYear({ text, whole, asked: [x] }: Asking): Composed | undefined {
  const isShared = /\bsame (?:\w+ )?year\b|\bshare\b/.test(whole) && /\b(?:which|what|that) (?:year|one)\b/.test(text);
  return x?.isYear && isShared ? composed(planFor([x])) : undefined;
}

/** What the one amount is multiplied by. */
const MULTIPLES: readonly [sign: RegExp, factor: string][] = [
  [/\bhalf\b/, ' / 2'],
  [/\bdoubled?\b|\btwice\b/, ' * 2'],
  [/\btripled?\b/, ' * 3'],
  [/\bpi\b|\bcircumference\b|\bequator\b|\bbelt\b/, ' * 3.14159'],
];

export function lookedUp(asking: Asking): Composed | undefined {
  const { text, whole, asked, places, literals, isNamed } = asking;
  const [x, ...more] = asked as [Quantity, ...Quantity[]];
  if (more.length > 0 || !isNamed || !isAskedFor(asking, x)) return undefined;
  if (/#/.test(text) && literals.some(({ isYear }) => isYear) && !x.isYear) return undefined;
  if (x.isYear && /\b(?:which|what) century\b/.test(text))
    return composed(planFor([x]), { kind: 'century', isNumber: /\b(?:only|just)\b[^.?]*\bnumber\b/.test(whole) });
  const wanted = askedUnit(text, x.unit) ?? askedUnit(whole, x.unit);
  const factor = factorBetween(x.unit, wanted);
  const multiple = MULTIPLES.find(([sign]) => sign.test(text))?.[1] ?? '';
  const scale = scaleOf(whole);
  if (scale)
    return composed(
      planFor([x], `${x.formula} / ${scale}`),
      rounding(places === undefined ? undefined : Math.max(0, places)),
    );
  if (factor === 1 && multiple === '' && formulaOf(x) === undefined)
    return composed(planFor([x]), places !== undefined && places < 0 ? rounding(places) : undefined);
  const usual = factor === 1 ? undefined : factor < 0.01 ? 3 : 0;
  return composed(planFor([x], `${inUnit(x.formula, x, wanted)}${multiple}`), rounding(places ?? usual));
}

function isAskedFor({ text, marked }: Asking, x: Quantity): boolean {
  const number = marked.things.findIndex((meanings) => meanings.some(({ name }) => name === x.thing.name));
  if (!fits(text, x)) return false;
  return (
    marked.foreign.size === 0 ||
    (isDirect(text, number) && isKnown(clauseOf(text, number), marked)) ||
    isOfPronoun(text, marked)
  );
}

const PEOPLE =
  /^(?:people|inhabitants|residents|citizens|folks?|persons|souls|humans|ppl|individuals|heads|living|of|thousand|million|billion|crore|lakh)/;

/** Whether the question word can ask for such a thing: nobody asks where for a year. */
function fits(text: string, { attribute, isYear }: Quantity): boolean {
  if (
    /\bwhere\b|\bwhy\b|\bsecond\b|(?<!\b(?:an?|one|two) )\bthirds?\b|\bhow (?:do|does|did|to)\b|\bdie[ds]? (?:of|from)\b|\bhow far\b.*\bfrom\b/.test(
      text,
    )
  )
    return false;
  if (/\bthe most\b/.test(text) || (/\bdens/.test(text) && attribute !== 'density')) return false;
  // The largest city of a state.
  if (
    /(?:larg|bigg|small|high|tall|long|short|deep|shallow|low)est\b/.test(text) &&
    !/\bits\b|\bat (?:its|the)\b/.test(text)
  )
    return false;
  if (/\bwho\b|\bwhom\b/.test(text))
    return attribute === 'inventor' || (!/^who\b/.test(text) && attribute !== 'first ascent year');
  if (isYear)
    return (
      !/\b(?:which|what) (?:country|city|town|place|state|nation)\b/.test(text) &&
      /\b(?:when|years?|dates?|born|die[ds]?|birth|death|century|ascent)\b/.test(text) &&
      !/how (?:many|long|old)/.test(text)
    );
  if (
    /\b(?:which|what) (?:countries|languages?|cities|states|sea|ocean|bay|gulf|continents?|currency|range)\b/.test(text)
  )
    return false;
  const [, things] = /\bhow many (\w+)/.exec(text) ?? [];
  if (things === undefined) return true;
  if (attribute === 'population') return PEOPLE.test(things);
  return attribute !== 'length' || /^(?:kilomet|miles|met(?:er|re)s|km|feet|yards)/.test(things);
}

const OF_PRONOUN =
  /\b(?:in (?:what|which) year|what|when|how (?:old|high|tall|deep|long|many people))\b[^,;:§]*\b(?:he|she|it|there|that)\b[^,;:§]*$|\bits [^,;:§]*$|\b(?:his|her) (?:age|birth|death|life)[^,;:§]*/;

/** "I forgot in what year he was born": of the one that was told of. */
function isOfPronoun(text: string, marked: Marked): boolean {
  const [clause] = OF_PRONOUN.exec(text) ?? [];
  return clause !== undefined && isKnown(clause, marked);
}

const isKnown = (clause: string, { foreign }: Marked) =>
  !(clause.match(/\p{L}+/gu) ?? []).some((word) => foreign.has(word));

const CLAUSE_START =
  /[,:;(-] |\b(?:what|how|which|who|when|need|require|know|tell|give|me|find|write|wonder|wondering|say|ask|asked)\b/g;

/** The part of the sentence that asks about the thing; the sentence where it does not name it. */
function clauseOf(text: string, number: number): string {
  const at = text.lastIndexOf(`§${number}`);
  if (at < 0) return text;
  const start = Math.max(0, ...[...text.slice(0, at).matchAll(CLAUSE_START)].map(({ index }) => index));
  const end = text.slice(at).search(/[,;:?(!]| - | and (?:i|we|you|then|also)\b/);
  return text.slice(start, end < 0 ? undefined : at + end);
}

/** "the height of A", "A's height", "how high is A", "When did A die", and what does not name it. */
function isDirect(text: string, number: number): boolean {
  if (!text.includes(`§${number}`)) return true;
  const [before = '', after = ''] = text.split(new RegExp(`§${number}(?!\\d)`)).slice(-2);
  return (
    /\b(?:of|for|in|does|is|was|did|has|at|on|to|by|from|with|behind|around|invented)(?: the| mount)? $/.test(before) ||
    /^ ?'s\b|^,? (?:in|is|was|were|has|have|died?|born|lived?|reached|height|length|depth|area|population|diameter|capital|completed|finished|joined|became)\b/.test(
      after,
    ) ||
    (before.trim() === '' && /^[ ,:]/.test(after))
  );
}
