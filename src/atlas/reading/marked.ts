/**
 * A question with marks for what it names: `§0` for the first thing, `#0` for the first number. A thing that is named twice has one mark.
 */
import { findNames, type Named } from './names';
import { inKnownWords } from './phrases';
import { plain } from './spelling';
import { correctWord } from './words';
import { inWords } from './signs';
import { findLiterals, type Literal } from './literals';

export interface Marked {
  /** In lower case, typing errors put right. */
  sentences: string[];
  /** Of each thing what its name may mean. */
  things: Named[][];
  literals: Literal[];
  /** Words that neither ask nor name. */
  foreign: Set<string>;
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}.,]*[\p{L}\p{N}])?/gu;
const ABBREVIATION = /\b(?:st|mt|dr|mr|mrs|ms|jr|sr|vs|approx|pop|no|sq|e\.g|i\.e|d\.p)\.$/;

export function mark(asked: string): Marked {
  const question = inWords(asked);
  const things: Named[][] = [];
  const foreign = new Set<string>();
  let text = '';
  let at = 0;
  const words = (part: string) =>
    part.replace(/['’]s\b/g, " 's").replace(WORD, (written) => {
      if (/^\d/.test(written)) return written;
      const word = plain(written);
      const meant = correctWord(word);
      if (meant === undefined) foreign.add(word);
      return meant ?? written.toLowerCase();
    });
  const mentions = findNames(question);
  for (const { meanings, start, end } of mentions) {
    if (isAside(question, start)) continue;
    const known = things.findIndex(([first]) => first!.name === meanings[0]!.name && first!.kind === meanings[0]!.kind);
    const number = known < 0 ? things.push(meanings) - 1 : known;
    if (isOfPlace(question.slice(end), meanings[0]!) && mentions.length > 2) continue;
    if (isNamesake(question, start, end, meanings[0]!)) continue;
    text += `${words(question.slice(at, start))}§${number}${/['’]s?$/.test(question.slice(start, end)) ? " 's" : ''}`;
    at = end;
  }
  text += words(question.slice(at));
  const { text: marked, literals } = findLiterals(inKnownWords(text.toLowerCase()));
  return { sentences: sentencesOf(marked), things, literals, foreign };
}

/** "Which New York skyscraper", beside the things themselves. */
const isOfPlace = (after: string, { kind }: Named) =>
  ['state', 'city', 'country'].includes(kind) &&
  /^ (?:skyscrapers?|buildings?|towers?|landmarks?|rivers?|mountains?|peaks?|cit(?:y|ies))\b/.test(after);

/** "Marilyn Monroe": a last name that the atlas knows, behind a first name that it does not. A word of what somebody does is no name. */
function isNamesake(question: string, start: number, end: number, { kind, name }: Named): boolean {
  if (kind !== 'person' || question.slice(start, end).includes(' ')) return false;
  const [, lead = '', first = ''] = /(\S*) ?(?<!\p{L})(\p{L}{3,}) $/u.exec(question.slice(0, start)) ?? [];
  const isName = /\p{Lu}/u.test(question)
    ? lead !== '' && /^\p{Lu}/u.test(first)
    : /^(?:was|were|did|is|of|than|by)$/.test(lead);
  const isKnown = correctWord(plain(first)) !== undefined || plain(name).includes(plain(first));
  return isName && !isKnown && !/(?:ists?|[eo]rs?|ians?|m[ae]n|ess|eurs?)$/.test(first);
}

/** Between brackets, where the question names things outside of them, too. */
function isAside(question: string, at: number): boolean {
  const isWithin = question.lastIndexOf('(', at) > question.lastIndexOf(')', at) && question.includes(')', at);
  return (
    isWithin && findNames(question.replace(/\([^)]*\)/g, '')).length > 0 && !/\([^)]*(?:,| and )[^)]*\)/.test(question)
  );
}

function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  for (const part of text.split(/(?<=[.?!;])\s+|\n+|\s[-–—]+\s/)) {
    const last = sentences.at(-1);
    if (last !== undefined && (ABBREVIATION.test(last) || /\b\p{L}\.$/u.test(last)))
      sentences[sentences.length - 1] = `${last} ${part}`;
    else if (/[\p{L}\p{N}§#]/u.test(part)) sentences.push(part.trim());
  }
  return sentences;
}
