/** Removes a model's thinking from a response, and text that it wrote after the end of its turn. */
import { cutThinking } from '../../models/thinking';

/** Marks of the turn's end. Base models go on with the next turn or example. */
const END_OF_TURN =
  /<\|(?:im_end|im_start|end|eot_id|endoftext|end_of_text|return|start_header_id|end_of_solution)\|>|<\/s>|<(?:end|start)_of_turn>|<｜end▁of▁sentence｜>/;
const TURN_MARKS =
  /<\|(?:begin_of_solution|START_RESPONSE|END_RESPONSE|begin_of_text)\|>|^\s*<\|im_start\|>\s*assistant\b/g;
const NEXT_EXAMPLE = /\n\s*(?:#+\s*)?(?:\*\*)?(?:Q|Question|Problem|Human|User|Instruction)\s*\d*\s*(?:\*\*)?:/;
const NEXT_FIELD = /\n[ \t]*(?:Current step|Next solution|Step):[^]*$/;

/** What the model said; undefined if its thinking never ended, so that there is no answer. */
export function withoutThinking(response: string): string | undefined {
  const { answer, unfinished } = cutThinking(response, true);
  if (unfinished) return undefined;
  let text = answer.replace(TURN_MARKS, '');
  const end = END_OF_TURN.exec(text.trimStart());
  if (end !== null && end.index > 0) text = text.trimStart().slice(0, end.index);
  const example = NEXT_EXAMPLE.exec(text);
  if (example !== null && text.slice(0, example.index).trim() !== '') text = text.slice(0, example.index);
  return text.replace(NEXT_FIELD, '');
}
