/** Generates one answer of a model in this process: samples tokens and decides when to end. */
import type { LlamaContextSequence, LlamaGrammarEvaluationState, LlamaModel, Token } from 'node-llama-cpp' with {
  'resolution-mode': 'import',
};
import { completeLine, type AnswerForm } from './answer-form';
import { cutAtStop } from './cut-at-stop';
import type { OnText } from './model';
import { splitThinking } from './thinking';

export interface Sampling {
  maxTokens: number;
  temperature: number;
  topP?: number;
  topK?: number;
  minP?: number;
  seed?: number;
  stop: readonly string[];
  form?: AnswerForm;
  grammar?: LlamaGrammarEvaluationState;
  /** The mark of thinking that the prompt ends in, such as `<think>`. @default none */
  opened?: string | undefined;
  /** Further tokens for thinking that is not over at `maxTokens`; the answer behind it has `maxTokens` of its own. @default 0 */
  thinkingTokens?: number | undefined;
  /** Called with each token; see CallOptions. */
  onText?: OnText;
}

export interface Generated {
  /** The generated text, including thinking with its mark and text after a stop string. */
  text: string;
  finishReason: 'stop' | 'length';
  outputTokens: number;
}

/** Tokens of an equal beginning from which its evaluation is reused. Below, evaluating again is cheap, and its floating-point result does not depend on earlier calls. */
const SHORTEST_REUSED_PREFIX = 256;

/** @param room tokens that the context has left for the answer */
export async function generateTokens(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  sampling: Sampling,
  room: number,
  signal: AbortSignal | undefined,
): Promise<Generated> {
  const { maxTokens, temperature, topP = 1, topK = 0, minP, seed, stop, form, grammar, onText } = sampling;
  const { opened = '', thinkingTokens = 0 } = sampling;
  await keepPrefix(sequence, prompt);
  const output: Token[] = [];
  const text = () => opened + model.detokenize(output, true);
  const most = Math.min(maxTokens + thinkingTokens, room);
  let limit = Math.min(maxTokens, room);
  let mayThink = true;
  // A token has at least one byte, so this many tokens hold the longest stop string and a split character.
  const tail = Math.max(0, ...stop.map((mark) => Buffer.byteLength(mark))) + 4;
  const mayEnd = () => {
    const recent = model.detokenize(output.slice(-tail), true);
    return (isLine(form) && recent.includes('\n')) || (stop.length > 0 && cutAtStop(recent, stop) !== undefined);
  };
  const rest = prompt.slice(sequence.nextTokenIndex);
  const options = { temperature, topP, topK, minP, seed, grammarEvaluationState: grammar, yieldEogToken: true };
  for await (const token of sequence.evaluate(rest, options)) {
    signal?.throwIfAborted();
    if (model.isEogToken(token)) return { text: text(), finishReason: 'stop', outputTokens: output.length + 1 };
    output.push(token);
    onText?.(text);
    if (mayEnd() && isComplete(text(), stop, form))
      return { text: text(), finishReason: 'stop', outputTokens: output.length };
    if (mayThink && output.length >= maxTokens) {
      const { answer, unfinished } = splitThinking(text());
      mayThink = unfinished;
      const answered = unfinished ? 0 : Math.ceil((output.length * answer.length) / text().length);
      limit = Math.min(most, output.length + maxTokens - answered);
    }
    if (output.length >= limit) break;
  }
  return { text: text(), finishReason: 'length', outputTokens: output.length };
}

/** Whether the answer is over with its first line. */
const isLine = (form: AnswerForm | undefined): boolean =>
  form !== undefined && form.kind !== 'json' && !(form.kind === 'action' && form.several);

/** Whether the answer has ended. Stop strings and line ends inside thinking do not count. */
function isComplete(text: string, stop: readonly string[], form: AnswerForm | undefined): boolean {
  const { answer, unfinished } = splitThinking(text);
  if (unfinished) return false;
  return cutAtStop(answer, stop) !== undefined || (isLine(form) && completeLine(answer) !== undefined);
}

/** Keeps the beginning that this prompt shares with the last one; leaves at least one token to evaluate. */
async function keepPrefix(sequence: LlamaContextSequence, prompt: readonly Token[]): Promise<void> {
  const known = sequence.contextTokens;
  const longest = Math.min(known.length, prompt.length - 1);
  let shared = 0;
  while (shared < longest && known[shared] === prompt[shared]) shared += 1;
  if (shared < SHORTEST_REUSED_PREFIX) await sequence.clearHistory();
  else await sequence.eraseContextTokenRanges([{ start: shared, end: sequence.nextTokenIndex }]);
}
