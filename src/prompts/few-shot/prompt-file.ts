/**
 * One module's prompt as data: the YAML files beside this one.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../../files/fingerprint';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { gapsOf } from '../layout';

const byLanguage = <Value extends z.ZodType>(value: Value) => z.strictObject({ javascript: value, python: value });

const exampleSchema = z.strictObject({
  question: z.string().optional(),
  history: z.array(z.strictObject({ step: z.string(), output: z.string() })).default([]),
  step: z.string().optional(),
  code: z.string().optional(),
  observation: z.string().optional(),
  answer: z.union([z.string(), byLanguage(z.string())]),
});

const FIELDS = ['question', 'history', 'step', 'code', 'observation', 'error'];
const layout = z.string().refine((text) => gapsOf(text).every((gap) => FIELDS.includes(gap)), {
  message: `the gaps of a layout are ${FIELDS.join(', ')}`,
});

const promptFileSchema = z.strictObject({
  module: z.enum(MODULES),
  maxTokens: z.number().int().positive(),
  temperature: z.number().min(0),
  stop: z.array(z.string().min(1)),
  /** `{tools}` alone on a line is where the user's own tools go; `{language}` and `{rules}` are the language's. */
  instruction: z.string(),
  /** One line of the user's own tools: `{name}` and `{description}`. */
  customTool: z.string().optional(),
  languages: byLanguage(z.strictObject({ name: z.string(), rules: z.string() })).optional(),
  layout,
  /** In the place of `layout` when a program failed. */
  repair: layout.optional(),
  examples: z.array(exampleSchema).min(1),
});

export type PromptFile = z.output<typeof promptFileSchema>;
export type PromptExample = PromptFile['examples'][number];

export interface HashedPromptFile extends PromptFile {
  /** sha256 of the file, as hex. */
  hash: string;
}

/** Reads a module's file. A file that doesn't fit the schema is a fault of this package, and fails at the first use. */
export function readPromptFile(module: ModuleName, folder = __dirname): HashedPromptFile {
  const text = readFileSync(join(folder, `${module}.yaml`), 'utf8');
  return { ...promptFileSchema.parse(parse(text)), hash: sha256(text) };
}
