/**
 * The baseline that Husky is measured against: one model, one prompt, no tools.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { GenerateRequest } from '../models/model';
import { END, neutralise } from './compact';
import type { PromptStyle } from './prompt';

const schema = z.object({ text: z.string(), maxTokens: z.number(), temperature: z.number() });

/** In style `compact` the special tokens of the bundled chain-of-thought model, else instructions for any model. */
export function renderChainOfThought(style: PromptStyle, question: string): GenerateRequest {
  if (style === 'compact')
    return { prompt: `<|cot|>${neutralise(question)}<|out|>`, maxTokens: 300, temperature: 0, stop: [END] };
  const { text, maxTokens, temperature } = schema.parse(
    parse(readFileSync(join(__dirname, 'chain-of-thought.yaml'), 'utf8')),
  );
  return { prompt: text.trimEnd().replace('{question}', () => question), maxTokens, temperature };
}
