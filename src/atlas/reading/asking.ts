/** Which sentence of a question asks, and which of the things and numbers in it are meant. */
import { isOperating, TAG, words } from './cues';
import type { Literal } from './literals';
import type { Marked } from './marked';
import type { Quantity } from './quantity';

/** What the ways to an answer look at. */
export interface Asking {
  /** The sentence that asks. */
  text: string;
  whole: string;
  literals: Literal[];
  /** At least one. */
  asked: Quantity[];
  /** Whether a word names what is asked of the things. */
  isNamed: boolean;
  isYesNo: boolean;
  /** Whether the answer is to be a name, whatever the form of the question. */
  wantsName: boolean;
  places: number | undefined;
  marked: Marked;
}

const ASKS =
  /\b(?:what|which|how|who|whom|whose|when|find|give|work out|calculate|compute|determine|convert|express|subtract|add|name|tell|state|write|quantify|count|divide|multiply|take|need|want to know|wonder|whether)\b/;
const IS_QUESTION = /\?+["')]*$/;

/** @returns the sentence that asks, and one such as "Is he right?" */
export function askingOf(sentences: readonly string[]): { sentence: string; tag: string } {
  const asks = (sentence: string) =>
    IS_QUESTION.test(sentence) &&
    !TAG.test(sentence) &&
    !/\b(?:correct|right) answer\b|\bwhich number comes out\b/.test(sentence) &&
    (/[§#]|\bits \w+\?/.test(sentence) || ASKS.test(sentence) || / .* /.test(sentence));
  const tag = sentences.find((sentence) => TAG.test(sentence)) ?? '';
  const at = sentences.findLastIndex(asks);
  if (at >= 0 && tag === '') return { sentence: sentences[at]!, tag };
  const others = sentences.filter((sentence) => sentence !== tag);
  const said =
    others.findLast(asks) ??
    others.findLast((one) => ASKS.test(one)) ??
    others.findLast((one) => /§/.test(one)) ??
    others.at(-1) ??
    '';
  return { sentence: tag === '' ? said : (others.findLast((one) => /§/.test(one)) ?? said), tag };
}

const marksIn = (text: string) => [...new Set([...text.matchAll(/§(\d+)/g)].map(([, number]) => Number(number)))];

const COMPARES = words(
  'which_one which_is or two three both together (?!nearest)\\w+est between \\w+er more less difference times diff per_cent percent',
  'that them ours hers his after before outlive survive fit fits not_live_there',
);

/** "In our model the Earth is a ball 10 cm across." */
export const IN_MODEL =
  /\bsame scale\b|\bmodel\b[^?]*#|#[^?]*\bmodel\b|\b(?:if|suppose|imagine)\b[^?]*§\d[^?]* (?:were|was|is) (?:only |just |drawn |shrunk )?(?:to )?#/;

/** The things of the asking sentence; those told of before where it compares one with nothing, or names none. */
export function thingsFor(marked: Marked, text: string, whole: string): number[] {
  const own = marksIn(text);
  const all = marksIn(whole);
  const literals = /#\d/.test(text);
  if (own.length === 0) {
    const people = all.filter((number) => marked.things[number]![0]!.kind === 'person');
    const isOfEvent =
      (!marked.literals.some(({ isYear }) => isYear) && /\b(?:that year|then|at (?:the|that) time)\b/.test(text)) ||
      /\bwhen (?:he|she) (?:invent|design|patent)/.test(whole);
    if (people.length === 1 && !isOfEvent && /\b(?:how old|age)\b.*\b(?:he|she)\b/.test(text)) return people;
    const near = marked.sentences.map(marksIn).findLast((found) => found.length > 0) ?? all;
    return near.length > 1 || (!COMPARES.test(text) && !isOperating(text)) ? near : all;
  }
  if (own.length === 1 && all.length > 2 && /\b(?:result|they|it|that|both|together)\b.*\bthan\b/.test(text))
    return all;
  if (own.length === 1 && all.length === 2 && IN_MODEL.test(whole)) return all;
  if (own.length === 1 && !literals && COMPARES.test(text)) {
    const kind = marked.things[own[0]!]![0]!.kind;
    const alike = all.filter((number) => marked.things[number]![0]!.kind === kind);
    if (all.length === 2) return all;
    if (alike.length === 2 && /\b(?:it|he|she|that|this)\b.*\bthan\b/.test(text)) return alike;
  }
  return own;
}

/** Those of the asking sentence, else all; of the kind that can be compared with the amount, where there are several. */
export function literalsFor(marked: Marked, text: string, { isYear, unit, attribute }: Quantity): Literal[] {
  const own = [...text.matchAll(/#(\d+)/g)].map(([, number]) => marked.literals[Number(number)]!);
  const known = own.length > 0 ? own : marked.literals;
  const fitting = known.filter(
    (one) => one.isYear === (isYear || attribute === 'age') || (one.unit !== undefined && unit !== undefined),
  );
  const several = known.length > 1 && fitting.length > 0 ? fitting : known;
  return several.length > 1 ? several.filter(({ value }) => value !== 1) : several;
}
