/**
 * The paper's way of synthesis: one few-shot prompt, from which the teacher writes the whole trajectory with our tools.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../files/fingerprint';
import type { GenerateRequest } from '../models/model';
import type { WriteTrajectoryInput } from '../contract/synthesis';
import { compileLayout } from '../prompts/layout';
import { renderSchema } from '../prompts/render-schema';
import type { OfferedTool } from './training-example';
import { RESULT_MARK, renderStep } from './trajectory-text';

const exampleStep = z.object({
  tool: z.string(),
  step: z.string(),
  query: z.string().optional(),
  javascript: z.string().optional(),
  python: z.string().optional(),
  observation: z.string().optional(),
  output: z.string(),
});
const promptSchema = z.object({
  version: z.literal(1),
  instruction: z.string(),
  custom: z.string(),
  typed: z.string(),
  examples: z.array(z.object({ question: z.string(), steps: z.array(exampleStep), finish: z.string() })).min(1),
});

/** New tokens of one stretch: a program and a few sentences. */
const MAX_TOKENS = 768;
const SEPARATOR = '\n---\n';

export interface TrajectoryPrompt {
  /** sha256 of the template, as hex. */
  readonly hash: string;
  request(input: WriteTrajectoryInput): GenerateRequest;
}

export interface TrajectoryPromptOptions {
  language: 'javascript' | 'python';
  tools?: readonly OfferedTool[];
}

export function loadTrajectoryPrompt({ language, tools = [] }: TrajectoryPromptOptions): TrajectoryPrompt {
  const text = readFileSync(join(__dirname, 'trajectory-prompt.yaml'), 'utf8');
  const prompt = promptSchema.parse(parse(text));
  const instruction = [
    prompt.instruction.replaceAll('{language}', language === 'python' ? 'Python' : 'JavaScript'),
    ...tools.map(({ name, description, input }) =>
      compileLayout(input ? prompt.typed : prompt.custom)({
        name,
        description,
        schema: input ? renderSchema(input) : '',
      }),
    ),
  ].join('\n');
  const examples = prompt.examples.map(({ question, steps, finish }) => {
    const shown = steps.map(({ javascript, python, ...step }, at) => {
      const code = language === 'python' ? python : javascript;
      return renderStep(code === undefined ? step : { ...step, code }, at + 1);
    });
    return [`Question: ${question}`, ...shown, `Step ${steps.length + 1}: [finish] ${finish}`].join('\n');
  });
  const head = [instruction, ...examples].join(SEPARATOR);
  return {
    hash: sha256(text),
    request: ({ question, steps, pending, temperature, seed }) => {
      const known = [...steps, ...(pending ? [pending] : [])].map((step, at) => renderStep(step, at + 1));
      const next = pending ? 'Output:' : `Step ${steps.length + 1}:`;
      return {
        prompt: `${[head, [`Question: ${question}`, ...known].join('\n')].join(SEPARATOR)}\n${next}`,
        maxTokens: MAX_TOKENS,
        temperature,
        seed,
        stop: [RESULT_MARK, '\n---'],
      };
    },
  };
}
