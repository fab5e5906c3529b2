/**
 * A GGUF file run inside this process, on the CPU, through node-llama-cpp.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { createFailure } from '../failures';
import { cutAtStop } from './cut-at-stop';
import { acquireLlama, releaseLlama } from './llama-runtime';
import type { CallOptions, GenerateRequest, Generation, Model } from './model';
import type { GgufModelConfig } from './model-config';
import { SlotPool } from './slot-pool';

export interface GgufModelOptions extends Pick<GgufModelConfig, 'path' | 'model'> {
  /** Processor threads per call. @default 1 */
  threads?: number;
  /** Tokens of prompt and answer; bounded by what the model was trained for. @default 4096 */
  contextTokens?: number;
  /** Calls at a time; each has a context of its own, opened when first needed. @default 4 */
  concurrency?: number;
}

/** Below, evaluating a prompt anew costs little and gives the same floating-point result whatever was asked before. */
const SHORTEST_REUSED_PREFIX = 256;

/**
 * Prompts are trusted: special tokens of the model's own, such as `<|act|>`, are read as such.
 * Greedy at temperature 0. A call that is aborted rejects at once; its context is free again after the token in work.
 *
 * @throws ConfigurationInvalid when the file, or the optional package node-llama-cpp, is missing or unusable
 */
export async function createGgufModel(options: GgufModelOptions): Promise<Model> {
  const { path, threads = 1, concurrency = 4 } = options;
  const name = options.model ?? basename(path, '.gguf');
  const model = await loadModel(path, name);
  const contextTokens = Math.min(options.contextTokens ?? 4096, model.trainContextSize);
  const running = new Set<Promise<unknown>>();

  const contexts = new SlotPool(async () => {
    const context = await model.createContext({ contextSize: contextTokens, sequences: 1, threads });
    return context.getSequence();
  }, concurrency);

  async function generate(request: GenerateRequest, { signal }: CallOptions = {}): Promise<Generation> {
    signal?.throwIfAborted();
    const prompt = tokensOf(model, request.prompt);
    if (prompt.length >= contextTokens)
      throw createFailure(
        'ContextLengthExceeded',
        `The prompt for ${name} takes ${prompt.length} tokens and its context holds ${contextTokens}, the answer included.`,
      );
    const sequence = await contexts.acquire(signal);
    const evaluation = evaluate(model, sequence, prompt, { ...request, contextTokens }, signal);
    const settled = evaluation.catch(() => undefined).then(() => contexts.release(sequence));
    running.add(settled);
    void settled.then(() => running.delete(settled));
    const { text, finishReason, outputTokens } = await orAborted(evaluation, signal);
    return { text, finishReason, model: name, usage: { calls: 1, inputTokens: prompt.length, outputTokens } };
  }

  return {
    name,
    countTokens: (text) => model.tokenize(text, true).length,
    generate,
    close: async () => {
      await Promise.all(running);
      await model.dispose();
      await releaseLlama();
    },
  };
}

async function loadModel(path: string, name: string): Promise<LlamaModel> {
  if (!existsSync(path))
    throw createFailure('ConfigurationInvalid', `The file of the model ${name} does not exist: ${path}.`);
  const llama = await acquireLlama();
  try {
    return await llama.loadModel({ modelPath: path });
  } catch (error) {
    await releaseLlama();
    throw createFailure(
      'ConfigurationInvalid',
      `The file of the model ${name} cannot be loaded (${(error as Error).message}): ${path}.`,
    );
  }
}

interface Evaluation extends GenerateRequest {
  contextTokens: number;
}

async function evaluate(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  prompt: Token[],
  { maxTokens, temperature, topP = 1, seed, stop = [], contextTokens }: Evaluation,
  signal: AbortSignal | undefined,
): Promise<{ text: string; finishReason: 'stop' | 'length'; outputTokens: number }> {
  await keepPrefix(sequence, prompt);
  const output: Token[] = [];
  const limit = Math.min(maxTokens, contextTokens - prompt.length);
  // A token is at least a byte, so that this many hold the longest stop string and a character cut in two.
  const tail = Math.max(0, ...stop.map((mark) => Buffer.byteLength(mark))) + 4;
  const rest = prompt.slice(sequence.nextTokenIndex);
  const tokens = sequence.evaluate(rest, { temperature, topP, topK: 0, seed, yieldEogToken: true });
  for await (const token of tokens) {
    signal?.throwIfAborted();
    if (model.isEogToken(token))
      return { text: textOf(model, output), finishReason: 'stop', outputTokens: output.length + 1 };
    output.push(token);
    const stopped = stop.length > 0 && cutAtStop(textOf(model, output.slice(-tail)), stop) !== undefined;
    const cut = stopped ? cutAtStop(textOf(model, output), stop) : undefined;
    if (cut !== undefined) return { text: cut, finishReason: 'stop', outputTokens: output.length };
    if (output.length >= limit) break;
  }
  return { text: textOf(model, output), finishReason: 'length', outputTokens: output.length };
}

/** With the begin token, where the file says that the model expects one. */
function tokensOf(model: LlamaModel, prompt: string): Token[] {
  const tokens = model.tokenize(prompt, true);
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}

const textOf = (model: LlamaModel, tokens: readonly Token[]) => model.detokenize(tokens, true);

/** Leaves as much of the evaluated prompt before as this one begins with, but at least one token to evaluate. */
async function keepPrefix(sequence: LlamaContextSequence, prompt: readonly Token[]): Promise<void> {
  const known = sequence.contextTokens;
  const longest = Math.min(known.length, prompt.length - 1);
  let shared = 0;
  while (shared < longest && known[shared] === prompt[shared]) shared += 1;
  if (shared < SHORTEST_REUSED_PREFIX) await sequence.clearHistory();
  else await sequence.eraseContextTokenRanges([{ start: shared, end: sequence.nextTokenIndex }]);
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}
