/**
 * Marks of chat templates that servers leave in the text.
 *
 * @module
 */

/** What ends a turn. No prose and no program has them, so the answer ends at the first. */
const ENDS = [
  '<|im_end|>',
  '<|im_start|>',
  '<|endoftext|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end_of_text|>',
  '<|end_of_turn|>',
  '<|start_header_id|>',
  '<|return|>',
  '<|END_OF_TURN_TOKEN|>',
  '<|START_OF_TURN_TOKEN|>',
  '<|END_RESPONSE|>',
  '<｜end▁of▁sentence｜>',
  '<｜User｜>',
  '<|eos|>',
  '<end_of_turn>',
  '<start_of_turn>',
  '<turn|>',
];

/** These may stand in HTML or in brackets of a program, so they end the answer only where nothing follows them. */
const LAST = /\s*(?:<\/?s>|<eos>|<\|end\|>|<\|user\|>|<\|assistant\|>|\[\/?INST\]|<\|observation\|>)\s*$/;

/** The head of the assistant's turn, said again. */
const HEAD =
  /^\s*(?:<\|im_start\|>\s*assistant\s*\n?|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>\s*|<\|assistant\|>\s*|<start_of_turn>model\s*\n?|<｜Assistant｜>|\[\/INST\]\s*|<\|START_OF_TURN_TOKEN\|><\|CHATBOT_TOKEN\|>|<bos>)/;

export interface CutAtMark {
  text: string;
  /** Whether a mark ended the answer. */
  cut: boolean;
}

/** The text without the template's marks at its ends, and without what a model wrote after the end of its turn. */
export function takeOffMarks(text: string): CutAtMark {
  let answer = text;
  while (HEAD.test(answer)) answer = answer.replace(HEAD, '');
  const ends = ENDS.map((mark) => answer.indexOf(mark)).filter((at) => at >= 0);
  if (ends.length > 0) answer = answer.slice(0, Math.min(...ends));
  while (LAST.test(answer)) answer = answer.replace(LAST, '');
  return { text: answer, cut: ends.length > 0 };
}
