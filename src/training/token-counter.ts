/**
 * How long an example is, in the tokens of the model that will be trained.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { createFailure } from '../failures';
import { holdLlama } from '../models/llama-runtime';

/** More than any token is long. */
const BORDER_CHARS = 64;

export interface TokenCounter {
  /** For the manifest: the name of the tokenizer's file, or the rule of the estimate. */
  readonly name: string;
  count(text: string): number;
  /**
   * Whether the tokens of the prompt alone, which is what a server makes of it, are not those with which the whole text begins.
   * Absent for an estimate.
   */
  merges?(prompt: string, completion: string): boolean;
  /** Frees a vocabulary that was loaded. */
  close?(): Promise<void>;
}

/** One token for every three and a half characters: above the average of English and code in common vocabularies, so that little slips through. */
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
  if (path.endsWith('.gguf')) return ggufCounter(path);
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = folder ? join(path, 'tokenizer.json') : path;
  const { Tokenizer } = await import('@huggingface/tokenizers');
  try {
    const tokenizer = new Tokenizer(JSON.parse(await readFile(file, 'utf8')) as object, {});
    return counterOf(basename(file), (text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
  } catch (error) {
    throw createFailure('InputInvalid', `The tokenizer ${file} cannot be read (${(error as Error).message}).`);
  }
}

type Encoder = (text: string) => readonly number[];

function counterOf(name: string, encode: Encoder): TokenCounter {
  return {
    name,
    count: (text) => encode(text).length,
    merges: (prompt, completion) => {
      // The border is seen by its surroundings; whole prompts would be read twice for every example.
      const before = prompt.slice(-BORDER_CHARS);
      const alone = encode(before);
      const whole = encode(before + completion.slice(0, BORDER_CHARS));
      return alone.some((id, at) => whole[at] !== id);
    },
  };
}

/** The vocabulary alone is read. @throws InputInvalid when the file is missing or no model */
async function ggufCounter(path: string): Promise<TokenCounter> {
  if (!(await stat(path).catch(() => undefined))) throw createFailure('InputInvalid', `There is no file ${path}.`);
  const held = await holdLlama(false);
  try {
    const model = await held.llama.loadModel({ modelPath: path, vocabOnly: true });
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
