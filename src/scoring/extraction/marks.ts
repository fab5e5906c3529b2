/** Finds marks of a final answer: phrases in the languages of the usual harnesses, GSM8K's `####`, tags, JSON. */
import { depths } from '../../trajectory/braces';

/** `The answer is`, `Final answer:`, `The answer (Yes or No) is`, `The answer to the question is`, `ANSWER:`, a heading `## Final answer`. */
const ENGLISH = String.raw`\banswers?(?:\*\*)?(?:\s+\([^()\n]{1,40}\))?(?:\s+(?:to|for|of)\s[^.\n:=]{1,80}?)?\s*(?:(?:is|are)\b(?:\s+(?:therefore|thus|hence|then|simply|just|clearly)\b)?\s*:?|(?:should|would|must|will)\s+be\b\s*:?|equals\b|:|=|→|->|(?<=(?:^|\n)\W*(?:final\s+)?answer\s*)(?=\$|\\\(|\\\[)|(?<=#{1,6}[^\n]{0,20})\n|(?<=\*\*[^\n]{0,30}\*\*)\s*\n)`;

/** Phrases of MGSM's translations and similar ones. Each ends in its verb or a colon. */
const OTHER_LANGUAGES = [
  String.raw`(?:die\s+)?(?:endgültige\s+)?antwort\s*(?:ist|lautet|:)\s*:?`,
  String.raw`r[ée]ponse(?:\s+(?:finale|correcte))?\s*(?:est|:)\s*:?`,
  String.raw`respuesta(?:\s+(?:final|correcta))?\s*(?:es|:)\s*:?`,
  String.raw`resposta(?:\s+(?:final|correta))?\s*(?:é|:)\s*:?`,
  String.raw`risposta(?:\s+(?:finale|corretta))?\s*(?:è|:)\s*:?`,
  String.raw`antwoord\s*(?:is|:)\s*:?`,
  String.raw`odpowied[zź]\s*(?:to|:)\s*:?`,
  String.raw`ответ\s*(?:равен|это|[—–:-])\s*:?`,
  String.raw`відповідь\s*(?:[—–:-])`,
  String.raw`cevap\s*:`,
  String.raw`jibu\s*(?:ni|:)\s*:?`,
  String.raw`jawaban(?:nya)?\s*(?:adalah|:)\s*:?`,
  String.raw`(?:đáp\s+án|câu\s+trả\s+lời)\s*(?:là|:)\s*:?`,
  String.raw`(?:最终)?(?:答案|答)(?:是|为|為|：|:|は)[:：]?`,
  String.raw`(?:答え|正解)\s*(?:は|：|:)`,
  String.raw`(?:정답|답)\s*(?:은|:)\s*:?`,
  String.raw`คำตอบ\s*(?:คือ|:)\s*:?`,
  String.raw`उत्तर\s*(?:है|:|है:)`,
  String.raw`উত্তর\s*(?:হল|হলো|:)\s*:?`,
  String.raw`సమాధానం\s*:?`,
  String.raw`(?:الإجابة|الجواب)(?:\s+(?:الصحيحة|الصحيح|النهائية|النهائي))?\s*(?:هي|هو|:)\s*:?`,
];

const PHRASE = new RegExp(`(?:${[ENGLISH, ...OTHER_LANGUAGES].join('|')})\\s*`, 'giu');
const HASHES = /####(?!#)[ \t]*(?=[^\s#])(?!\s*(?:the\s+)?(?:final\s+|correct\s+)?answer\b)/gi;
const TAG = /<(answer|ans|final_answer|final|solution)>([^<>]*)<\/\1>/gi;
const ASCII_TAG = /\[(ANS|ANSWER)\]([^[\]]*)\[\/\1\]/gi;
/** Of JSON, or of a dictionary as Python prints it. */
const FIELD =
  /(["'])(?:final[_ ]?answer|answer)\1\s*:\s*("(?:[^"\\]|\\.){0,2000}"|'[^'\\]{0,2000}'|-?\d[\d.eE+-]*|true|false)/gi;
/** The last call of an agent: `finish[Paris]`, `final_answer("Paris")`. */
const FINISH = /\b(?:finish\[([^\][]*)\]|final_answer\((?:answer\s*=\s*)?([^()\n]*)\))[\s`]*$/i;

export type MarkRule = 'answer tag' | '####' | 'final answer' | 'JSON field';

export interface Mark {
  rule: MarkRule;
  /** The text between the marks, or all that follows the mark. */
  text: string;
  /** The mark is a phrase, so it does not say where the answer ends. */
  isOpen: boolean;
  /** Where it stands in the response. */
  at: number;
  /** The mark says "final". */
  isFinal: boolean;
}

/** Sentences about the answer that do not state it. */
const ABOUT =
  /^(?:correct|right|wrong|derived|obtained|based|found|clear|explained|below|above|shown|given (?:by|in)|as follows\W*$)/i;

/** The last mark with text behind it; undefined if there is none. */
export function finalMark(text: string): Mark | undefined {
  const found: Mark[] = [];
  for (const pattern of [TAG, ASCII_TAG])
    for (const match of text.matchAll(pattern)) {
      const inner = (match[2] as string).trim();
      if (inner !== '') found.push(closedMark('answer tag', inner, match.index));
    }
  const finish = FINISH.exec(text);
  if (finish !== null) found.push(closedMark('answer tag', (finish[1] ?? finish[2]) as string, finish.index));
  // GSM8K's mark ends with its line.
  let hashes: Mark | undefined;
  for (const match of text.matchAll(HASHES)) {
    const line = text.slice(match.index + match[0].length).split('\n', 1)[0] as string;
    hashes = closedMark('####', line.trim(), match.index);
  }
  if (hashes !== undefined) found.push(hashes);
  for (const match of text.matchAll(FIELD))
    found.push(closedMark('JSON field', fieldText(match[2] as string), match.index));
  if (found.length > 0 && found.some(({ rule }) => rule !== '####'))
    return found.reduce((last, one) => (one.at >= last.at ? one : last));
  return later(hashes, lastPhrase(text));
}

const closedMark = (rule: Mark['rule'], text: string, at: number): Mark => ({
  rule,
  text,
  at,
  isOpen: false,
  isFinal: true,
});

function later(one: Mark | undefined, other: Mark | undefined): Mark | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.at > other.at ? one : other;
}

function lastPhrase(text: string): Mark | undefined {
  const ends: [at: number, end: number][] = [];
  for (const match of text.matchAll(PHRASE)) ends.push([match.index, match.index + match[0].length]);
  const saying = ends.slice(-20).filter(([, end]) => text.slice(end, end + 200).trim() !== '');
  const [at, end] = saying.findLast(([, start]) => !ABOUT.test(text.slice(start, start + 60))) ?? saying.at(-1) ?? [];
  if (at === undefined || end === undefined) return undefined;
  return {
    rule: 'final answer',
    text: withoutOpenBrace(text.slice(end)).trim(),
    isOpen: true,
    at,
    isFinal: /final/i.test(text.slice(Math.max(0, at - 20), end)),
  };
}

/** Removes the end of a command that began before the mark: of `\\text{Answer: } 460` the brace. */
function withoutOpenBrace(text: string): string {
  const [line = ''] = text.replace(/\\./g, '  ').split('\n', 1);
  const at = depths(line, '{', '}').indexOf(-1);
  return at < 0 ? text : text.slice(0, at) + text.slice(at + 1);
}

/** The value of a JSON field. A single slash before letters means a LaTeX command, not an escape. */
function fieldText(source: string): string {
  if (source.startsWith("'")) return source.slice(1, -1);
  if (!source.startsWith('"')) return source;
  if (/(?<!\\)\\[a-zA-Z]{2,}/.test(source)) return source.slice(1, -1);
  try {
    return String(JSON.parse(source));
  } catch {
    return source.slice(1, -1);
  }
}
