/**
 * Reads the action generator's text: `[tool] step`, or `[finish]` with the answer.
 * Rules: Husky-v1 (commit 1d5dca1), described in docs/husky-v1.md section 4.
 */
import { BUILT_IN_TOOLS } from './step';

export const FALLBACK_STEP = 'Solve the question using the given information.';

/** A step that asks for the whole question: its output holds the answer. */
export const WHOLE_QUESTION = 'Solve the question.';

/** True for {@link WHOLE_QUESTION}, {@link FALLBACK_STEP}, and a step that asks for the same in other words. */
export function isWholeQuestion(step: string): boolean {
  return /^(?:solve|answer) the (?:whole |entire |given )?(?:question|problem)\b/i.test(step.trim());
}

/** The other tool that can answer a whole question. */
export const otherTool = (tool: string): string => (tool === 'code' ? 'math' : 'code');

export type Action =
  | { kind: 'step'; tool: string; step: string; fallback?: 'unparsable' | 'unknown-tool' }
  | { kind: 'finish'; answer: string; text: string };

/**
 * Reads `[tool] step` at the very start of the text, up to the end of the line.
 * No match falls back to commonsense with {@link FALLBACK_STEP}; an unknown tool falls back to commonsense and keeps its step.
 *
 * @param customTools names of the user's own tools; matched case-sensitively, as the built-in ones are
 */
export function parseAction(text: string, customTools: readonly string[] = []): Action {
  const match = /^\[(\w+)\]\s*(.+)/.exec(text.trim());
  if (!match) return { kind: 'step', tool: 'commonsense', step: FALLBACK_STEP, fallback: 'unparsable' };
  const [, tool = '', rest = ''] = match;
  const step = rest.trim();
  if (tool === 'finish') return { kind: 'finish', answer: parseAnswer(step), text: step };
  if ((BUILT_IN_TOOLS as readonly string[]).includes(tool) || customTools.includes(tool))
    return { kind: 'step', tool, step };
  return { kind: 'step', tool: 'commonsense', step, fallback: 'unknown-tool' };
}

/** The text after the last `The answer is` (all of it when absent), minus exactly one final point, stripped. */
export function parseAnswer(text: string): string {
  const marker = 'The answer is';
  const at = text.lastIndexOf(marker);
  const answer = at < 0 ? text : text.slice(at + marker.length);
  return answer.replace(/\.$/, '').trim();
}

const CONTINUATIONS = ['\nStep:', '\nCurrent step:', '\nThe answer is', '\nNext solution:'];

/** Cuts a math or commonsense output where the model began to write the next field, then strips it. */
export function trimReasoning(text: string): string {
  return CONTINUATIONS.reduce((kept, mark) => kept.split(mark, 1)[0] ?? '', text.trim()).trim();
}
