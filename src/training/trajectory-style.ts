/**
 * The paper's way of synthesis: one few-shot prompt, from which the teacher writes the whole trajectory with our tools. A model of
 * completions goes on with the text; a chat model, which begins each answer anew, gets the results as turns of the conversation.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../files/fingerprint';
import type { ChatMessage, GenerateRequest } from '../models/model';
import type { WriteTrajectoryInput } from '../contract/synthesis';
import { compileLayout } from '../prompts/layout';
import { renderSchema } from '../prompts/render-schema';
import type { OfferedTool } from './training-example';
import type { PendingStep } from '../contract/synthesis';
import type { TrajectoryStep } from '../trajectory/trajectory';
import { isReasoned, RESULT_MARK, renderCall, renderResult, renderStep } from './trajectory-text';

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
  /** What chat models are told beside it. */
  turns: z.string(),
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
  const examples = prompt.examples.map(({ question, steps, finish }) => ({
    question,
    steps: steps.map(({ javascript, python, ...step }) => {
      const code = language === 'python' ? python : javascript;
      return code === undefined ? step : { ...step, code };
    }),
    finish,
  }));
  const head = [instruction, ...examples.map(asText)].join(SEPARATOR);
  const shown = examples.flatMap(({ question, steps, finish }) => asTurns(question, steps, `[finish] ${finish}`));
  const [opening, ...others] = shown;
  return {
    hash: sha256(text),
    request: ({ question, steps, pending, temperature, seed }) => {
      const known = [...steps, ...(pending ? [pending] : [])];
      const next = pending ? 'Output:' : `Step ${steps.length + 1}:`;
      return {
        prompt: `${[head, asText({ question, steps: known })].join(SEPARATOR)}\n${next}`,
        messages: [
          { role: 'user', content: `${instruction}\n${prompt.turns}\n\n${opening?.content ?? ''}` },
          ...others,
          ...asTurns(question, known),
        ],
        maxTokens: MAX_TOKENS,
        temperature,
        seed,
        stop: [RESULT_MARK, '\n---'],
      };
    },
  };
}

interface Shown {
  question: string;
  steps: readonly (PendingStep | TrajectoryStep)[];
  finish?: string;
}

function asText({ question, steps, finish }: Shown): string {
  return [
    `Question: ${question}`,
    ...steps.map((step, at) => renderStep(step, at + 1)),
    ...(finish === undefined ? [] : [`Step ${steps.length + 1}: [finish] ${finish}`]),
  ].join('\n');
}

/**
 * The same as a conversation: the teacher's turns end with a call of a tool, ours bring the result. The last turn is ours, unless the
 * trajectory is closed.
 *
 * @param last action that closes the trajectory
 */
function asTurns(question: string, steps: Shown['steps'], last?: string): ChatMessage[] {
  const turns: ChatMessage[] = [{ role: 'user', content: `Question: ${question}` }];
  let writing: string[] = [];
  const close = (reply?: string) => {
    turns.push({ role: 'assistant', content: writing.join('\n') });
    writing = [];
    if (reply !== undefined) turns.push({ role: 'user', content: reply });
  };
  for (const [at, step] of steps.entries()) {
    writing.push(renderCall(step, at + 1));
    if (!isReasoned(step.tool)) close(renderResult(step));
    if ('output' in step) writing.push(`Output: ${step.output}`);
  }
  if (last !== undefined) writing.push(`Step ${steps.length + 1}: ${last}`);
  if (writing.length > 0) close(last === undefined ? `Go on with step ${steps.length + 1}.` : undefined);
  return turns;
}
