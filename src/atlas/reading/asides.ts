/**
 * What people say around a question: a greeting, a story, whom it is for. Only what asks is read; of a story the names are kept where the
 * question itself has none.
 *
 * @module
 */
import { findNames, type Mention } from './names';
import { plain } from './spelling';
import { correctWord } from './words';

/** Not after `St.`, `Mt.` or an initial, nor between what asks and the things to choose from: `Which is longer: A or B?` */
const SENTENCE_END =
  /(?<=[.?!;])(?<!\b(?:st|mt|dr|mr|mrs|jr|sr|vs|\p{L})\.)\s+|(?<=^(?:(?!\b(?:which|who|what|how|when|\p{L}+est)\b)[^:])*:)\s+|\s+[-–—]+\s+/iu;
const ROUNDING = /\b(?:round\w*|decimals?|nearest|whole (?:number|nr)|integers?)\b/i;
/** Begins a question within a sentence: "I should be grateful if you could tell me in which year". */
const ASKING = /\b(?:(?:in|by|at|on|of|from|to|for) )?(?:how|what|whats|which|who|when|whose)\b/i;
const OPENING =
  /^(?:is|are|was|were|did|do|does|has|have|can|how|what|which|who|when|whose|by how|in (?:what|which))\b/i;
const SPEAKER = /\b(?:i|me|my|you|your|we|us|our|know|wonders?|asks?|asked)\b/i;
/** "Is he right?", after what somebody says. */
const TAG =
  /^(?:but |and |so )?(?:is|was|are|were)(?:n't)? (?:he|she|it|that|this|they)(?: (?:really |actually )?(?:right|true|correct|so))?\?$/i;
const SAYS =
  /^.*\b(?:says?|said|swears?|swore|claims?|claimed|reckons?|reckoned|thinks?|thought|believes?|bets?|insists?|heard|told me|read)\b(?: that)?/i;
const PRONOUN = /\b(?:he|she|it|they|him|her)\b/i;
/** Before it somebody may tell something: "Had a passenger from Paraguay today, what's the capital there?" */
const NEXT = /,\s+(?=(?:(?:but|and|so) )?(?:what|whats|how|which|who|when|in which|in what|by how)\b)/i;
const WISH = /^.*?\b(?:i|we)(?:['’]d| would| do| just)? (?:need|want|like|require|must have)(?: to know)?\b/i;
const LEAD =
  /^(?:(?:and|but|so|well|now|also|please|okay|ok|then|hey|hi|hello|um|er|next|quick|first|oh|yo|hey there)\b[,.! ]*)+/i;

const hasName = (text: string) => findNames(text).length > 0;

function isForeign(text: string): boolean {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => correctWord(plain(word)) === undefined);
}

/**
 * @returns the question without what stands around it. Where it names nothing there are two ways, the likelier first: after the names of what
 * was told, and after the telling itself
 */
export function withoutAsides(text: string): string[] {
  const sentences = text
    .split(SENTENCE_END)
    .flatMap((sentence) => (isForeign(sentence.split(NEXT)[0]!) ? sentence.split(NEXT) : sentence))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  const asks =
    sentences.findLast((sentence) => sentence.endsWith('?')) ?? sentences.findLast(hasName) ?? sentences.at(-1) ?? text;
  const helps = (sentence: string) =>
    !hasName(sentence) && (ROUNDING.test(sentence) || (/\d/.test(sentence) && !isForeign(sentence)));
  const before = sentences.slice(0, sentences.lastIndexOf(asks)).filter(hasName);
  const claim = TAG.test(asks) ? before.at(-1) : undefined;
  const question = claim === undefined ? whose(bare(asks), before) : `is it true that ${claimOf(claim)}?`;
  const others = sentences.filter((sentence) => sentence !== asks && helps(sentence));
  const beside = (...told: string[]) => [...told, question, ...others].filter((part) => part !== '').join(' ');
  if (hasName(question)) return [beside()];
  const [names, whole] = [beside(namesOf(before.join(' ')).join(' and ')), beside(...before.map(bare))];
  return isForeign(before.join(' ')) ? [names, whole] : [whole, names];
}

/** What somebody says, without who says it. */
function claimOf(sentence: string): string {
  const said = sentence.replace(/[.!]$/, '');
  const [lead = ''] = SAYS.exec(said) ?? [];
  return (hasName(lead) ? said : said.slice(lead.length)).trim();
}

/** "How long did she live?" with the one name of the story for the pronoun. */
function whose(question: string, story: readonly string[]): string {
  const [name, ...more] = new Set(namesOf(story.join(' ')));
  const pronoun = PRONOUN.exec(question);
  const first = findNames(question)[0];
  if (name === undefined || more.length > 0 || !pronoun || !first || first.start < pronoun.index) return question;
  return question.replace(PRONOUN, name);
}

/** A sentence that asks, without its parts between commas that neither name nor ask, and without what leads to it. */
function bare(sentence: string): string {
  const all = sentence.split(/,(?!\d)\s*/);
  const start = all.findIndex((part) => OPENING.test(part.replace(LEAD, '')) && hasName(part));
  const parts =
    start > 0 && !all.slice(0, start).some((part) => hasName(part) || /\d/.test(part)) ? all.slice(start) : all;
  const kept = parts.filter((part) => hasName(part) || !isForeign(part) || ROUNDING.test(part));
  const whole = kept.length < all.length && kept.length > 0 ? kept.join(', ') : sentence;
  const end = /\?\s*$/.test(sentence) && !/\?\s*$/.test(whole) ? '?' : '';
  return asClaim(withoutLead(`${whole}${end}`.trim()));
}

/** "Texas is larger than Utah and Ohio?" */
const asClaim = (text: string) =>
  /\bthan\b.*\?$/.test(text) && !ASKING.test(text) && !OPENING.test(text) ? `is it true that ${text}` : text;

function withoutLead(sentence: string): string {
  const said = sentence.replace(LEAD, '');
  const [wish = ''] = WISH.exec(said) ?? [];
  const asks = ASKING.exec(said)?.index ?? 0;
  const lead = [wish, SPEAKER.test(said.slice(0, asks)) ? said.slice(0, asks) : ''].find(
    (one) => one !== '' && !hasName(one),
  );
  return lead === undefined || lead === said ? said : said.slice(lead.length).trim();
}

function namesOf(story: string): string[] {
  return findNames(story).map(({ start, end }: Mention) => story.slice(start, end).replace(/['’]s$/, ''));
}
