/**
 * Finds the answer in a response. Rules are tried in a fixed order, and each reading names its rule
 * (docs/scoring.md, "Which part of a response is the answer").
 */
import type { Extraction, HarnessFilter } from '../../contract/scoring';
import { plainCharacters } from '../values/plain-characters';
import { boxedAnswer, findBoxes, type BoxedAnswer } from '../../formats/boxes';
import { harnessFilter, isHarnessFilter } from './gsm8k-filters';
import { choiceLetter, namedLetter } from '../values/choice-letter';
import { isKnownUnit } from '../values/units';
import { lastLetter } from './last-letter';
import { lastList, lastSentence, lastValue, type LastValue } from './last-value';
import { finalMark, type MarkRule } from './marks';
import { withoutAside, withoutConnective, withoutReason } from './explanations';
import { PYTHON_POWER, unwrap, withoutEmphasis } from './wrappings';
import { withoutThinking } from './without-thinking';

export type ExtractionRule = 'boxed' | 'several boxes' | MarkRule | LastValue['rule'] | 'whole text' | HarnessFilter;

/** A part of a response that may be its answer. */
export interface Reading {
  text: string;
  rule: ExtractionRule;
}

/** The kind of answer to look for: only values can be the last one of a sentence, only mathematics can be in several boxes. */
export type AnswerKind = 'value' | 'text' | 'letter';

export interface ExtractOptions {
  /** @default 'auto' */
  extract?: Extraction;
  /** @default 'value' */
  kind?: AnswerKind;
  /** The gold answer has several parts, so that several boxes are one answer. @default false */
  several?: boolean;
}

/** Models that repeat themselves without end write blanks, too, and patterns take long to look through them. */
const BLANKS = /\s{64,}/g;
const squeezed = (text: string): string => text.replace(BLANKS, (run) => (run.includes('\n') ? '\n\n' : ' '));

/** Of a longer response only the end is searched. */
const MAX_RESPONSE = 400_000;

/**
 * The readings of a response in the order of the rules. Each is a span that the response gives as its answer, the widest first; none is
 * from its middle. Empty if there is no answer.
 */
export function readAnswer(response: string, options: ExtractOptions = {}): Reading[] {
  const { extract = 'auto' } = options;
  if (isHarnessFilter(extract)) {
    const text = harnessFilter(extract, response);
    return text === undefined ? [] : [{ text, rule: extract }];
  }
  const spoken = withoutThinking(squeezed(response).slice(-MAX_RESPONSE));
  if (spoken === undefined || spoken.trim() === '') return [];
  const text = plainCharacters(spoken);
  switch (extract) {
    case 'boxed':
      return boxedReadings(text, options) ?? [];
    case 'marked':
      return markedReadings(text, options) ?? [];
    case 'last':
      return lastReadings(text, options);
    case 'whole':
      return [{ text: unwrap(text), rule: 'whole text' }];
    default:
      return (
        laterThanBoxes(text, options) ??
        boxedReadings(text, options) ??
        markedReadings(text, options) ?? [
          ...wholeReadings(text, options),
          ...(firstLine(text, options) ?? lastReadings(text, options)),
        ]
      );
  }
}

/** The answer of a response as one text: the widest reading that is no prose. Null if there is no answer. */
export function extractAnswer(
  response: string,
  options: ExtractOptions = {},
): { text: string | null; rule?: ExtractionRule } {
  const readings = readAnswer(response, options);
  return readings.find(({ text }) => isShort(text)) ?? readings.at(-1) ?? { text: null };
}

/** A bare answer and no prose around it. */
const isShort = (text: string): boolean => text.length <= 80 && !/\n\s*\n|[.!?]\s+[A-Z]/.test(text);

/** What stands in parentheses may be a factor: `2 (x + 1)`. */
const PRODUCT = /\((?!\s*[=≈])(?:[^()]*\\|(?![^()]*\p{L}{3})[^()]*[a-z+*^]|[^()]*\b(?:sqrt|sin|cos|tan|log|exp)\b)/iu;

/** The whole response; a short value also without an aside behind it: `42 (forty-two)`. */
function wholeReadings(text: string, { kind = 'value' }: ExtractOptions): Reading[] {
  const whole = withoutEmphasis(text);
  const bare = kind === 'value' && text.length <= MAX_LINE && !PRODUCT.test(whole) ? withoutAside(whole) : whole;
  return [...new Set([whole, bare])].map((part) => ({ text: unwrap(withoutConnective(part)), rule: 'whole text' }));
}

/** Whether a final answer in digits or formulas follows the last box; then it replaces the box. So does a letter beside a box of mathematics. */
function laterThanBoxes(text: string, options: ExtractOptions): Reading[] | undefined {
  const [box, mark] = [findBoxes(text).at(-1), finalMark(text)];
  if (box === undefined || mark === undefined) return undefined;
  if (options.kind === 'letter')
    return letterOf(unwrap(boxedAnswer(text)?.last ?? '')) === undefined ? markedReadings(text, options) : undefined;
  if (!mark.isFinal || mark.at < box.end) return undefined;
  return /\d|\\[a-zA-Z]/.test(mark.text) ? markedReadings(text, options) : undefined;
}

const UNIT_BEHIND =
  /^\s*(?:\$|\\\))?\s*(?:\\(?:text|mathrm|textrm|mbox)\s*\{\s*([^{}]{1,30}?)\s*\}|((?:square |cubic |sq\.? |cu\.? )?[a-zA-Z]+))(?:\^?\{?([23²³])\}?)?(?![\w{])((?:\/| per )[a-z]+)?/;

/** A unit behind a box without one belongs to it: `\boxed{500} cm`. */
function unitBehind(text: string, { last, end }: BoxedAnswer): string {
  if (/[a-zA-Z]{2}|[%=,;°]/.test(last.replace(/\\[a-zA-Z]+/g, ''))) return '';
  const [, inText, plain = inText, power, per = ''] = UNIT_BEHIND.exec(text.slice(end, end + 60)) ?? [];
  const name = plain?.replace(/^(?:square|cubic|sq\.?|cu\.?) /, '').split(/[\s^/²³]/)[0] ?? '';
  return isKnownUnit(name) || /^[mg]$/.test(name)
    ? ` \\text{ ${plain}${per}}${power === undefined ? '' : `^${power}`}`
    : '';
}

function boxedReadings(text: string, { several = false }: ExtractOptions): Reading[] | undefined {
  const boxed = boxedAnswer(text);
  if (boxed === undefined) return undefined;
  const last: Reading = { text: unwrap(`${boxed.last}${unitBehind(text, boxed)}`), rule: 'boxed' };
  if (boxed.together === undefined) return [last];
  const together: Reading = { text: boxed.together, rule: 'several boxes' };
  return boxed.isEither ? [together] : several ? [together, last] : [last];
}

/** Words behind an answer that withdraw it. */
const TAKEN_BACK =
  /^\W*(?:wait\b|no[,.]|actually\b|hmm\b|sorry\b|correction\b|i made (?:a|an)\b|let me (?:re|double|check)|on second thought|scratch that)/i;
const SENTENCE = /[.!?](?=["'*)$]*\s)|[。！？]/g;
const ABBREVIATION = /(?:^|[\s.(])(?:[A-Za-z]|St|Mt|Dr|Mr|Mrs|Ms|Jr|Sr|Prof|vs|etc|approx|no|No|ft|sq|cu|in)\.$/;

function markedReadings(text: string, options: ExtractOptions): Reading[] | undefined {
  const mark = finalMark(text);
  if (mark === undefined) return undefined;
  const readings = [unwrap(mark.isOpen ? closed(mark.text) : mark.text)];
  if (mark.isOpen) {
    const paragraph = firstBlock(mark.text);
    const line = (paragraph.split('\n', 1)[0] as string).trim();
    const sentence = firstSentence(line);
    if (sentence !== undefined && TAKEN_BACK.test(mark.text.slice(mark.text.indexOf(sentence) + sentence.length)))
      return lastReadings(text, options);
    for (const part of [paragraph, line, sentence ?? line]) readings.push(unwrap(closed(part)));
  }
  const said = readings.at(-1) as string;
  const answer = options.kind === 'letter' ? undefined : withoutReason(said);
  if (answer !== undefined) readings.push(unwrap(closed(answer)));
  if (options.kind !== 'text') {
    const bare = options.kind === 'letter' ? said : withoutAside(withoutEmphasis(said));
    const inner = lastOf(said, options);
    readings.push(unwrap(closed(bare)), ...(inner === undefined ? [] : [unwrap(inner.text)]));
  }
  return [...new Set(readings)]
    .filter((reading) => reading !== '')
    .map((reading) => ({ text: reading, rule: mark.rule }));
}

/** Removes the end of emphasis that began before the mark: `**Answer: 18**`. */
function closed(text: string): string {
  const isOpen = text.replace(PYTHON_POWER, '^').split('**').length % 2 === 0;
  return isOpen ? text.replace(/^\*\*\s*|\s*\*\*(?=\.?\s*(?:\n|$))/, '') : text;
}

/** The text up to the first blank line. A display formula is one block, even behind blank lines. */
function firstBlock(text: string): string {
  const display = /^(\\\[|\$\$)\s*([^]*?)\s*(?:\\\]|\$\$)/.exec(text);
  return display?.[2] ?? (text.split(/\n\s*\n/, 1)[0] as string);
}

/** Undefined if the line is one sentence. A point within an abbreviation or a formula ends no sentence. */
function firstSentence(line: string): string | undefined {
  for (const match of line.matchAll(SENTENCE)) {
    const sentence = line.slice(0, match.index + 1);
    const isInFormula = (sentence.replaceAll('\\$', '').split('$').length - 1) % 2 === 1;
    if (!isInFormula && !ABBREVIATION.test(sentence)) return sentence;
  }
  return undefined;
}

const VALUE = /^[^\p{L}=]*(?:\d|\\[a-z]+)[^=]*$/u;
const MAX_LINE = 80;

/** A bare answer, a blank line, and then its explanation: undefined for any other text. */
function firstLine(text: string, { kind = 'value' }: ExtractOptions): Reading[] | undefined {
  const [head = '', ...rest] = text.trim().split(/\n\s*\n/);
  const explanation = rest.join(' ').match(/\p{L}{2,}/gu)?.length ?? 0;
  if (explanation < 3 || head.length > MAX_LINE || /\n|[:?]\s*$|^\s*#/.test(head)) return undefined;
  const words = head.match(/\p{L}{2,}/gu)?.length ?? 0;
  const line = unwrap(head);
  const isBare =
    kind === 'letter' ? letterOf(line) !== undefined : kind === 'text' ? words <= 6 : words <= 3 && VALUE.test(line);
  return isBare ? [{ text: line, rule: 'first line' }] : undefined;
}

function lastReadings(text: string, options: ExtractOptions): Reading[] {
  const last = options.kind === 'text' ? lastLine(text) : lastOf(lastSentence(text), options, text);
  return last === undefined ? [] : [{ text: unwrap(last.text), rule: last.rule }];
}

function lastOf(
  source: string,
  { kind = 'value', several = false }: ExtractOptions,
  context?: string,
): LastValue | undefined {
  if (kind === 'letter') return lastLetter(source, context);
  const sentence = withoutAside(withoutEmphasis(source));
  return (several ? lastList(sentence) : undefined) ?? lastValue(sentence, context);
}

const letterOf = (text: string): string | undefined => choiceLetter(text) ?? namedLetter(text);

/** A sentence that ends in the only words that it emphasises, and denies nothing. */
const EMPHASISED_END = /^(?![^]*\b(?:not|never|nor?|or)\b)(?![^]*n't\b)[^*\n]*\s\*\*([^*\n]{1,80}?)\.?\*\*[.\s]*$/;

/** A response of several lines gives a text answer in its last one, or in what that emphasises at its end. */
function lastLine(text: string): LastValue | undefined {
  const lines = text.trim().split('\n');
  const last = lines.at(-1)?.replace(/^\s*(?:[-*>]\s+|#+\s+)?/, '');
  const emphasised = EMPHASISED_END.exec(last ?? '')?.[1];
  if (emphasised !== undefined) return { text: emphasised, rule: 'last line' };
  return lines.length < 2 || last === undefined ? undefined : { text: last, rule: 'last line' };
}
