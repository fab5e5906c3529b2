/**
 * A question about the atlas as people word it, in the words that the bundled experts were trained on: names as the atlas spells them, and
 * one of the generator's own sentences. The experts then solve it; nothing here knows a value. What asks for something else is told apart.
 *
 * @module
 */
import type { AnswerChange } from './answer-change';
import { withoutAsides } from './asides';
import { compose } from './composed/compose';
import { lastQuestion } from './follow-ups';
import { findNames, type Mention } from './names';
import { inKnownWords } from './phrases';
import { inWords } from './signs';
import { plain } from './spelling';
import type { Plan } from './plans';
import { askAgain, hasSubject } from './wordings';
import { correctWord } from './words';
import { isTrainedWording } from './trained-wordings';

export interface ReadQuestion {
  /** What the experts are asked. */
  question: string;
  /** Whether the question is about something that the atlas does not hold. */
  isOutside: boolean;
  /** What is done with the answer. */
  change?: AnswerChange;
  /** The steps to take, instead of the action generator's. */
  plan?: Plan;
}

/** A question with its names as marks, `§0`, and its words corrected and in lower case. */
export interface Reduced {
  text: string;
  mentions: Mention[];
  /** As written, with the names as the atlas spells them. */
  spelled: string;
  /** Words that neither ask nor name: of something else. Those written as names stand first. */
  foreign: { word: string; isName: boolean }[];
}

/** @param question in any words */
export function readQuestion(question: string): ReadQuestion {
  const asked = inWords(lastQuestion(question).trim().replace(/\s+/g, ' '));
  const reduced = reduce(asked);
  if (isTrainedWording(asked, reduced.mentions)) return { ...meantOtherwise(asked, reduced), isOutside: false };
  const composed = compose(asked);
  if (composed) return { question: reduced.spelled, isOutside: false, ...composed };
  // A sum in words has numbers instead of names, and things and people of all sorts.
  const numbers = reduced.text.replace(/§\d+/g, '').match(/\d[\d.]*/g) ?? [];
  const isSum =
    numbers.length >= 2 &&
    !/\bmap|\bsquare|\bhour/.test(reduced.text) &&
    !reduced.mentions.some(({ start }) => /\p{Lu}/u.test(asked[start]!));
  if (reduced.mentions.length === 0 || isSum) return { question: asked, isOutside: numbers.length < 2 };
  for (const bare of withoutAsides(asked)) {
    const narrow = bare === asked ? undefined : said(bare, reduce(bare));
    if (narrow?.isSaid) return narrow.read;
  }
  return said(asked, reduced).read;
}

/** @returns `isSaid`: a sentence or a plan was found */
function said(asked: string, reduced: Reduced): { read: ReadQuestion; isSaid: boolean } {
  const { mentions, foreign } = reduced;
  const outside = { read: { question: asked, isOutside: true }, isSaid: false };
  if (mentions.length === 0 || foreign.some(({ isName }) => isName)) return outside;
  // With a word of something else, one name alone is not asked about in a way that the atlas knows: the weight of oxygen.
  if (foreign.length > 0 && mentions.length === 1) return outside;
  const wording = askAgain(reduced);
  if (wording?.isOutside) return outside;
  if (wording) return { read: { ...wording, isOutside: false }, isSaid: true };
  return { read: { question: reduced.spelled, isOutside: !hasSubject(reduced) }, isSaid: false };
}

/** The Mississippi that is long is the river, though its name is spelled as the state's. */
function meantOtherwise(asked: string, reduced: Reduced): { question: string } {
  const others = reduced.mentions.flatMap(({ meanings, start, end }) =>
    meanings.map(({ name }) => name).filter((name) => name !== asked.slice(start, end) && !asked.includes(name)),
  );
  const wording = others.length > 0 ? askAgain(reduced) : undefined;
  return wording && others.some((name) => wording.question.includes(name)) ? wording : { question: asked };
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}.,]*[\p{L}\p{N}])?/gu;

function reduce(question: string): Reduced {
  const found = findNames(question);
  const mentions = withoutRepeats(found, question);
  let text = '';
  let spelled = '';
  let at = 0;
  const foreign: Reduced['foreign'] = [];
  const between = (part: string, isFirst: boolean) =>
    part.replace(/['’]s\b/g, ' of-it').replace(WORD, (written, offset: number) => {
      const word = plain(written);
      if (/^\d/.test(written)) return written.replaceAll(',', '');
      const meant = correctWord(word);
      const isName =
        /^\p{Lu}/u.test(written) && !(isFirst && part.slice(0, offset).trim() === '') && !isSentenceStart(part, offset);
      if (meant === undefined) foreign.push({ word, isName });
      return meant ?? word;
    });
  for (const mention of found) {
    const number = mentions.indexOf(mention);
    const part = question.slice(at, mention.start);
    const owns = /['’]s$/.test(question.slice(mention.start, mention.end));
    text += `${between(part, at === 0)}${number < 0 ? 'it' : `§${number}`}${owns ? ' of-it' : ''}`;
    spelled += `${part}${mention.meanings[0]!.name}${owns ? "'s" : ''}`;
    at = mention.end;
  }
  text += between(question.slice(at), at === 0);
  spelled += question.slice(at);
  return { text: inKnownWords(text.toLowerCase()), mentions, spelled, foreign };
}

/** Of two things that are told of and then asked about, the names in the question itself, which stands last. */
function withoutRepeats(mentions: Mention[], question: string): Mention[] {
  const nameOf = (mention: Mention) => mention.meanings[0]!.name;
  const isRepeated = (mention: Mention, at: number) =>
    mentions.slice(at + 1).some((one) => nameOf(one) === nameOf(mention));
  if (new Set(mentions.map(nameOf)).size !== 2 || /capital/i.test(question)) return mentions;
  return mentions.filter((mention, at) => !isRepeated(mention, at));
}

const isSentenceStart = (text: string, at: number) => /[.?!:]\s*$/.test(text.slice(0, at));
