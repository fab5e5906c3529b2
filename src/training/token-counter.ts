/**
 * How long an example is, in the tokens of the model that will be trained.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { createFailure } from '../failures';

export interface TokenCounter {
  /** For the manifest: the name of the tokenizer's file, or the rule of the estimate. */
  readonly name: string;
  count(text: string): number;
}

/** One token for every three and a half characters: above the average of English and code in common vocabularies, so that little slips through. */
export const estimatedTokens: TokenCounter = {
  name: 'estimate: characters / 3.5',
  count: (text) => Math.ceil(text.length / 3.5),
};

/**
 * The tokenizer of a Hugging Face model.
 *
 * @param path `tokenizer.json`, or the folder of a model that holds it
 * @throws InputInvalid when it is not there or cannot be read
 */
export async function loadTokenCounter(path: string): Promise<TokenCounter> {
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = folder ? join(path, 'tokenizer.json') : path;
  const { Tokenizer } = await import('@huggingface/tokenizers');
  try {
    const tokenizer = new Tokenizer(JSON.parse(await readFile(file, 'utf8')) as object, {});
    return { name: basename(file), count: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length };
  } catch (error) {
    throw createFailure('InputInvalid', `The tokenizer ${file} cannot be read (${(error as Error).message}).`);
  }
}
