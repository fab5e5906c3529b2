/** Finds the answer of prose without a mark: the last formula or number of its last sentence. */
import { withMinusSign } from '../values/number-words';

export interface LastValue {
  text: string;
  rule: 'last formula' | 'last number' | 'last letter' | 'last line' | 'first line';
}

/** Phrases that models add behind their answer. */
const PLEASANTRY =
  /^(?:i hope\b|let me know|hope (?:this|that)|please (?:let|feel)|feel free|if you (?:have|need|want)|thank|note\b|\(?(?:this|that) is (?:the )?(?:final|correct)|is there anything|would you like|good luck|happy to|q\.e\.d)/i;
const SENTENCE_END = /(?<=[.!?。！？][)"'*$]*)\s+(?=[^\sa-z])|\n\s*\n|(?<=[。！？])/;
const MAX_TAIL = 3_000;
const MAX_LIST = 400;

/** The last sentence with content; display formulas belong to the sentence before them. */
export function lastSentence(text: string): string {
  const tail = text.slice(-MAX_TAIL).trim();
  const guarded = tail.replace(/(\\\[[^]*?\\\]|\$\$[^]*?\$\$|\\begin\{(\w+\*?)\}[^]*?\\end\{\2\})/g, (formula) =>
    formula.replace(/\s+/g, ' '),
  );
  const sentences = guarded
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
  for (let i = sentences.length - 1; i >= 0; i--) {
    const sentence = sentences[i] as string;
    if (PLEASANTRY.test(sentence.replace(/^[*_(]+/, '')) || !/[\p{L}\p{N}]/u.test(sentence)) continue;
    const isFormula = /^(?:\\\[|\$\$)[^]*(?:\\\]|\$\$)[.\s]*$/.test(sentence);
    return isFormula && i > 0 && /:$/.test(sentences[i - 1] as string) ? `${sentences[i - 1]} ${sentence}` : sentence;
  }
  return '';
}

const FORMULA =
  /(?<!\\)\$\$([^]+?)(?<!\\)\$\$|\\\[([^]+?)\\\]|\\\(([^]+?)\\\)|(?<![\\$])\$((?:[^$\\]|\\[^])+?)\$(?!\d)/g;
const NUMBER =
  /(?<![\w.$€£\\^_{])[-+]?\s?\\?[$€£]?\s?-?(?:\d{1,3}(?:(?:,\\!|\{,\}|,)\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:\s*\/\s*\d+|[eE][+-]?\d+)?(?:\s*\\?%|\s?(?:percent|per cent|pct)\b|\s?[$€£¥](?=\s|$|[.,])|°)?/g;
/** A decimal comma: `2,74 $`. */
const DECIMAL_COMMA = /(?<![\w.,])-?(?:0,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2})(?![\d,.])(?:\s?[%€£$])?/g;
const UNIT_BEHIND =
  /^\s?(?:(?:square|cubic|sq\.?|cu\.?)\s)?[a-zA-Z°²³]+(?:\^?\{?[23²³]\}?)?(?:\s?\/\s?[a-z]+|\s+per\s+[a-z]+)?/;
/** Words behind a number that are not units. */
const NO_UNIT =
  /^\s?(?:of|in|on|at|and|or|is|are|was|were|as|by|to|for|from|the|an?|so|if|when|with|which|that|it|has|have|left|more|each|than|then|because|since|after|before)\b/i;
/** Words before a value that say that it is another one, or one of several. */
const NOT_THIS =
  /(?:\b(?:not|n't|never|than|least|most|under|above|below|over|exceed\w*|between|versus|isn't|except)|[<>≤≥≠~]|\\(?:ne|neq|le|leq|ge|geq|lt|gt))\s*(?:[$€£]|\\\()?\s*$/i;
const ONE_OF_SEVERAL =
  /[\d$)%]\s*(?:[a-z]+\s+)?(?:\bor\b|\bto\b|\bnor\b|\band\b|\bvs\b\.?|–|—|,)\s*(?:\\?[$€£]|\\\()?\s*$/i;

interface Span extends LastValue {
  at: number;
  end: number;
}

/** What a minus sign subtracts from, if it stands before it; a word of two letters or more is none. */
const OPERAND = /(?:[\d)\]}]|(?<![a-zA-Z])[a-zA-Z])\s*$/;

const MIN_WORDS = 3;
/** A label before the value: `Special matrix: ...`. */
const LABEL = /^\p{L}{3,}(?:\s\p{L}+){0,4}\s?:\s/u;

/** Whether there are words around the value. Without them the text is a bare answer, whose parts are no answers. */
function isProse(sentence: string): boolean {
  const words = sentence
    .replace(FORMULA, ' ')
    .replace(/\\(?:text|mbox|mathrm)\s*\{[^{}]*\}|\\[a-zA-Z]+/g, ' ')
    .match(/\p{L}{2,}/gu);
  if (LABEL.test(sentence)) return true;
  return (words?.length ?? 0) >= MIN_WORDS || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Thai}]{4}/u.test(sentence);
}

/** Formulas without mathematics signs: `so the area is 2\pi.` */
const UNMARKED =
  /(?:\b(?:is|are|be|equals|get|obtain|find|gives|has)|=)\s+((?:(?!\b(?:is|are|be|equals|get|obtain|find|gives|has)\b)[^=$])*\\[a-zA-Z][^=$]*?)\.?$/;

const AMOUNT = String.raw`[$€£]?\d[\d,.]*`;
/** A number with its noun, and circumstances behind: `10 apples after 3 days`. A second word would often be a verb. */
const HEADED = new RegExp(
  String.raw`^\W*(-?${AMOUNT} (?!(?:is|are|was|were) )(?:(?:more|fewer|square|cubic) )?[a-z]+(?: of [a-z]+)?)(?: left| remaining| in total)? (?:after|before|in|within|during|for|at|over|by|with|from|on|until|per|every) (?:the (?:first|next|last) )?${AMOUNT}(?: [a-z]+){0,2}\W*$`,
  'i',
);

/** An amount of money and what it is for, in a sentence with no other number: `He pays $64 for 16 glasses.` */
const PAID = new RegExp(
  String.raw`^[^\d$€£]*(-?[$€£]\d[\d,.]*)(?: [a-z]+){0,3} (?:after|before|in|within|during|for|over|from|on|per|every) (?:[a-z]+ )?\d[\d,.]*(?: [a-z]+){0,2}\W*$`,
  'i',
);

/** A sentence that gives no answer, whatever numbers it names: `I cannot determine it from the 12 facts.` */
const REFUSES =
  /\b(?:cannot|can't|can not|could not|couldn't|unable to|impossible to|not possible to|do not|don't|not enough (?:information|data) to)\s+(?:be )?(?:answer|calculate|compute|determine|find|give|know|provide|say|solve|tell)/i;

/** Whether the last sentence of a text gives no answer. */
export const refuses = (text: string): boolean => REFUSES.test(lastSentence(text));

/**
 * Undefined if the sentence refuses, ends in no value, gives several, or is no prose.
 *
 * @param context the text that the sentence ends; a short sentence counts as prose if others precede it. @default the sentence
 */
export function lastValue(source: string, context: string = source): LastValue | undefined {
  const sentence = withMinusSign(source);
  if (!isProse(sentence) && (source === context.trim() || !isProse(context))) return undefined;
  if (REFUSES.test(sentence)) return undefined;
  const headed = (HEADED.exec(sentence) ?? PAID.exec(sentence))?.[1];
  if (headed !== undefined) return { text: headed, rule: 'last number' };
  const unmarked = sentence.includes('$') ? undefined : UNMARKED.exec(sentence)?.[1];
  if (unmarked !== undefined && !/\\[()[\]]/.test(unmarked)) return { text: unmarked.trim(), rule: 'last formula' };
  return lastMarked(sentence) ?? plainFormula(sentence);
}

/** The last formula between mathematics signs, or the last number. */
function lastMarked(sentence: string): LastValue | undefined {
  const formulas: Span[] = [...sentence.matchAll(FORMULA)].map((match) => ({
    text: (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').trim(),
    rule: 'last formula',
    at: match.index,
    end: match.index + match[0].length,
  }));
  const formula = formulas.at(-1);
  const number = lastNumber(sentence, formula?.end ?? 0);
  const last = number ?? formula;
  if (last === undefined) return undefined;
  const before = sentence.slice(Math.max(0, last.at - 60), last.at);
  if (NOT_THIS.test(before) || ONE_OF_SEVERAL.test(before)) return undefined;
  const named = last.rule === 'last formula' ? /^[A-Za-z]{2,4}\s*=\s*([^=<>]+)$/.exec(last.text)?.[1] : undefined;
  if (named !== undefined) return { text: named, rule: last.rule };
  const percent = /^\s*(?:\\?%|percent\b|per cent\b|pct\b)/.exec(sentence.slice(last.end));
  return { text: percent === null ? last.text : `${last.text} \\%`, rule: last.rule };
}

const PART = String.raw`(?:(?<!\\)\$[^$]+\$|\\\([^]+?\\\)|\([^()]+\)|(?:[a-zA-Z]\s*=\s*)?-?\d{1,3}(?:,\d{3})+(?!\d)|(?:[a-zA-Z]\s*=\s*)?-?(?:\d*\.)?\d+(?:/\d+)?)`;
const LIST = new RegExp(
  String.raw`(?:\b(?:are|is|be)|[:=])\s+(${PART}(?:\s*(?:[,;]\s*(?:and|or)|;|,(?!\d{3}(?!\d))|and|or)\s*${PART})+)\s*\.?$`,
);

/** The values that a sentence ends in: `The roots are 1, 2, and 3.` */
export function lastList(sentence: string): LastValue | undefined {
  const list = LIST.exec(sentence.slice(-MAX_LIST))?.[1];
  return list === undefined || !isProse(sentence) ? undefined : { text: list, rule: 'last formula' };
}

const SAID =
  /^[^]*\b(?:is|are|be|equals?)\s+([-+]?[(\[{|√\d\p{L}][^\n$\\]*?)(?:\s+(?:square|cubic)?\s*units?)?\s*\.?$/u;
const WORD = /(?!(?:sqrt|sin|cos|tan|log|exp|and)(?!\p{L}))(?<!\p{L})\p{L}{3,}/u;
const MAX_FORMULA = 100;

/** A formula in plain characters at the end of a sentence: `The point is (3, 4).`, `The length is 2√3.` */
function plainFormula(sentence: string): LastValue | undefined {
  const said = sentence.length > MAX_TAIL ? undefined : SAID.exec(sentence)?.[1];
  if (said === undefined || said.length > MAX_FORMULA || !/[()[\]^√π*/+]/.test(said)) return undefined;
  const isProse = WORD.test(said) || /\b(?:or|to|vs|at)\b/.test(said);
  return isProse ? undefined : { text: said, rule: 'last formula' };
}

function lastNumber(sentence: string, from: number): Span | undefined {
  let found: RegExpMatchArray | undefined;
  for (const match of sentence.slice(from).matchAll(NUMBER)) found = match;
  for (const match of sentence.slice(from).matchAll(DECIMAL_COMMA))
    if (found === undefined || match.index + match[0].length > (found.index as number)) found = match;
  if (found === undefined) return undefined;
  const at = from + (found.index as number);
  const end = at + found[0].length;
  // Part of an expression: 2\pi, x + 3, 5 - 3, 2^3.
  if (/^\s*(?:[\^_({*/+=×π√]|\\(?!%|text|mbox|\$))/.test(sentence.slice(end))) return undefined;
  if (
    /(?:[+*/^_\\{(√±×]|\d\s*:)\s*$/.test(sentence.slice(0, at)) ||
    (/^\s*[-+]/.test(found[0]) && OPERAND.test(sentence.slice(0, at)))
  )
    return undefined;
  const behind = sentence.slice(end, end + 60);
  const hasNoUnit = /[%€£¥°]$|percent|pct/.test(found[0]) || NO_UNIT.test(behind);
  const unit = hasNoUnit ? '' : (UNIT_BEHIND.exec(behind)?.[0] ?? '');
  return { text: `${found[0].trim()} ${unit.trim()}`.trim(), rule: 'last number', at, end };
}
