/** Reads answers in `\boxed{}` and `\fbox{}`, also broken ones: without braces, without an end, or with too few or too many slashes. */
import { bracedAt } from '../trajectory/braces';

export interface Box {
  content: string;
  start: number;
  end: number;
}

/** Also `\beginboxed{`, `\\boxed{` of doubly escaped JSON, and `boxed{` whose `\b` became a control character. */
const BOX = /(?:\\+(?:begin)?(?:boxed|fbox|framebox)|[\b\u0008]oxed|(?<![\w\\])boxed(?=\s*\{))\s*/g;
/** Only the last boxes of a text can belong to its answer. */
const MAX_BOXES = 40;
const MAX_CONTENT = 4_000;

/** The last boxes of a text in order. The content of a box without an end reaches to the end of its formula or line. */
export function findBoxes(text: string): Box[] {
  if (!text.includes('box') && !text.includes('oxed')) return [];
  const boxes: Box[] = [];
  for (const match of [...text.matchAll(BOX)].slice(-MAX_BOXES)) {
    const at = match.index + match[0].length;
    const last = boxes.at(-1);
    if (last !== undefined && at <= last.end) continue;
    const box = boxAt(text, at);
    if (box !== undefined) boxes.push({ ...box, start: match.index });
  }
  return boxes;
}

function boxAt(text: string, at: number): Omit<Box, 'start'> | undefined {
  if (text[at] !== '{') {
    // \boxed 5, \boxed\frac12
    const bare = /^(?:\\[a-zA-Z]+(?:\{[^{}]*\}|\d)*|-?[\w.,/]*\w)/.exec(text.slice(at, at + 100))?.[0];
    return bare === undefined ? undefined : { content: bare, end: at + bare.length };
  }
  const inner = bracedAt(text.slice(at, at + MAX_CONTENT), 0);
  if (inner !== undefined) return { content: tidy(inner), end: at + inner.length + 2 };
  const open = /^[^\n]*?(?=\$|\\\]|\\\)|\n|$)/.exec(text.slice(at + 1, at + MAX_CONTENT))?.[0] ?? '';
  const content = tidy(open).replace(/[.\s]+$/, '');
  return content === '' ? undefined : { content, end: at + 1 + open.length };
}

/** Removes what shows but is no answer inside a box: boxes and dollars, which are mistakes (`\boxed{12 $ and $13 }`), colours, `The answer is`. */
const tidy = (content: string): string =>
  content
    .replace(/\\+(?:boxed|fbox)\s*(?=\{)/g, '')
    .replace(/\\(?:text)?color(?:box)?\s*\{[^{}]*\}\s*/g, '')
    .replace(/^\s*\\text\s*\{\s*(?:so |thus )?(?:the )?(?:final )?answer(?: is)?\s*:?\s*\}\s*:?/i, '')
    .replace(/(?<!\\)\$\s*(and|or|,)\s*(?<!\\)\$/g, (_, word: string) => (word === ',' ? ', ' : ` \\text{ ${word} } `));

/** Text between the boxes of one answer: marks, "and", "or", a few words, but no new sentence and no word that begins another thought. */
const BESIDE = /^(?=[^]{0,60}$)(?!.*\n\s*\n)(?![^]*[.!?:]\s)[^]*$/;
const JOINS = /[,;&]|\\quad|(?<![a-zA-Z])(?:and|or|und|et|y)(?![a-zA-Z])/;
const GOES_ON =
  /\b(?:then|now|so|thus|hence|therefore|but|wait|giving|gives|which|check|instead|not)\b|=>|\\implies|\\Rightarrow/i;
const EITHER = /(?<![a-zA-Z])or(?![a-zA-Z])/;

export interface BoxedAnswer {
  last: string;
  /** The boxes of the last group as one list, if there are several different ones. */
  together?: string;
  end: number;
  /** The group offers alternatives ("or"), so its last box alone is not the answer. */
  isEither: boolean;
}

/** A percent sign behind a box belongs to it: `\boxed{28} \%`. */
const PERCENT_BEHIND = /^[\s$)\\]*?(\\?%|pct\b|per\s?cent\b)/i;

/** Words before a box that is denied. */
const DENIED = /\b(?:not|instead of|rather than)\s*(?:\$|\\\()?\s*$/i;

/** The boxes that are not denied; all of them if there is no other. */
function affirmed(text: string, boxes: Box[]): Box[] {
  const others = boxes.filter(({ start }) => !DENIED.test(text.slice(Math.max(0, start - 30), start)));
  return others.length > 0 ? others : boxes;
}

/** The answer in boxes; undefined if all boxes are empty or there are none. */
export function boxedAnswer(text: string): BoxedAnswer | undefined {
  const boxes = affirmed(
    text,
    findBoxes(text).filter(({ content }) => content.trim() !== ''),
  );
  const final = boxes.at(-1);
  if (final === undefined) return undefined;
  const group = [final];
  let isEither = false;
  for (let i = boxes.length - 2; i >= 0; i--) {
    const [box, next] = [boxes[i] as Box, boxes[i + 1] as Box];
    const between = text.slice(box.end, next.start);
    if (!BESIDE.test(between) || GOES_ON.test(between)) break;
    if (!JOINS.test(between) && !/^[\s$]*$/.test(between)) break;
    if (EITHER.test(between)) isEither = true;
    group.unshift(box);
  }
  const percent = /%|cent|pct/i.test(final.content) ? null : PERCENT_BEHIND.exec(text.slice(final.end, final.end + 24));
  const last = percent === null ? final.content : `${final.content} \\%`;
  const distinct = [...new Set(group.map(({ content }) => content.trim()))];
  return distinct.length > 1
    ? { last, end: final.end, together: distinct.join(isEither ? ' or ' : ', '), isEither }
    : { last, end: final.end, isEither: false };
}
