/**
 * Questions about ages and spans of years, said as the question generator says them.
 *
 * @module
 */
import { YEARS } from '../wording';
import { meantAs } from './attributes';
import type { Mention, Named } from './names';
import { planned } from './plans';
import { all, named, UNSIGNED, type Rule } from './wording-rule';
import { wordsOf } from './words';

export const TIME = wordsOf(
  'born',
  'died',
  'climbed',
  'completed',
  'invented',
  'discovered',
  'state',
  'older',
  'later',
  'first',
  'year',
  'when',
);

/** Ages and spans of years. */
export const overTime: Rule = ({ text, mentions, spelled }) => {
  const [person] = meantAs(mentions.slice(0, 1), 'birth year') ?? [];
  const isAge =
    /\bhow old|\bage\b|\baged\b|how many years did(?!.*died later than)|(?:live|lived) to/.test(text) ||
    (person !== undefined && mentions.length === 1 && /\bhow (?:long|many years)\b.*\bli(?:ve|ves|ved)\b/.test(text));
  const [thing] = meantAs(mentions.slice(0, 1), 'inventor') ?? [];
  if (isAge && mentions.length === 1) {
    if (thing && wordsOf('died').test(text)) return ageOfInventor(thing, spelled);
    if (thing) return `How old was the inventor of ${named(thing)} when it was invented?`;
    const year = /\b(1\d{3}|20\d\d)\b/.exec(text)?.[1];
    const birth = person && `birth year of ${named(person)}`;
    if (birth && year) return planned(spelled, { searches: [birth], compute: `${year} - ${birth}` });
    if (person) return `How old was ${named(person)} at death?`;
  }
  const people = meantAs(mentions, 'birth year');
  const other = person && mentions.length === 2 ? eventOf(text, mentions[1]!.meanings, 1) : undefined;
  if (person && other && /\bhow (?:many years|long)\b.*§0.*\bli(?:ve|ved)\b.*\bafter\b.*§1/.test(text))
    return { question: yearsBetween(other, `${named(person)} died`), change: UNSIGNED };
  if (isAge && people?.length === 2 && !/\bwhen\b/.test(text) && wordsOf('difference', 'older', 'later').test(text)) {
    const [x, y] = people.map((one) => `${named(one)} was born`) as [string, string];
    return { question: yearsBetween(x, y), change: UNSIGNED };
  }
  if (isAge && mentions.length === 2 && person) {
    const event = eventOf(text, mentions[1]!.meanings, 1);
    return event && `How old was ${named(person)} when ${event}?`;
  }
  if (mentions.length !== 2 || !TIME.test(text) || (meantAs(mentions, 'population') && wordsOf('people').test(text)))
    return undefined;
  const events = mentions.map(({ meanings }, at) => eventOf(text, meanings, at));
  const [first, second] = events;
  if (!first || !second) return undefined;
  if (/^(?:was|is|were|did)\b/.test(text)) {
    if (/\bsame year\b/.test(text))
      return { question: yearsBetween(first, second), change: { kind: 'by-sign', of: ['no', 'no'], even: 'yes' } };
    // The generator asks of no deaths.
    if ([first, second].every((event) => event.endsWith(' died'))) {
      const isLater = wordsOf('later').test(text);
      return {
        question: yearsBetween(first, second),
        change: { kind: 'by-sign', of: isLater ? ['no', 'yes'] : ['yes', 'no'], even: 'no' },
      };
    }
    // Dead before another was born.
    const ends = [first, second].map((event) => / died$/.test(event));
    if (ends[0] !== ends[1] && /\bbefore\b|\bby the\b|\balready\b/.test(text))
      return { question: yearsBetween(first, second), change: { kind: 'by-sign', of: ['yes', 'no'], even: 'no' } };
    const [x, y] = [mentions[0]!.meanings, mentions[1]!.meanings].map((meanings) =>
      meanings.find((one) => first.startsWith(named(one)) || second.startsWith(named(one))),
    );
    const later = wordsOf('later').test(text);
    return (
      x &&
      y &&
      (later
        ? `Was ${second.replace(/ was /, ' ')} before ${named(x)}?`
        : `Was ${first.replace(/ was /, ' ')} before ${named(y)}?`)
    );
  }
  if (
    (wordsOf('which', 'who').test(text) || /^what\b/.test(text)) &&
    / or |§0.*§1/.test(text) &&
    !/how (?:many|long|much)|years|subtract|minus|difference/.test(text)
  ) {
    const isLater = wordsOf('later').test(text);
    if (people && !isLater && !wordsOf('died').test(text))
      return `Who was born first, ${all(people).replace(' and ', ' or ')}?`;
    const [x, y] = [first, second].map((event) => nameIn(event, mentions));
    if (!x || !y || !(isLater || wordsOf('first', 'older').test(text))) return undefined;
    return {
      question: yearsBetween(first, second),
      change: { kind: 'by-sign', of: isLater ? [y, x] : [x, y], even: 'both in the same year' },
    };
  }
  if (!/year|minus|subtract|difference|how long|how much (?:later|earlier|sooner|older|younger|newer)/.test(text))
    return undefined;
  const [before, inner] = [text.split('§0')[0]!, text.split('§0')[1]?.split('§1')[0] ?? ''];
  // "after A was B" and "B after A": the word stands before the earlier one or between the two.
  if (/\bafter\b|\bsince\b|\bfollowing\b|\blater than\b/.test(before))
    return `How many years after ${first} was it that ${second}?`;
  if (/\bafter\b|\bsince\b|\bfollowing\b/.test(inner)) return `How many years after ${second} was it that ${first}?`;
  if (/\bbefore\b|\bearlier than\b/.test(before)) return `How many years before ${first} was it that ${second}?`;
  if (/\bbefore\b|\bearlier than\b/.test(inner)) return `How many years before ${second} was it that ${first}?`;
  return { question: yearsBetween(first, second), change: UNSIGNED };
};

/** How old the inventor became. */
function ageOfInventor(thing: Named, spelled: string) {
  const inventor = `inventor of ${named(thing)}`;
  const [death, birth] = ['death', 'birth'].map((end) => `${end} year of {${inventor}}`) as [string, string];
  return planned(spelled, { searches: [inventor, death, birth], compute: `${death} - ${birth}` });
}

const yearsBetween = (first: string, second: string) =>
  `How many years passed from the year ${first} to the year ${second}?`;

/** The thing that an event tells of. */
function nameIn(event: string, mentions: readonly Mention[]): string | undefined {
  return mentions.flatMap(({ meanings }) => meanings).find((thing) => event.startsWith(`${named(thing)} `))?.name;
}

/** `Texas became a state`, by the words nearest to the name, else by what such things have one of. */
export function eventOf(text: string, meanings: readonly Named[], number: number): string | undefined {
  const after = text.split(`§${number}`)[1]?.split('§')[0] ?? '';
  const before = text.split(`§${number}`)[0]?.split('§').at(-1) ?? '';
  for (const thing of meanings) {
    const happenings = YEARS.filter(({ kind }) => kind === thing.kind);
    const [only] = happenings;
    if (!only) continue;
    // One word for both: "Who died first", "Did X die before Y".
    const isOfAll =
      (/^(?:who|did)\b/.test(text) || /died later than/.test(text)) &&
      !wordsOf('born').test(text) &&
      wordsOf('died').test(text);
    const direct = /(?:birth|death) of (?:the )?$/.exec(before)?.[0];
    const own = direct ?? after;
    const isDeath = thing.kind === 'person' && (isOfAll || (!/^[^§]*\bborn\b/.test(own) && wordsOf('died').test(own)));
    const event = isDeath ? '{x} died' : only.event;
    return event.replace('{x}', named(thing));
  }
  return undefined;
}
