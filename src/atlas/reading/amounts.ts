/**
 * Amounts in a form that the question generator never asks for: other decimal places and units, thousands and millions, more than a number.
 * The experts look up and compute; what is asked of the number is done afterwards.
 *
 * @module
 */
import { KINDS } from '../kinds';
import type { AnswerChange } from './answer-change';
import { beginningOf, meantAs, subjectOf, type Subject } from './attributes';
import { phrasesOf, planned } from './plans';
import { askedPlaces, countOf } from './rounding';
import { FITS, sides, wholeAndPart } from './sides';
import { named, UNSIGNED, type Rule } from './wording-rule';
import { wordsOf } from './words';

const SCALES: Record<string, number> = { hundred: 1e2, thousand: 1e3, million: 1e6, billion: 1e9 };
const SCALE = 'hundred|thousand|million|billion';
const SCALED = new RegExp(`\\b(?:in|many) (${SCALE})s?\\b`);
const COMPARED = wordsOf('more', 'larger', 'taller', 'longer', 'deeper', 'populous', 'smaller');
const LESS = /\b(?:less|fewer|under|below|smaller|shorter|lower|shallower|younger|before|earlier)\b/;
const COMPARING = /\b(?:\w+er|more|less|over|under|above|below|beyond|past|before|after|least|exceeds?)\b/;
/** Years; a greater number is no age. */
const OLDEST = 130;
const YES_OR_NO = /^(?:is|are|does|do|was|were|has|have|did|can)\b/;

/** Factors from a unit of the atlas to another one. */
const FACTORS: Record<string, Record<string, number>> = {
  kilometers: { miles: 0.621371, meters: 1000, feet: 3280.84, yards: 1093.61 },
  meters: { feet: 3.28084, kilometers: 0.001, yards: 1.09361, miles: 0.000621371 },
  'square miles': { 'square kilometers': 2.58999, acres: 640, hectares: 258.999 },
  'square kilometers': { 'square miles': 0.386102, hectares: 100, acres: 247.105 },
};

/** Rules that come after those of the generator's own sentences. */
export const inOtherForm: Rule = (reduced) => percentMore(reduced) ?? ofOne(reduced) ?? ofSeveral(reduced);

const isYear = ({ attribute }: Subject) => attribute.endsWith('year');

/** The subject of amounts; planets are compared by diameter though no word says so. */
function amounts(text: string, mentions: Parameters<Rule>[0]['mentions']): Subject | undefined {
  const subject = subjectOf(text, mentions);
  return subject && (isYear(subject) || ['capital', 'inventor'].includes(subject.attribute)) ? undefined : subject;
}

/** The factor from the atlas's unit to the one that the question names. */
function factorOf(text: string, { things, attribute }: Subject): number {
  const own = KINDS[things[0]!.kind]?.attributes[attribute]?.unit ?? '';
  const factors = FACTORS[own] ?? {};
  const wanted = Object.keys(factors).find((unit) => {
    const [word = '', square] = unit.split(' ').reverse();
    const names = `${square ? `(?:${wordsOf('square').source}) ` : '(?<!square )'}${wordsOf(word).source}`;
    return new RegExp(`(?:\\b(?:in|into|to|as|many|much|than|over|above|of|\\d|${SCALE})) ?(?:whole )?${names}`).test(
      text,
    );
  });
  return wanted === undefined ? 1 : factors[wanted]!;
}

const times = (phrase: string, factor: number) => (factor === 1 ? phrase : `${phrase} * ${factor}`);
const places = (count: number): AnswerChange => ({ kind: 'rounded', places: count });

/** "Is the Nile longer than 6,000 km?", "Is A more than ten times as large as B?" */
export const beyond: Rule = (reduced) => {
  if (!YES_OR_NO.test(reduced.text)) return undefined;
  return reduced.mentions.length > 1 ? apartByMore(reduced) : (livedBeyond(reduced) ?? oneBeyond(reduced));
};

/** The number that the question names, and whether it asks for less. */
function bound(text: string): { than: number; isLess: boolean } | undefined {
  const [, number, scale = ''] = new RegExp(`\\b(\\d[\\d.]*)(?: (${SCALE}))?\\b`).exec(text.replace(/§\d/g, '§')) ?? [];
  return number === undefined ? undefined : { than: Number(number) * (SCALES[scale] ?? 1), isLess: LESS.test(text) };
}

/** Two things: their ratio, or by how much they differ. */
const apartByMore: Rule = ({ text, mentions, spelled }) => {
  const subject = amounts(text, mentions);
  if (subject?.things.length !== 2) return undefined;
  const [searches] = phrasesOf(subject.attribute, subject.things);
  const [x, y] = searches as [string, string];
  const [, factor = ''] = /\b(\w+) times\b|\b(twice|double|triple)\b/.exec(text)?.filter(Boolean) ?? [];
  const ratio = countOf(factor);
  const isLess = LESS.test(text);
  if (ratio !== undefined)
    return planned(spelled, { searches, compute: `${x} / ${y}` }, { kind: 'beyond', than: ratio, isLess });
  const than = bound(text)?.than;
  const compute = isLess ? `${y} - ${x}` : `${x} - ${y}`;
  return than === undefined
    ? undefined
    : planned(spelled, { searches, compute }, { kind: 'beyond', than, isLess: false });
};

/** "Did Einstein live past 75?" */
const livedBeyond: Rule = ({ text, mentions, spelled }) => {
  const [person] = meantAs(mentions, 'birth year') ?? [];
  const limit = bound(text);
  if (!person || !limit || limit.than >= OLDEST) return undefined;
  const [death, birth] = ['death', 'birth'].map((end) => `${end} year of ${named(person)}`) as [string, string];
  return planned(spelled, { searches: [death, birth], compute: `${death} - ${birth}` }, { kind: 'beyond', ...limit });
};

const oneBeyond: Rule = ({ text, mentions, spelled }) => {
  const limit = bound(text);
  const subject = limit && COMPARING.test(text) ? subjectOf(text, mentions) : undefined;
  if (!limit || !subject || ['capital', 'inventor'].includes(subject.attribute)) return undefined;
  const [[phrase = '']] = phrasesOf(subject.attribute, subject.things);
  const factor = factorOf(text, subject);
  const plan = { searches: [phrase], ...(factor === 1 ? {} : { compute: times(phrase, factor) }) };
  const than = /\bat least\b/.test(text) ? limit.than - 1e-9 : limit.than;
  return planned(spelled, plan, { kind: 'beyond', ...limit, than });
};

/** "How many more years did A live than B?" */
export const yearsLived: Rule = ({ text, mentions, spelled }) => {
  const people = meantAs(mentions, 'birth year');
  if (people?.length !== 2 || !/\bli(?:ve|ves|ved|fe|fetime)\b|\bages?\b.*\bat\b|\bages\b/.test(text)) return undefined;
  if (
    !/how (?:many|much)|difference|minus|average|mean|years (?:more|longer)/.test(text) ||
    /\bwhen\b|\bborn\b/.test(text)
  )
    return undefined;
  const years = people.map((person) => ['death', 'birth'].map((end) => `${end} year of ${named(person)}`));
  const [x, y] = years.map((pair) => `(${pair.join(' - ')})`);
  const [sum, change] = [`(${x} + ${y}) / 2`, places(askedPlaces(text) ?? 1)];
  if (wordsOf('average').test(text)) return planned(spelled, { searches: years.flat(), compute: sum }, change);
  return planned(spelled, { searches: years.flat(), compute: `${x} - ${y}` }, UNSIGNED);
};

export const century: Rule = ({ text, mentions, spelled }) => {
  const subject =
    /\b(?:which|what) century\b/.test(text) && mentions.length === 1 ? subjectOf(text, mentions) : undefined;
  if (!subject || !isYear(subject)) return undefined;
  const [searches] = phrasesOf(subject.attribute, subject.things);
  return planned(spelled, { searches }, { kind: 'century' });
};

/** "Counting from 2025, how many years ago was the laser invented?" */
export const yearsAgo: Rule = ({ text, mentions, spelled }) => {
  const [year] = /\b(?:1[5-9]|20)\d\d\b/.exec(text) ?? [];
  const isAsked = /\byears (?:ago|before|after|between|since|from|passed|lie|are|were)\b|\bhow old\b/.test(text);
  const subject =
    year !== undefined && isAsked && mentions.length === 1
      ? (subjectOf(text, mentions) ?? beginningOf(mentions))
      : undefined;
  if (!subject || !isYear(subject) || subject.things[0]?.kind === 'person') return undefined;
  const [searches] = phrasesOf(subject.attribute, subject.things);
  return planned(spelled, { searches, compute: `${year} - ${searches[0]}` }, UNSIGNED);
};

/** "By how many percent is A higher than B?" */
const percentMore: Rule = ({ text, mentions, spelled }) => {
  const subject = mentions.length === 2 && wordsOf('percent').test(text) ? amounts(text, mentions) : undefined;
  if (!subject || !COMPARED.test(text) || !/\bthan\b/.test(text)) return undefined;
  const [before, after] = sides(text, subject.things);
  if (before.length !== 1 || after.length !== 1) return undefined;
  const [searches] = phrasesOf(subject.attribute, [before[0]!, after[0]!]);
  const [x, y] = searches as [string, string];
  const compute = `(100 * (${x} - ${y})) / ${y}`;
  return planned(spelled, { searches, compute }, { kind: 'rounded', places: askedPlaces(text) ?? 0, isUnsigned: true });
};

/** One amount in another unit, multiplied, in millions, or rounded. */
const ofOne: Rule = ({ text, mentions, spelled }) => {
  const subject = mentions.length === 1 ? amounts(text, mentions) : undefined;
  if (!subject || wordsOf('percent', 'density').test(text)) return undefined;
  const [[phrase = '']] = phrasesOf(subject.attribute, subject.things);
  const asked = askedPlaces(text);
  const [, scale] = SCALED.exec(text) ?? [];
  if (scale !== undefined)
    return planned(spelled, { searches: [phrase], compute: `${phrase} / ${SCALES[scale]}` }, places(asked ?? 1));
  const [, count = ''] = /\b(\w+) times (?:the|as)\b|\b(twice|doubled?|tripled?)\b/.exec(text)?.filter(Boolean) ?? [];
  const multiple =
    countOf(count.replace(/d$/, '')) ?? (/\bhal(?:f (?:of )?(?:the|its|as)|ved?)\b/.test(text) ? 0.5 : 1);
  const factor = multiple * factorOf(text, subject);
  if (factor !== 1)
    return planned(
      spelled,
      { searches: [phrase], compute: times(phrase, factor) },
      places(asked ?? (factor < 0.01 ? 3 : 0)),
    );
  return asked !== undefined && asked < 0 ? planned(spelled, { searches: [phrase] }, places(asked)) : undefined;
};

/** A ratio, a share or an average with other decimal places than the generator's. */
const ofSeveral: Rule = ({ text, mentions, spelled }) => {
  const asked = askedPlaces(text);
  const subject = mentions.length > 1 && asked !== undefined ? amounts(text, mentions) : undefined;
  if (!subject || YES_OR_NO.test(text)) return undefined;
  const [searches] = phrasesOf(subject.attribute, subject.things);
  const isPair = searches.length === 2;
  const [, scale] = SCALED.exec(text) ?? [];
  if (scale !== undefined && wordsOf('total').test(text))
    return planned(spelled, { searches, compute: `(${searches.join(' + ')}) / ${SCALES[scale]}` }, places(asked!));
  if (wordsOf('percent').test(text)) {
    if (!isPair || asked === 0) return undefined;
    const [whole, part] = phrasesOf(subject.attribute, wholeAndPart(text, subject.things))[0] as [string, string];
    return planned(spelled, { searches, compute: `(100 * ${part}) / ${whole}` }, places(asked!));
  }
  if (wordsOf('average').test(text))
    return asked === 0
      ? undefined
      : planned(spelled, { searches, compute: `(${searches.join(' + ')}) / ${searches.length}` }, places(asked!));
  if (!wordsOf('times').test(text) || asked === 1 || !isPair) return undefined;
  const isTurned = FITS.test(text);
  const [x, y] = isTurned ? [searches[1], searches[0]] : searches;
  return planned(spelled, { searches, compute: `${x} / ${y}` }, places(asked!));
};
