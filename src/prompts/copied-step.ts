/** Recognises a line of a prompt's own examples in what a model wrote for another question. */
import { wordsOf } from '../trajectory/bounded-text';
import { isWholeQuestion } from '../trajectory/parse-action';
import type { HashedPromptFile } from './few-shot/prompt-file';

/** True for a step that stands in an example and speaks of a thing that `known` (the question and what was found) does not name. */
export type IsCopied = (step: string, known: string) => boolean;

/** @param file of the action generator; its conversations are the examples */
export function copiedStep({ conversations = [], parallel }: HashedPromptFile): IsCopied {
  const shown = [...conversations, ...(parallel?.conversations ?? [])].flatMap(({ turns }) => turns);
  const examples = new Set(shown.filter(({ step }) => !isWholeQuestion(step)).map(({ step }) => wordsOf(step)));
  return (step, known) => {
    const text = wordsOf(step);
    // What is asked for is common to many questions ("the height of"); the last word says of what.
    const thing = text.split(' ').at(-1) ?? '';
    // By its beginning: Portuguese names Portugal.
    return examples.has(text) && !` ${wordsOf(known)}`.includes(` ${thing.slice(0, 5)}`);
  };
}
