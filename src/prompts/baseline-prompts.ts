/**
 * The prompts of the baselines: one model, one prompt. Each has the form that instruction-tuned models know from their training, because
 * a badly asked baseline makes comparisons worthless.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { createFailure } from '../failures';
import { sha256 } from '../files/fingerprint';
import { END, neutralise } from './compact';
import { compileLayout } from './layout';
import type { PromptFields, PromptStyle, RenderedPrompt } from './prompt';

/**
 * `direct`: question and form of the answer. `cot`: step by step, without examples. `cot-few-shot`: step by step, with our worked examples.
 * `program`: one program, whose output is the answer.
 */
export const BASELINES = ['direct', 'cot', 'cot-few-shot', 'program'] as const;
export type Baseline = (typeof BASELINES)[number];

const languageSchema = z.strictObject({ name: z.string(), rules: z.string() });
const schema = z.strictObject({
  maxTokens: z.number().int().positive(),
  temperature: z.number().min(0),
  /** `{question}`; `{language}` and `{rules}` are the language's. */
  text: z.string(),
  languages: z.strictObject({ javascript: languageSchema, python: languageSchema }).optional(),
  examples: z.array(z.strictObject({ question: z.string(), answer: z.string() })).default([]),
});

export interface BaselinePrompt extends RenderedPrompt {
  /** sha256 of the prompt without a question, as hex. */
  hash: string;
}

/** Temperature of several answers to one question, if the configuration names none. */
const SAMPLING_TEMPERATURE = 0.7;

export interface BaselineOptions {
  style: PromptStyle;
  question: string;
  /** Language of the program. */
  language: NonNullable<PromptFields['language']>;
  /** Answers to the question, of which this is one. @default 1, sampled as the prompt says */
  samples?: number;
}

/**
 * Uses the special tokens of the bundled chain-of-thought model in style `compact`, else words.
 *
 * @throws ConfigurationInvalid for a baseline that the bundled model was not trained for
 */
export function renderBaseline(baseline: Baseline, options: BaselineOptions): BaselinePrompt {
  const { samples = 1 } = options;
  const prompt = options.style === 'compact' ? compact(baseline, options.question) : inWords(baseline, options);
  return { ...prompt, temperature: samples > 1 ? SAMPLING_TEMPERATURE : prompt.temperature };
}

function compact(baseline: Baseline, question: string): BaselinePrompt {
  if (baseline !== 'cot')
    throw createFailure(
      'ConfigurationInvalid',
      `The bundled model of prompts: compact knows the baseline cot alone, not ${baseline}; name a model of your own with prompts: few-shot.`,
    );
  const layout = { maxTokens: 300, temperature: 0, stop: [END] };
  const text = (of: string) => `<|cot|>${of}<|out|>`;
  return { ...layout, text: text(neutralise(question)), hash: sha256(text('{question}')) };
}

function inWords(baseline: Baseline, { question, language }: BaselineOptions): BaselinePrompt {
  const file = readFileSync(join(__dirname, 'baselines', `${baseline}.yaml`), 'utf8');
  const { text, languages, examples, maxTokens, temperature } = schema.parse(parse(file));
  const fill = compileLayout(text);
  const { name = '', rules = '' } = languages?.[language] ?? {};
  const ask = (of: string) => fill({ question: of, language: name, rules });
  const turns = examples.map((example) => ({ asked: ask(example.question), answer: example.answer }));
  return {
    text: [...turns.map(({ asked, answer }) => `${asked}\n\n${answer}\n\n---\n\n`), ask(question)].join(''),
    messages: [
      ...turns.flatMap(({ asked, answer }) => [
        { role: 'user' as const, content: asked },
        { role: 'assistant' as const, content: answer },
      ]),
      { role: 'user', content: ask(question) },
    ],
    stop: turns.length > 0 ? ['\n---'] : [],
    maxTokens,
    temperature,
    hash: sha256(file),
  };
}
