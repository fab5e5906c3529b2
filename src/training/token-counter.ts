/** Measures examples in tokens of the model to be trained. */
import { basename, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { createFailure } from '../failures';
import { readText } from '../files/text-encoding';
import { whyUnreadable } from '../files/why-unreadable';
import { localModelPath } from '../models/hub/model-cache';
import { holdLlama } from '../models/llama-runtime';

/** Characters beyond the length of any token. */
const BORDER_CHARS = 64;

export interface TokenCounter {
  /** For the manifest: the name of the tokenizer's file, or the rule of the estimate. */
  readonly name: string;
  count(text: string): number;
  /** Whether tokenizing prompt and completion together merges their border: a server tokenizes only the prompt. Absent for an estimate. */
  merges?(prompt: string, completion: string): boolean;
  /** Frees a vocabulary that was loaded. */
  close?(): Promise<void>;
}

/** One token for 3.5 characters: more tokens than English and code have on average, so that few long examples pass. */
export const estimatedTokens: TokenCounter = {
  name: 'estimate: characters / 3.5',
  count: (text) => Math.ceil(text.length / 3.5),
};

/**
 * The tokenizer of a base.
 *
 * @param path `tokenizer.json`, the folder of a Hugging Face model that holds it, or a GGUF file
 * @throws InputInvalid when it is not there or cannot be read
 */
export async function loadTokenCounter(path: string): Promise<TokenCounter> {
  if (path.endsWith('.gguf')) return ggufCounter(localModelPath(path));
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = folder ? join(path, 'tokenizer.json') : path;
  const { Tokenizer } = await import('@huggingface/tokenizers');
  try {
    const tokenizer = new Tokenizer(JSON.parse(readText(file)) as object, {});
    return counterOf(basename(file), (text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === undefined ? message : whyUnreadable(error);
    throw createFailure(
      'InputInvalid',
      `The tokenizer ${file} cannot be read (${why}). It must be a tokenizer.json, a folder that holds one, or a GGUF file of this machine.`,
    );
  }
}

type Encoder = (text: string) => readonly number[];

function counterOf(name: string, encode: Encoder): TokenCounter {
  return {
    name,
    count: (text) => encode(text).length,
    merges: (prompt, completion) => {
      // Only text around the border is tokenized, not the whole prompt again.
      const before = prompt.slice(-BORDER_CHARS);
      const alone = encode(before);
      const whole = encode(before + completion.slice(0, BORDER_CHARS));
      return alone.some((id, at) => whole[at] !== id);
    },
  };
}

/** Reads only the vocabulary. @throws InputInvalid when the file is missing or no model */
async function ggufCounter(path: string): Promise<TokenCounter> {
  if (!(await stat(path).catch(() => undefined))) throw createFailure('InputInvalid', `There is no file ${path}.`);
  const held = await holdLlama(false);
  try {
    const model = await held.value.loadModel({ modelPath: path, vocabOnly: true });
    const close = async () => {
      await model.dispose();
      await held.release();
    };
    return { ...counterOf(basename(path), (text) => model.tokenize(text, false)), close };
  } catch (error) {
    await held.release();
    throw createFailure('InputInvalid', `The tokenizer of ${path} cannot be read (${(error as Error).message}).`);
  }
}
