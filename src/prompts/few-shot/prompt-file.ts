/** Reads a module's prompt from the YAML files beside this one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../../files/fingerprint';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { createFailure } from '../../failures';
import { readText } from '../../files/text-encoding';
import { describeIssue } from '../../formats/describe-issue';
import { BUILT_IN_TOOLS } from '../../trajectory/step';
import { gapsOf } from '../layout';

const byLanguage = <Value extends z.ZodType>(value: Value) => z.strictObject({ javascript: value, python: value });

const exampleSchema = z.strictObject({
  question: z.string().optional(),
  history: z.array(z.strictObject({ step: z.string(), output: z.string() })).default([]),
  step: z.string().optional(),
  code: z.string().optional(),
  observation: z.string().optional(),
  tool: z
    .strictObject({ name: z.string(), description: z.string(), input: z.record(z.string(), z.unknown()) })
    .optional(),
  answer: z.union([z.string(), byLanguage(z.string())]),
});

const conversationSchema = z.strictObject({
  question: z.string(),
  /** The last step is the one to write; earlier ones have outputs. */
  turns: z
    .array(
      z.strictObject({
        tool: z.string(),
        step: z.string(),
        output: z.string().optional(),
        /** Written in one answer with the turn before. */
        together: z.literal(true).optional(),
      }),
    )
    .min(1),
});

/**
 * `known`: what earlier steps have found, and nothing before the first; `task`: the step, and nothing where it is the whole question;
 * `tool`, `schema`: the tool whose arguments are written; `language`, `rules`: those of the sandbox's language.
 */
const FIELDS = 'question history known step task code observation error tool schema language rules'.split(' ');
const layout = z.string().refine((text) => gapsOf(text).every((gap) => FIELDS.includes(gap)), {
  message: `the gaps of a layout are ${FIELDS.join(', ')}`,
});

const promptFileSchema = z.strictObject({
  module: z.enum(MODULES),
  maxTokens: z.number().int().positive(),
  temperature: z.number().min(0),
  stop: z.array(z.string().min(1)),
  /** A line `{tools}` is replaced by the user's own tools; `{language}` and `{rules}` are the language's. */
  instruction: z.string(),
  /** One line of the user's own tools: `{name}` and `{description}`. */
  customTool: z.string().optional(),
  /** Lines of the built-in tools, which replace a line `{builtIn}`; disabled tools are left out. */
  builtIn: z.partialRecord(z.enum(BUILT_IN_TOOLS), z.string()).optional(),
  languages: byLanguage(z.strictObject({ name: z.string(), rules: z.string() })).optional(),
  layout,
  /** Used instead of `layout` when a program failed. */
  repair: layout.optional(),
  examples: z.array(exampleSchema).default([]),
  /** Worked questions for an action generator that is shown its own earlier lines as its part of a conversation. */
  conversations: z.array(conversationSchema).optional(),
  /** What the action generator is told where it would solve the question before `{missing}` is looked up. */
  missing: z.string().optional(),
  /** What stands in the place of the same fields where several steps may be named in one answer; `{count}` says how many. */
  parallel: z
    .strictObject({
      maxTokens: z.number().int().positive(),
      stop: z.array(z.string().min(1)),
      instruction: z.string(),
      conversations: z.array(conversationSchema),
    })
    .optional(),
});

type PromptFile = z.output<typeof promptFileSchema>;
export type PromptExample = PromptFile['examples'][number];

export interface HashedPromptFile extends PromptFile {
  /** sha256 of the file, as hex. */
  hash: string;
}

/**
 * Reads a module's file from the first of the folders that has one.
 *
 * @param folders the user's own first. @default this package's own
 * @throws ConfigurationInvalid naming file and field
 */
export function readPromptFile(module: ModuleName, folders: readonly string[] = [__dirname]): HashedPromptFile {
  const file = folders.map((folder) => join(folder, `${module}.yaml`)).find((path) => existsSync(path));
  const invalid = (why: string) =>
    createFailure('ConfigurationInvalid', `The prompt of ${module} in ${file ?? folders.join(', ')}: ${why}.`);
  if (file === undefined) throw invalid('there is no such file');
  const text = readText(file);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw invalid(error.message.split('\n')[0]?.replace(/:$/, '') ?? 'not YAML');
  const parsed = promptFileSchema.safeParse(document.toJS());
  if (!parsed.success) throw invalid(describeIssue(parsed.error.issues[0], 'the file'));
  if (parsed.data.module !== module)
    throw invalid(`module is ${parsed.data.module}, and the file's name says ${module}`);
  return { ...parsed.data, hash: sha256(text) };
}
