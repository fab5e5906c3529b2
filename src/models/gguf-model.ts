/** Runs a GGUF file inside this process by node-llama-cpp. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Llama, LlamaContext, LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp' with {
  'resolution-mode': 'import',
};
import { createFailure } from '../failures';
import { rejectOnAbort } from '../process/abort';
import { answerProblem } from './answer-problem';
import { grammarOf, type AnswerForm, type JsonForm } from './answer-form';
import { chatTemplateOf, openGgufChat, type GgufChat } from './gguf-chat';
import { generateTokens } from './gguf-generate';
import { notGguf } from './gguf-head';
import { holdWeights } from './gguf-weights';
import type { CallOptions, GenerateRequest, Generation, Model } from './model';
import type { GgufModelConfig } from './model-config';
import { readAnswer } from './read-answer';
import { SlotPool } from './slot-pool';

export interface GgufModelOptions extends Pick<GgufModelConfig, 'path' | 'lora' | 'model'> {
  /** `chat` puts messages into the file's chat template, `completions` sends text. @default by request: chat where the file has a template and the request has messages */
  api?: GgufModelConfig['api'];
  /** Processor threads per call. @default 1 */
  threads?: number;
  /** Layers that a GPU computes, `auto` for as many as fit. @default 'auto' */
  gpuLayers?: GgufModelConfig['gpuLayers'];
  /** Tokens of prompt and answer; bounded by what the model was trained for. @default 4096 */
  contextTokens?: number;
  /** Calls at once. Each has its own context, opened when first needed. @default 4 */
  concurrency?: number;
  /** @default 'auto', a grammar for requests that have a form */
  constrain?: GgufModelConfig['constrain'];
  /** @default 4096 */
  thinkingTokens?: GgufModelConfig['thinkingTokens'];
  body?: GgufModelConfig['body'];
}

/**
 * Prompts of `completions` are trusted: special tokens such as `<|act|>` are read as such. Temperature 0 is greedy. An aborted call
 * rejects at once; its context is free after the current token.
 *
 * @throws ConfigurationInvalid when the file, or the optional package node-llama-cpp, is missing or unusable
 */
export async function createGgufModel(options: GgufModelOptions): Promise<Model> {
  const { path, lora, threads = 1, concurrency = 4, gpuLayers = 'auto', constrain = 'auto', body = {} } = options;
  const { thinkingTokens = 4096 } = options;
  const name = options.model ?? basename(path, '.gguf');
  if (lora !== undefined && !existsSync(lora))
    throw createFailure('ConfigurationInvalid', `The adapter of the model ${name} does not exist: ${lora}.`);
  const {
    value: { llama, model },
    release,
  } = await holdWeights(path, name, gpuLayers);
  const contextTokens = Math.min(options.contextTokens ?? 4096, model.trainContextSize);
  const running = new Set<Promise<unknown>>();
  const grammars = new Map<string, Promise<LlamaGrammar | undefined>>();
  const opened: LlamaContext[] = [];
  const close = async () => {
    await Promise.all(running);
    await Promise.all(opened.map((context) => context.dispose()));
    await release();
  };

  let chat: GgufChat | undefined;
  try {
    if (options.api === 'chat' || (options.api === undefined && chatTemplateOf(model) !== undefined))
      chat = await openGgufChat(model, name, body.chat_template_kwargs);
  } catch (error) {
    await close();
    throw error;
  }

  const contexts = new SlotPool(async () => {
    const context = await model
      .createContext({ contextSize: contextTokens, sequences: 1, threads, lora })
      .catch((error: Error) => {
        // Without a type the call would be tried again for ever.
        throw lora !== undefined && error.message.includes('LoRA') ? unfitAdapter(lora, name, path) : error;
      });
    opened.push(context);
    return context.getSequence();
  }, concurrency);

  function promptOf({ prompt, messages }: GenerateRequest): Token[] {
    if (!chat || (messages === undefined && options.api === undefined)) return tokensOf(model, prompt);
    return chat.tokensOf(messages ?? [{ role: 'user', content: prompt }]);
  }

  /** The mark of thinking that a template has put at the end of the prompt. */
  const openedBy = (prompt: readonly Token[]) =>
    /(<think>|\[THINK\])\s*$/.exec(model.detokenize(prompt.slice(-8), true))?.[1];

  /** None if the prompt has opened the model's thinking, which the grammar would forbid. */
  async function grammarFor(form: AnswerForm | undefined) {
    if (form === undefined || constrain === 'off') return undefined;
    const text = form.kind === 'json' ? JSON.stringify(form.schema) : grammarOf(form);
    let grammar = grammars.get(text);
    if (!grammar) {
      // A schema that it cannot make a grammar of is checked afterwards all the same.
      grammar = form.kind === 'json' ? schemaGrammar(llama, form.schema) : llama.createGrammar({ grammar: text });
      grammars.set(text, grammar);
    }
    const ready = await grammar;
    const { LlamaGrammarEvaluationState } = await import('node-llama-cpp');
    return ready && new LlamaGrammarEvaluationState({ model, grammar: ready });
  }

  async function generate(request: GenerateRequest, { signal, onText }: CallOptions = {}): Promise<Generation> {
    signal?.throwIfAborted();
    const prompt = promptOf(request);
    if (prompt.length >= contextTokens)
      throw createFailure(
        'ContextLengthExceeded',
        `The prompt for ${name} takes ${prompt.length} tokens and its context holds ${contextTokens}, the answer included.`,
      );
    const { maxTokens, temperature, topP, seed, form } = request;
    const stop = [...(request.stop ?? []), ...(form?.kind === 'json' ? [AFTER_JSON] : [])];
    const opened = openedBy(prompt);
    const grammar = opened === undefined ? await grammarFor(form) : undefined;
    const told = onText && ((read: () => string) => onText(() => readAnswer(read(), { stop, form }).text));
    const limits = { maxTokens, temperature, topP, seed, topK: body.top_k, minP: body.min_p };
    const sampling = { ...limits, stop, form, grammar, opened, thinkingTokens, onText: told };
    const sequence = await contexts.acquire(signal);
    const evaluation = generateTokens(model, sequence, prompt, sampling, contextTokens - prompt.length, signal);
    const settled = evaluation.catch(() => undefined).then(() => contexts.release(sequence));
    running.add(settled);
    void settled.then(() => running.delete(settled));
    const { text, finishReason, outputTokens } = await rejectOnAbort(evaluation, signal);
    const answer = readAnswer(text, { stop, form });
    const reason = answer.stopped ? 'stop' : finishReason;
    const problem = answerProblem({
      ...{ ...answer, finishReason: reason },
      maxTokens: [Math.max(maxTokens, outputTokens)],
    });
    return {
      text: answer.text,
      finishReason: reason,
      model: name,
      usage: { calls: 1, inputTokens: prompt.length, outputTokens },
      problem,
    };
  }

  const countTokens = (text: string) => model.tokenize(text, true).length;
  return { name, countTokens, contextTokens: model.trainContextSize, generate, close };
}

function unfitAdapter(lora: string, name: string, path: string): Error {
  const instead =
    notGguf(lora) ?? 'an adapter of another base, cut off, or no adapter (llama.cpp says more on standard error)';
  return createFailure(
    'ConfigurationInvalid',
    `The adapter of the model ${name} cannot be laid over ${path}: ${lora} is ${instead}.`,
  );
}

/** Its grammars of schemas go on with blank lines for ever. */
const AFTER_JSON = '\n'.repeat(4);

async function schemaGrammar(llama: Llama, schema: JsonForm['schema']): Promise<LlamaGrammar | undefined> {
  try {
    return await llama.createGrammarForJsonSchema(schema as Parameters<Llama['createGrammarForJsonSchema']>[0]);
  } catch {
    return undefined;
  }
}

/** Adds the begin token, if the file says that the model expects it. */
function tokensOf(model: LlamaModel, prompt: string): Token[] {
  const tokens = model.tokenize(prompt, true);
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}
