/**
 * A trajectory as the teacher writes it, read back by regular expression (Husky, section 3.1):
 *
 *     Step 1: [search] Find the area of Texas.
 *     Query: area of Texas
 *     Result: Texas: 268,596 square miles
 *     Output: Texas has an area of 268,596 square miles.
 *     Step 2: [finish] The answer is 268,596.
 *
 * @module
 */
import { BUILT_IN_TOOLS } from '../trajectory/step';
import type { CustomTool } from '../contract/profile';
import { readArguments } from '../tools/read-arguments';
import type { PendingStep } from '../contract/synthesis';
import type { TrajectoryStep } from '../trajectory/trajectory';

/** Writing stops here: the tool is then really carried out. */
export const RESULT_MARK = '\nResult:';
/** The text for a missing result. A result is never invented. */
export const NO_RESULT = '(nothing came back)';

const HEAD = /^Step (\d+):[ \t]*(.*)$/gm;
const ACTION = /^\[(\w+)\]\s*(.+)$/;

export function renderStep(step: PendingStep | TrajectoryStep, number: number): string {
  const lines = [`Step ${number}: [${step.tool}] ${step.step}`];
  if (step.query !== undefined) lines.push(`Query: ${step.query}`);
  if (step.arguments !== undefined) lines.push(`Arguments: ${JSON.stringify(step.arguments)}`);
  if (step.code !== undefined) lines.push(`Code:\n${step.code}`);
  if (!isReasoned(step.tool)) {
    const error = 'error' in step && step.error !== undefined ? `Error: ${step.error}` : NO_RESULT;
    lines.push(`Result: ${step.observation ?? error}`);
  }
  if ('output' in step) lines.push(`Output: ${step.output}`);
  return lines.join('\n');
}

export interface ReadText {
  /** The sentence for the step whose result was shown last. */
  output?: string;
  steps: TrajectoryStep[];
  call?: PendingStep;
  finish?: string;
  malformed?: string;
}

export interface ReadOptions {
  /** Steps that were there before. */
  done: number;
  /** The step after those has its result and awaits its output. */
  awaitsOutput: boolean;
  customTools: readonly Pick<CustomTool, 'name' | 'input'>[];
}

/**
 * Reads one stretch of writing. A model that begins again at step 1 is taken at its first new step. Reading ends at the first tool
 * call, at the finish, or at what cannot be read.
 */
export function readTrajectoryText(text: string, { done, awaitsOutput, customTools }: ReadOptions): ReadText {
  const written = withLead(text.split(RESULT_MARK, 1)[0] ?? '', done, awaitsOutput);
  const heads = [...written.matchAll(HEAD)];
  const result: ReadText = { steps: [] };
  let expected = done + 1;
  if (awaitsOutput) {
    const output = firstOutput(heads[0] ? written.slice(0, heads[0].index) : written);
    if (output === '') return { ...result, malformed: excerpt(written) };
    result.output = output;
    expected += 1;
  }
  const fresh = heads.filter((head) => Number(head[1]) >= expected);
  if (fresh.length === 0) return { ...result, malformed: excerpt(written.slice(heads.at(-1)?.index ?? 0)) };
  for (const [at, head] of fresh.entries()) {
    const body = written.slice(head.index + head[0].length, fresh[at + 1]?.index ?? written.length);
    const block = readBlock((head[2] ?? '').trim(), body, customTools);
    if (block.kind === 'malformed') return { ...result, malformed: excerpt(head[0] + body) };
    if (block.kind === 'finish') return { ...result, finish: block.text };
    if (block.kind === 'call') return { ...result, call: block.step };
    result.steps.push(block.step);
  }
  return result;
}

/** The prompt ends with the label of what comes next; some models write it again. */
function withLead(text: string, done: number, awaitsOutput: boolean): string {
  const start = text.trimStart();
  if (awaitsOutput) return /^(Output:|Step \d)/.test(start) ? start : `Output: ${start}`;
  return start.startsWith('[') ? `Step ${done + 1}: ${start}` : start;
}

type Block =
  | { kind: 'step'; step: TrajectoryStep }
  | { kind: 'call'; step: PendingStep }
  | { kind: 'finish'; text: string }
  | { kind: 'malformed' };

function readBlock(action: string, body: string, customTools: ReadOptions['customTools']): Block {
  const [, tool = '', step = ''] = ACTION.exec(action) ?? [];
  if (tool === 'finish') return { kind: 'finish', text: step };
  if (tool === '') return { kind: 'malformed' };
  const own = customTools.find(({ name }) => name === tool);
  if (own) return { kind: 'call', step: { tool, step, ...argumentsIn(body, own) } };
  if (!(BUILT_IN_TOOLS as readonly string[]).includes(tool)) return { kind: 'malformed' };
  if (isReasoned(tool)) {
    const output = firstOutput(body);
    return output === '' ? { kind: 'malformed' } : { kind: 'step', step: { tool, step, output } };
  }
  const label = tool === 'code' ? 'Code:' : 'Query:';
  const [lead, input] = body.split(label, 2);
  const text = input === undefined || lead?.trim() ? '' : unfenced(input.trim());
  if (text === '') return { kind: 'malformed' };
  return {
    kind: 'call',
    step: tool === 'code' ? { tool, step, code: text } : { tool, step, query: text.split('\n', 1)[0] ?? '' },
  };
}

/** Arguments that do not fit are shown to the teacher as what went wrong, as a program that failed is. */
function argumentsIn(body: string, { name, input }: Pick<CustomTool, 'name' | 'input'>): Partial<PendingStep> {
  if (input === undefined) return {};
  const read = readArguments(body.split('Arguments:', 2)[1] ?? '', { name, input });
  return 'invalid' in read ? { error: `The arguments do not fit: ${read.invalid}` } : read;
}

/** Tools that the teacher carries out itself by writing. */
function isReasoned(tool: string): boolean {
  return tool === 'math' || tool === 'commonsense';
}

function firstOutput(text: string): string {
  const parts = text.split(/^Output:/m);
  return (parts.length > 1 ? (parts[1] ?? '') : text).trim();
}

function unfenced(code: string): string {
  return /^```\w*\n([\s\S]*?)\n?```$/.exec(code)?.[1] ?? code;
}

function excerpt(text: string): string {
  return text.trim().slice(0, 300) || '(nothing)';
}
