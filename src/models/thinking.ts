/** Removes a model's thinking from its answer, if the server leaves it in the text. */

export interface SplitAnswer {
  /** The text outside the thinking. */
  answer: string;
  /** Whether the text ends inside the thinking, before an answer began. */
  unfinished: boolean;
}

/**
 * Marks by model: `<think>` Qwen3, DeepSeek, GLM, MiniMax, Hunyuan; `[THINK]` Magistral; `<seed:think>` Seed-OSS; `<thought>` EXAONE;
 * `◁think▷` Kimi; `<|START_THINKING|>` Command A; the others come from fine-tunes and prompts.
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

/** gpt-oss (Harmony): channel `final` is the answer. The second form remains when special tokens are dropped. */
const HARMONY_FINAL = /<\|channel\|>final[^<]*<\|message\|>/g;
const HARMONY = /^\s*(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)/;
const HARMONY_BARE = /^\s*analysis(?=[A-Z"'(\n ])[\s\S]*?assistant(?:commentary[\s\S]*?assistant)?final(?![a-z])/;

/** Marks that some models put around the answer (Hunyuan, DeepSeek-R1 style prompts, Command A). */
const ANSWER_PAIRS: readonly (readonly [open: string, close: string])[] = [
  ['<answer>', '</answer>'],
  ['<response>', '</response>'],
  ['<|START_RESPONSE|>', '<|END_RESPONSE|>'],
  ['<|begin_of_solution|>', '<|end_of_solution|>'],
];

/**
 * Without a closing mark, everything after the opening mark is thinking. A closing mark alone (the chat template has put the opening one
 * into the prompt) ends the thinking only at the edge of a line outside a code fence, so that a text may mention a mark.
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
  // A function call is in the channel commentary.
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

/** Position of a closing mark without an opening one. */
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

/** Whether a text was cut within its first mark, such as `<thi`. */
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
