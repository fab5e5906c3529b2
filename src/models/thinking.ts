/**
 * Taking a model's thinking off its answer, where the server leaves it in the text.
 *
 * @module
 */

export interface SplitAnswer {
  /** What stands outside the thinking. */
  answer: string;
  /** Whether the text ends inside the thinking, so that the answer had not begun. */
  unfinished: boolean;
}

/**
 * Marks by model: `<think>` Qwen3, DeepSeek, GLM, MiniMax, Hunyuan; `[THINK]` Magistral; `<seed:think>` Seed-OSS; `<thought>` EXAONE;
 * `◁think▷` Kimi; `<|START_THINKING|>` Command A; the rest are of fine-tunes and prompts that ask for them.
 */
const PAIRS: readonly (readonly [open: string, close: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<thoughts>', '</thoughts>'],
  ['<reasoning>', '</reasoning>'],
  ['<reflection>', '</reflection>'],
  ['<scratchpad>', '</scratchpad>'],
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'],
  ['◁think▷', '◁/think▷'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|channel>thought', '<channel|>'],
  ['<unused94>thought', '<unused95>'],
];

/** gpt-oss (Harmony): channels, of which `final` is the answer. The second form is what is left when special tokens are dropped. */
const HARMONY_FINAL = /<\|channel\|>final[^<]*<\|message\|>/g;
const HARMONY = /^\s*(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)/;
const HARMONY_BARE = /^\s*analysis(?=[A-Z"'(\n ])[\s\S]*?assistant(?:commentary[\s\S]*?assistant)?final(?![a-z])/;

/** Some models put the answer itself into a mark (Hunyuan, DeepSeek-R1 style prompts, Command A). */
const ANSWER_PAIRS: readonly (readonly [open: string, close: string])[] = [
  ['<answer>', '</answer>'],
  ['<response>', '</response>'],
  ['<|START_RESPONSE|>', '<|END_RESPONSE|>'],
  ['<|begin_of_solution|>', '<|end_of_solution|>'],
];

/**
 * Closed thinking is taken off; where the closing mark never comes, everything after the opening mark is thinking. A closing mark alone
 * (chat templates that put the opening one into the prompt) ends the thinking where it stands at the edge of a line outside a code
 * fence: a text that only mentions a mark stays as it is.
 */
export function splitThinking(text: string): SplitAnswer {
  const harmony = splitHarmony(text);
  if (harmony) return harmony;
  let answer = text;
  for (let removed = true; removed;) {
    removed = false;
    for (const [open, close] of PAIRS) {
      const at = opening(answer, open);
      if (at < 0) continue;
      const end = answer.indexOf(close, at + open.length);
      if (end < 0) return { answer: answer.slice(0, at).trim(), unfinished: answer.slice(0, at).trim() === '' };
      answer = `${answer.slice(0, at)}${answer.slice(end + close.length).trimStart()}`;
      removed = true;
    }
  }
  for (const [, close] of PAIRS) {
    const at = closingAlone(answer, close);
    if (at >= 0) answer = answer.slice(at + close.length).trimStart();
  }
  if (isBeginningOfMark(answer)) return { answer: '', unfinished: true };
  return { answer: unwrap(answer), unfinished: false };
}

function splitHarmony(text: string): SplitAnswer | undefined {
  const finals = [...text.matchAll(HARMONY_FINAL)];
  const last = finals.at(-1);
  if (last) return { answer: text.slice(last.index + last[0].length), unfinished: false };
  // A call of a function stands in the commentary.
  if (HARMONY.test(text)) {
    const call = text.search(/<\|channel\|>commentary to=/);
    return call < 0 ? { answer: '', unfinished: true } : { answer: text.slice(call), unfinished: false };
  }
  const bare = HARMONY_BARE.exec(text);
  return bare ? { answer: text.slice(bare[0].length), unfinished: false } : undefined;
}

/** Where thinking begins: at the start of the text, or at the start of a line outside a code fence. */
function opening(text: string, mark: string): number {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    const before = text.slice(0, at);
    if (before.trim() === '') return at;
    if (/\n[ \t]*$/.test(before) && !inFence(before)) return at;
  }
  return -1;
}

/** Where a closing mark ends thinking whose opening mark is not in the text. */
function closingAlone(text: string, mark: string): number {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    const before = text.slice(0, at);
    const after = text.slice(at + mark.length);
    const atEdge = /(^|\n)[ \t]*$/.test(before) || /^[ \t]*(\n|$)/.test(after) || /^\s*\[\w+\]/.test(after);
    if (atEdge && !inFence(before)) return at;
  }
  return -1;
}

const inFence = (before: string) => (before.match(/^[ \t]*(```|~~~)/gm)?.length ?? 0) % 2 === 1;

/** A text that was cut in the middle of its first mark, as `<thi`. */
function isBeginningOfMark(text: string): boolean {
  const begun = text.trim();
  return begun.length > 2 && PAIRS.some(([open]) => open.startsWith(begun) && open !== begun);
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
