/**
 * Names of the atlas in a question as people write it: lower case, without "the" or "Mount", misspelt, by a last name, or by another name.
 */
import { loadFacts } from '../facts';
import { KINDS, nameOf } from '../kinds';
import { ALIASES, PEOPLES, WORDS } from './other-names';
import { isNear, isTypo, plain } from './spelling';
import { isKnownWord } from './words';

export interface Named {
  kind: string;
  name: string;
}

/** In a sentence: `the Nile`. */
export const named = ({ kind, name }: Named): string => nameOf(kind, name);

export interface Mention {
  /** What the name may mean, as "Washington" a state or a person; the likelier first. */
  meanings: Named[];
  start: number;
  end: number;
}

const MOST_WORDS = 6;
/** Kinds in the order in which a name is taken where nothing else decides. */
const ORDER = [
  'state',
  'country',
  'river',
  'lake',
  'mountain',
  'building',
  'invention',
  'element',
  'planet',
  'city',
  'person',
];

interface NameIndex {
  /** `denver, colorado` */
  capitals: Set<string>;
  byText: Map<string, Named[]>;
  /** For misspelt names, by first letter. */
  byInitial: Map<string, string[]>;
}
let index: NameIndex | undefined;

function nameIndex(): NameIndex {
  if (index) return index;
  const byText = new Map<string, Named[]>();
  const add = (text: string, named: Named) => {
    const known = byText.get(text) ?? [];
    if (!known.some(({ kind, name }) => kind === named.kind && name === named.name))
      byText.set(text, [...known, named]);
  };
  const names = new Map<string, Named>();
  const capitals = new Set<string>();
  for (const { kind, entity, attribute, value } of loadFacts()) {
    if (attribute === 'capital') capitals.add(`${value}|${entity}`);
    names.set(`${kind}|${entity}`, { kind, name: entity });
    const { names: other } = KINDS[kind]?.attributes[attribute] ?? {};
    if (other && typeof value === 'string') names.set(`${other}|${value}`, { kind: other, name: value });
  }
  const lastNames = new Map<string, Named[]>();
  for (const named of names.values()) {
    const text = plain(named.name);
    add(text, named);
    for (const shorter of shorterNames(named.kind, text)) add(shorter, named);
    if (named.kind !== 'person') continue;
    const last = text.split(' ').at(-1) ?? '';
    lastNames.set(last, [...(lastNames.get(last) ?? []), named]);
  }
  for (const [kind, aliases] of Object.entries(ALIASES))
    for (const [alias, name] of Object.entries(aliases)) if (names.has(`${kind}|${name}`)) add(alias, { kind, name });
  // Lincoln is a city, too, and neither has what the other has.
  const isFree = (text: string) => (byText.get(text) ?? []).every(({ kind }) => kind === 'city');
  for (const [last, people] of lastNames)
    if (people.length === 1 && last.length > 3 && isFree(last) && !isKnownWord(last) && !WORDS.has(last))
      add(last, people[0]!);
  for (const [text, meanings] of byText)
    byText.set(
      text,
      [...meanings].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
    );
  const byInitial = Map.groupBy(byText.keys(), (text) => text[0] ?? '');
  return (index = { byText, byInitial, capitals });
}

/** A river without "River", a mountain without "Mount", a building without "Tower"; not a lake without "Lake", which is a city or a state. */
function shorterNames(kind: string, text: string): string[] {
  if (kind === 'river')
    return [
      text.replace(/ river$/, ''),
      text.endsWith(' river') ? `river ${text.replace(/ river$/, '')}` : `${text} river`,
      `river ${text}`,
    ];
  if (kind === 'mountain') return [text.replace(/^mount /, ''), text.replace(/^mount /, 'mt ')];
  // The Opera House; not the Tower.
  if (kind === 'building') return text.split(' ').length > 2 ? [text.replace(/^\S+ /, '')] : [];
  if (kind === 'planet') return [`planet ${text}`];
  if (kind === 'lake') return text.startsWith('lake ') ? [text.replace(/^lake (.*)/, '$1 lake')] : [];
  if (kind === 'invention') return [`${text}s`];
  return [];
}

/** A word of questions is no misspelt name. */
export function findNames(question: string): Mention[] {
  const { byText, byInitial } = nameIndex();
  const isCased = /\p{Lu}/u.test(question.slice(1));
  const hasNames = /\S.*(?<![.?!] )\b\p{Lu}\p{Ll}/u.test(question);
  // Tin and lead.
  const isOfLakes = /\b[Ll]akes?\b(?! \p{Lu})|\b(?:deep|deeper|deepest|depth)\b/u.test(question);
  const isOfPlanets = /\bdiameters?\b|\bplanets?\b/i.test(question);
  const isOfElements = /\batomic|\bprotons?\b|\belements?\b|\bperiodic\b/i.test(question);
  const words = [...question.matchAll(/[\p{L}\p{N}](?:[\p{L}\p{N}.]*[\p{L}\p{N}])?/gu)].map(
    ({ 0: text, index: start }) => ({ text, start, end: start + text.length }),
  );
  const mentions: Mention[] = [];
  for (let at = 0; at < words.length; at += 1) {
    for (let count = Math.min(MOST_WORDS, words.length - at); count > 0; count -= 1) {
      const [first, last] = [words[at]!, words[at + count - 1]!];
      const written = question.slice(first.start, last.end);
      if (/[?!;:]/.test(written) || (count > 1 && /, /.test(written))) continue;
      const text = plain(written);
      const found =
        (count === 1 ? ofShared(words, at, byText) : undefined) ??
        byText.get(text) ??
        (isOfLakes && count === 1 ? byText.get(`lake ${text}`) : undefined) ??
        byText.get(ownerOf(text)) ??
        (count === 1 ? (landOf(text, byText) ?? landOf(oneOf(words, at), byText)) : undefined) ??
        (count === 1 && isLakeAlone(text, written) ? byText.get(`lake ${text}`) : undefined) ??
        (isKnownWord(plain(first.text))
          ? undefined
          : near(text, byInitial, byText, hasNames && !/^\p{Lu}/u.test(written)));
      const isKind = ({ kind }: Named) =>
        (isOfElements && kind === 'element') || (isOfPlanets && kind === 'planet') || (isOfLakes && kind === 'lake');
      const isWord = count === 1 && WORDS.has(text) && !found?.some(isKind);
      const isNamed = isCased ? /^\p{Lu}/u.test(written) : /\b(?:of|in|than) $/i.test(question.slice(0, first.start));
      if (!found || (isWord && !isNamed)) continue;
      const lake = isOfLakes && count === 1 ? (byText.get(`lake ${text}`) ?? []) : [];
      mentions.push({ meanings: [...lake, ...found], start: first.start, end: last.end });
      at += count - 1;
      break;
    }
  }
  return mentions.flatMap((mention, number) => {
    if (isUnion(question, mention, mentions)) return [];
    if (isWhereabouts(question, mentions[number - 1], mention)) return [];
    const next = mentions[number + 1];
    if (!next || !isWhereabouts(question, mention, next)) return mention;
    return isNamesake(mention, next) ? [] : { ...mention, end: next.end };
  });
}

/** Baikal, written as a name. */
const isLakeAlone = (text: string, written: string) =>
  /^\p{Lu}/u.test(written) && !isKnownWord(text) && !WORDS.has(text);

const OF_FAMILY = /^(?:husband|wife|spouse|brother|sister|sibling|father|mother|son|daughter)$/i;

/** "Pierre and Marie Curie", "Which of the Wright brothers, Orville or Wilbur": a first name of one whose last name stands elsewhere. */
function ofShared(words: readonly { text: string }[], at: number, byText: NameIndex['byText']): Named[] | undefined {
  const isBeside = [words[at - 1], words[at + 1]].some((word) => word && /^(?:and|or)$/.test(word.text));
  if (!isBeside && !OF_FAMILY.test(words[at - 1]?.text ?? '')) return undefined;
  const found = words.flatMap(({ text }) => byText.get(`${plain(words[at]!.text)} ${plain(text)}`) ?? []);
  return found.length > 0 && found.every(({ kind }) => kind === 'person') ? found : undefined;
}

/** "Every Icelander", "the Canadian capital": of a people, in the plural. */
const oneOf = (words: readonly { text: string }[], at: number): string =>
  /^(?:every|each|average)$/i.test(words[at - 1]?.text ?? '') || words[at + 1]?.text === 'capital'
    ? `${plain(words[at]!.text)}s`
    : '';

/** Canadians stand for Canada. */
function landOf(people: string, byText: NameIndex['byText']): Named[] | undefined {
  const irregular = PEOPLES[people];
  if (irregular !== undefined) return byText.get(irregular);
  if (!/.{4}(?:ns|is|ers)$/.test(people)) return undefined;
  const isCountry = (name: string) => ['country', 'state'].includes(byText.get(name)?.[0]?.kind ?? '');
  const whole = people.replace(/(?:ns|ers)$/, '');
  if (isCountry(whole)) return byText.get(whole);
  const stem = people.replace(/(?:i?ans|is)$/, '');
  const lands =
    stem.length < 4
      ? []
      : [...byText.keys()].filter((name) => name.startsWith(stem) && name.length <= stem.length + 3 && isCountry(name));
  return lands.length === 1 ? byText.get(lands[0]!) : undefined;
}

/** `jupiters` without its apostrophe. */
const ownerOf = (text: string) => (text.length > 5 ? text.replace(/(?<=s)es$|(?<!s)s$/, '') : text);

/** The country that its states joined: "join the US", "USA state Utah". */
function isUnion(question: string, { meanings, start, end }: Mention, mentions: readonly Mention[]): boolean {
  if (meanings[0]!.name !== 'United States') return false;
  if (/^ states?\b/.test(question.slice(end))) return true;
  if (
    /\b(?:people|population|residents|inhabitants|citizens|area|land)(?: \w+)? (?:in|of) (?:the )?$/i.test(
      question.slice(0, start),
    )
  )
    return false;
  return (
    mentions.some((one) => one.meanings[0]!.kind === 'state') &&
    /\b(?:join\w*|enter\w*|admitted (?:in)?to|part of|state of|in) (?:the )?$/i.test(question.slice(0, start))
  );
}

const STANDING = ['building', 'mountain', 'lake'];

/** "Yokohama in Japan", "Paris, France" and "the CN Tower in Toronto" are one place. */
function isWhereabouts(question: string, before: Mention | undefined, mention: Mention): boolean {
  const { kind } = mention.meanings[0]!;
  if (
    before &&
    STANDING.includes(before.meanings[0]!.kind) &&
    ['city', 'state', 'country'].includes(kind) &&
    /^ in (?:the )?$/.test(question.slice(before.end, mention.start))
  )
    return true;
  if (!before || (kind !== 'country' && kind !== 'state') || !before.meanings.some((one) => one.kind === 'city'))
    return false;
  const isPlace = before.meanings[0]!.kind === 'city';
  return (
    isPlace &&
    /^(?: in (?:the )?|, )$/.test(question.slice(before.end, mention.start)) &&
    (!/^,? (?:and|or)\b/.test(question.slice(mention.end)) ||
      nameIndex().capitals.has(`${before.meanings[0]!.name}|${mention.meanings[0]!.name}`))
  );
}

/** "Paris, Texas" is not the Paris of which the atlas tells that it is France's. */
function isNamesake({ meanings: [city] }: Mention, { meanings }: Mention): boolean {
  const lands = [...nameIndex().capitals].filter((pair) => pair.startsWith(`${city!.name}|`));
  const isOwn = ({ name }: Named) => name === 'United States' || lands.includes(`${city!.name}|${name}`);
  return city!.kind === 'city' && lands.length > 0 && !meanings.some(isOwn);
}

/** The one name that is a letter or two away. */
function near(
  text: string,
  byInitial: NameIndex['byInitial'],
  byText: NameIndex['byText'],
  isWord: boolean,
): Named[] | undefined {
  if (text.length < 4) return undefined;
  const words = text.split(' ');
  const close = (byInitial.get(text[0] ?? '') ?? []).filter((name) => {
    const parts = name.split(' ');
    // Oranges are no misspelt river.
    if (text.length <= 5 && !isShortLand(name, text)) return false;
    return text !== `${name}s` && parts.length === words.length && parts.every((part, at) => isNear(part, words[at]!));
  });
  const closest = close.filter((name) => isTypo(name, text));
  const meanings = (closest.length > 0 ? closest : close).flatMap((name) => byText.get(name) ?? []);
  // Written with a small letter among names that are not: listen is not Lister.
  if (isWord && words.length === 1) return undefined;
  return close.length === 1 || new Set(meanings.map(({ name }) => name)).size === 1 ? meanings : undefined;

  /** Of names so short only those of countries and states, misspelt in the middle: Kenia. */
  function isShortLand(name: string, written: string): boolean {
    return (
      name.at(-1) === written.at(-1) &&
      (byText.get(name) ?? []).some(({ kind }) => kind === 'country' || kind === 'state')
    );
  }
}
