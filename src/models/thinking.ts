/** Removes a model's thinking from its answer, if the server leaves it in the text. Answers in files have it there, too. */

export interface SplitAnswer {
  /** The text outside the thinking. */
  answer: string;
  /** Whether the text ends inside the thinking, before an answer began. */
  unfinished: boolean;
}

interface Marks {
  open: RegExp;
  /** The closing mark of an opening one. */
  closeOf: (opened: RegExpExecArray) => RegExp;
  /** Any closing mark, to find one whose opening mark the chat template has put into the prompt. */
  close: RegExp;
}

/** Words that name thinking, with a model's or a vendor's name before them: `think`, `thoughts`, `seed:think`, `longcat_think`, `inner_monologue`. */
const WORD = String.raw`(?:\w+[:_])?(?:think|thinking|thoughts?|thought_process|reasoning|reflection|scratchpad|analysis|monologue|chain_of_thought|cot)`;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const closing = (word: string) => new RegExp(String.raw`</${word}>|◁/${word}▷|<\|/${word}\|>`, 'gi');
const pair = (open: RegExp, close: RegExp): Marks => ({ open, close, closeOf: () => close });

/** `<|START_THINKING|>`, `<|begin_of_thought|>`, `<|thinking_start|>`, `<think_start>` and their ends. */
function bounded(edge: string): RegExp {
  const word = '(?:think(?:ing)?|thoughts?|reasoning|cot)';
  return new RegExp(String.raw`<\|?(?:(?:${edge})_?(?:of_?)?${word}|${word}_(?:${edge}))\|?>`, 'gi');
}

/** Thinking as a quotation that a router puts before the answer (Poe). */
const QUOTED = /^\s*\*?Thinking\.\.\.\*?[^\n]*\n(?:\s*>[^\n]*(?:\n|$))+/;

/** Tags named for thinking, then marks that are not: Magistral, Command A, OpenThoughts, Gemma, MedGemma, Apertus, Solar, Open WebUI, Granite. */
const MARKS: readonly Marks[] = [
  {
    open: new RegExp(String.raw`<(${WORD})(?:\s[^<>\n]{0,100})?>|◁(${WORD})▷`, 'gi'),
    closeOf: ([, tag, other]) => closing(escaped(tag ?? other ?? '')),
    close: closing(WORD),
  },
  pair(/\[THINK(?:ING)?\]/gi, /\[\/THINK(?:ING)?\]/gi),
  pair(bounded('start|begin'), bounded('end')),
  pair(/<\|channel>thought/g, /<channel\|>/g),
  pair(/<(?:unused|ctrl)94>(?:thought)?/g, /<(?:unused|ctrl)95>/g),
  pair(/<\|inner_prefix\|>/g, /<\|inner_suffix\|>/g),
  pair(/<\|think\|>/g, /<\|end\|>(?:<\|begin\|>assistant)?(?:<\|content\|>)?/g),
  pair(/<details type="reasoning"[^<>]*>/g, /<\/details>/g),
  pair(/Here(?:'s| is) my (?:thought|thinking|reasoning) process:/g, /Here(?:'s| is) my (?:response|answer):/g),
];

/** gpt-oss (Harmony): channel `final` is the answer. The second form remains when special tokens are dropped. */
const HARMONY_FINAL = /<\|channel\|>final[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>/g;
const HARMONY = /^\s*(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)/;
const HARMONY_BARE = /^\s*analysis(?=[A-Z"'(\n ])[\s\S]*?assistant(?:commentary[\s\S]*?assistant)?final(?![a-z])/;

/** Marks that some models put around the answer (Hunyuan, DeepSeek-R1 style prompts, Command A). */
const ANSWER_PAIRS: readonly (readonly [open: string, close: string])[] = [
  ['<answer>', '</answer>'],
  ['<response>', '</response>'],
  ['<|START_RESPONSE|>', '<|END_RESPONSE|>'],
  ['<|begin_of_solution|>', '<|end_of_solution|>'],
];

/** Removes thinking, and marks that stand around all of the answer. */
export function splitThinking(text: string): SplitAnswer {
  const { answer, unfinished } = cutThinking(text);
  return { answer: unwrap(answer), unfinished };
}

/**
 * Removes thinking, and leaves marks of the answer.
 *
 * Without a closing mark, everything after the opening mark is thinking. A closing mark alone (the chat template has put the opening one
 * into the prompt) ends the thinking only at the edge of a line outside a code fence, so that a text may mention a mark.
 *
 * @param anywhere whether marks within a line count, too, and text before them does not @default false
 */
export function cutThinking(text: string, anywhere = false): SplitAnswer {
  const harmony = splitHarmony(text);
  if (harmony) return harmony;
  let answer = text.replace(QUOTED, '');
  if (answer.trim() === '' && text.trim() !== '') return { answer: '', unfinished: true };
  for (let removed = true; removed;) {
    removed = false;
    for (const marks of MARKS) {
      const opened = opening(answer, marks.open, anywhere);
      if (!opened) continue;
      const before = answer.slice(0, opened.index);
      const end = endOf(answer, opened, marks);
      if (end < 0) return { answer: before.trim(), unfinished: before.trim() === '' };
      const after = answer.slice(end).trimStart();
      answer = anywhere && after !== '' ? after : `${before}${after}`;
      removed = true;
    }
  }
  for (const { close } of MARKS) answer = afterClosingAlone(answer, close, anywhere);
  if (isBeginningOfMark(answer)) return { answer: '', unfinished: true };
  return { answer, unfinished: false };
}

function splitHarmony(text: string): SplitAnswer | undefined {
  const finals = [...text.matchAll(HARMONY_FINAL)];
  const last = finals.at(-1);
  if (last) return { answer: text.slice(last.index + last[0].length), unfinished: false };
  // A function call is in the channel commentary.
  if (HARMONY.test(text)) {
    const call = text.search(/<\|channel\|>commentary to=/);
    return call < 0 ? { answer: '', unfinished: true } : { answer: text.slice(call), unfinished: false };
  }
  const bare = HARMONY_BARE.exec(text);
  return bare ? { answer: text.slice(bare[0].length), unfinished: false } : undefined;
}

/** Where thinking begins: at the start of the text, or at the start of a line outside a code fence. */
function opening(text: string, mark: RegExp, anywhere: boolean): RegExpExecArray | undefined {
  for (const opened of text.matchAll(mark)) {
    const before = text.slice(0, opened.index);
    if (anywhere || before.trim() === '' || (/\n[ \t]*$/.test(before) && !inFence(before))) return opened;
  }
  return undefined;
}

/** Behind the closing mark; -1 where there is none. Thinking that opens the mark again closes it as often, if the text does. */
function endOf(text: string, opened: RegExpExecArray, { open, closeOf }: Marks): number {
  const inside = text.slice(opened.index + opened[0].length);
  const closes = [...inside.matchAll(closeOf(opened))];
  const begun = [...inside.slice(0, closes[0]?.index).matchAll(open)].length;
  const closed = closes[Math.min(begun, closes.length - 1)];
  return closed ? text.length - inside.length + closed.index + closed[0].length : -1;
}

/** The text behind the last closing mark without an opening one, unless nothing is left there. */
function afterClosingAlone(text: string, mark: RegExp, anywhere: boolean): string {
  let answer = text;
  for (const closed of text.matchAll(mark)) {
    const [before, after] = [text.slice(0, closed.index), text.slice(closed.index + closed[0].length)];
    const atEdge = /(^|\n)[ \t]*$/.test(before) || /^[ \t]*(\n|$)/.test(after) || /^\s*\[\w+\]/.test(after);
    // Thinking may stop within a fence, whose end is then missing; a text that shows a mark closes its fence.
    const isShown = inFence(before) && !inFence(text);
    if (!anywhere && (!atEdge || isShown)) continue;
    if (after.trim() === '' && answer !== text)
      answer = answer.slice(0, answer.length - after.length - closed[0].length);
    else answer = after.trimStart();
  }
  return answer;
}

const inFence = (before: string) => (before.match(/^[ \t]*(```|~~~)/gm)?.length ?? 0) % 2 === 1;

/** Whether a text was cut within its first mark, such as `<thi`. */
function isBeginningOfMark(text: string): boolean {
  const begun = text.trim();
  return begun.length > 2 && /^(?:<\|?[a-z][\w:]*|◁\w+|\[THINK?)$/i.test(begun);
}

function unwrap(text: string): string {
  for (const [open, close] of ANSWER_PAIRS) {
    const said = text.trim();
    if (!said.startsWith(open)) continue;
    const end = said.lastIndexOf(close);
    return said.slice(open.length, end < 0 ? undefined : end).trim();
  }
  return text;
}
