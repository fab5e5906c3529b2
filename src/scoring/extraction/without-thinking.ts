/** Removes a model's thinking from a response, and text that it wrote after the end of its turn. */

/** Marks of thinking by vendor: tags of the open reasoning models, Kimi, Magistral, Cohere, OpenThoughts, MedGemma. */
const THINKING: readonly [open: RegExp, close: RegExp][] = [
  [
    /<(?:\w+:)?(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)>/gi,
    /<\/(?:\w+:)?(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)>/gi,
  ],
  [/◁think▷/g, /◁\/think▷/g],
  [/\[THINK\]/g, /\[\/THINK\]/g],
  [/<\|START_THINKING\|>/g, /<\|END_THINKING\|>/g],
  [/<\|begin_of_thought\|>/g, /<\|end_of_thought\|>/g],
  [/<unused94>/g, /<unused95>/g],
];

/** gpt-oss writes channels; the answer is in the last channel `final`. */
const FINAL_CHANNEL = /<\|channel\|>final[^<]*<\|message\|>/g;
const OTHER_CHANNEL = /<\|channel\|>(?:analysis|commentary)/;

/** Marks of the turn's end. Base models go on with the next turn or example. */
const END_OF_TURN =
  /<\|(?:im_end|im_start|end|eot_id|endoftext|end_of_text|return|start_header_id|end_of_solution)\|>|<\/s>|<(?:end|start)_of_turn>|<｜end▁of▁sentence｜>/;
const TURN_MARKS =
  /<\|(?:begin_of_solution|START_RESPONSE|END_RESPONSE|begin_of_text)\|>|^\s*<\|im_start\|>\s*assistant\b/g;
const NEXT_EXAMPLE = /\n\s*(?:#+\s*)?(?:\*\*)?(?:Q|Question|Problem|Human|User|Instruction)\s*\d*\s*(?:\*\*)?:/;
const NEXT_FIELD = /\n[ \t]*(?:Current step|Next solution|Step):[^]*$/;

export interface Spoken {
  text: string;
  /** The thinking never ended, so there is no answer. */
  isUnfinished: boolean;
}

function lastMatch(pattern: RegExp, text: string): RegExpMatchArray | undefined {
  let last: RegExpMatchArray | undefined;
  for (const match of text.matchAll(pattern)) last = match;
  return last;
}

/** The text after the thinking. A closing mark may lack its opening one, which chat templates put into the prompt. */
export function withoutThinking(response: string): Spoken {
  let text = response;
  if (/[<[◁]/.test(text)) {
    const channel = lastMatch(FINAL_CHANNEL, text);
    if (channel !== undefined) text = text.slice((channel.index as number) + channel[0].length);
    else if (OTHER_CHANNEL.test(text)) return { text: '', isUnfinished: true };
    for (const [open, close] of THINKING) {
      const closed = lastMatch(close, text);
      const rest = closed === undefined ? text : text.slice((closed.index as number) + closed[0].length);
      const opened = [...rest.matchAll(open)][0];
      if (opened !== undefined && rest.slice(0, opened.index).trim() === '') return { text: '', isUnfinished: true };
      // Text before thinking that does not end is the answer.
      text = opened === undefined ? rest : rest.slice(0, opened.index);
    }
    text = text.replace(TURN_MARKS, '');
    const end = END_OF_TURN.exec(text.trimStart());
    if (end !== null && end.index > 0) text = text.trimStart().slice(0, end.index);
  }
  const example = NEXT_EXAMPLE.exec(text);
  if (example !== null && text.slice(0, example.index).trim() !== '') text = text.slice(0, example.index);
  return { text: text.replace(NEXT_FIELD, ''), isUnfinished: false };
}
