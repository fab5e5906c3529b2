/** Removes marks of chat templates that servers leave in the text. */

/** Marks of a turn's end. They occur in no prose or program, so the answer ends at the first one. */
const END = new RegExp(
  [
    String.raw`<\|(?:im_(?:end|start|user)|end_?of_?text|end_of_turn|eot(?:_id)?|eom(?:_id)?|eos|header_start|start_header_id|return)\|>`,
    String.raw`<\|(?:(?:END|START)_OF_TURN_TOKEN|END_RESPONSE)\|>|<｜(?:end▁of▁sentence|User)｜>|<(?:end|start)_of_turn>|<turn\|>`,
    String.raw`\[\|(?:endofturn|user)\|\]|<role>HUMAN</role>|\[e~\[|\]~b\]user`,
  ].join('|'),
);

/** Marks that can also occur in HTML or programs. They end the answer only if nothing follows them. Those of calls and parts of an answer stay. */
const LAST =
  /\s*(?:<\/?s>|<(?:eos|eop|pad|unk|end_of_utterance)>|\[\/?INST\]|<[|｜](?!\w*(?:call|tool|function|action|channel|message|think|thought|reason|response|solution|suffix|object))[\w▁]+[|｜]>)\s*$/i;

/** A repeated beginning of the assistant's turn. */
const HEADS = [
  String.raw`<\|im_start\|>\s*assistant\s*\n?|<\|im_sep\|>|<\|im_assistant\|>\s*(?:assistant)?\s*<\|im_middle\|>`,
  String.raw`<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>\s*|<\|header_start\|>\s*assistant\s*<\|header_end\|>\s*`,
  String.raw`<\|start_of_role\|>assistant<\|end_of_role\|>|<role>assistant</role>|\[\|assistant\|\]|\]~b\]ai\s*\n?`,
  String.raw`<\|assistant\|>\s*|<｜Assistant｜>|<start_of_turn>model\s*\n?|\[/INST\]\s*`,
  String.raw`<\|START_OF_TURN_TOKEN\|>|<\|CHATBOT_TOKEN\|>|<\|message\|>|<\|vision_pad\|>`,
  // Beginnings of the whole text; <s> is also a tag of HTML.
  String.raw`<bos>|<s>(?![^]*</s>\s*\S)|\[gMASK\]|<sop>|<\|(?:begin_?of_?text|start_?of_?text)\|>|<｜begin▁of▁sentence｜>`,
];
const HEAD = new RegExp(`^\\s*(?:${HEADS.join('|')})`, 'i');

export interface CutAtMark {
  text: string;
  /** Whether a mark ended the answer. */
  cut: boolean;
}

/** Removes the template's marks, and text after the end of the model's turn. */
export function takeOffMarks(text: string): CutAtMark {
  // GLM's vision models put what they answer between two of them.
  let answer = text.replace(/<\|(?:begin|end)_of_box\|>/g, '');
  while (HEAD.test(answer)) answer = answer.replace(HEAD, '');
  const end = answer.search(END);
  if (end >= 0) answer = answer.slice(0, end);
  while (LAST.test(answer)) answer = answer.replace(LAST, '');
  return { text: answer, cut: end >= 0 };
}
