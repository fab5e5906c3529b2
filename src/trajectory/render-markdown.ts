/** A trajectory as a person reads it: for the Temporal UI's current details and `husky show --markdown`. */
import { cutEnd, oneLine } from './bounded-text';
import type { Decision, SampleProgress, Solution, Step } from './step';
import { votesText } from './votes';

export interface MarkdownOptions {
  /** Steps shown, the newest; earlier ones are counted in one line. @default all */
  lastSteps?: number;
  /** Characters of each code, observation and output shown. @default 2000 */
  maxChars?: number;
}

export type RenderedSolution = Pick<Solution, 'question' | 'steps' | 'usage'> &
  Partial<Pick<Solution, 'answer' | 'stopReason' | 'partial' | 'notices' | 'votes'>> & {
    /** Samples that run. */
    samples?: readonly SampleProgress[];
    /** The step that waits for a person. */
    waiting?: { id: string; tool: string; step: string; code?: string; arguments?: object };
  };

export function renderMarkdown(solution: RenderedSolution, options: MarkdownOptions = {}): string {
  const { lastSteps = solution.steps.length, maxChars = 2000 } = options;
  const shown = solution.steps.slice(-lastSteps || solution.steps.length);
  const hidden = solution.steps.length - shown.length;
  return [
    `**Question** ${cutEnd(solution.question, maxChars)}`,
    ...(solution.notices ?? []).map((notice) => `_${notice}_`),
    ...(hidden > 0 ? [`_${hidden} earlier steps not shown_`] : []),
    ...shown.map((step) => renderStep(step, maxChars)),
    ...(solution.samples ? [solution.samples.map((sample) => `- ${sampleText(sample)}`).join('\n')] : []),
    ...(solution.waiting ? [renderWaiting(solution.waiting, maxChars)] : []),
    renderEnd(solution),
  ].join('\n\n');
}

function renderWaiting(waiting: NonNullable<RenderedSolution['waiting']>, maxChars: number): string {
  const { id, tool, step, code, arguments: made } = waiting;
  const shown = code ?? (made && JSON.stringify(made, null, 1));
  return [
    `**Waits for a person: step ${id} [${tool}]** ${oneLine(step, maxChars)}`,
    ...(shown === undefined ? [] : [fence(cutEnd(shown, maxChars))]),
    '_Decide by the update huskyApprove, huskyRefuse, huskyEdit or huskyAnswer._',
  ].join('\n\n');
}

/** Where a sample is, in one line. */
export function sampleText({ id, steps, chosen, stopReason, answer }: SampleProgress): string {
  const taken = `sample ${id.split('-').at(-1)}: ${steps} step${steps === 1 ? '' : 's'}`;
  if (stopReason === undefined) return chosen ? `${taken}, now [${chosen.tool}] ${oneLine(chosen.step, 100)}` : taken;
  return `${taken}, ${stopReason === 'finished' ? '' : `${stopReason} `}→ ${oneLine(answer ?? '', 100) || 'no answer'}`;
}

/** Who decided about a step, and how. */
export function decisionText({ kind, by, byDeadline, reason }: Decision): string {
  const who = byDeadline ? 'the deadline' : (by ?? 'somebody');
  return `${kind} by ${who}${reason === undefined ? '' : `: ${reason}`}`;
}

function renderStep(step: Step, maxChars: number): string {
  const parts = [`**${step.index + 1}. [${step.tool}]** ${oneLine(step.step, maxChars)}`];
  if (step.query !== undefined) parts.push(`Query: \`${oneLine(step.query, 300).replaceAll('`', "'")}\``);
  if (step.arguments !== undefined) parts.push(fence(cutEnd(JSON.stringify(step.arguments), maxChars)));
  if (step.code !== undefined) parts.push(fence(cutEnd(step.code, maxChars)));
  if (step.observation !== undefined && step.observation !== step.output)
    parts.push(`Result: ${quote(cutEnd(step.observation, maxChars))}`);
  if (step.error !== undefined) parts.push(`Problem: ${quote(cutEnd(step.error, maxChars))}`);
  if (step.raw !== undefined) parts.push(`Written by the action generator: ${quote(cutEnd(step.raw, 300))}`);
  for (const decision of step.decisions ?? []) parts.push(`_${oneLine(decisionText(decision), maxChars)}_`);
  if (step.attempts > 1) parts.push(`${step.attempts} attempts`);
  parts.push(`→ ${quote(cutEnd(step.output, maxChars))}`);
  return parts.join('\n\n');
}

function renderEnd(solution: RenderedSolution): string {
  const { calls, inputTokens, outputTokens, cachedTokens, money } = solution.usage;
  const cached = cachedTokens ? ` (${cachedTokens} from the cache)` : '';
  const cost = money === undefined ? '' : `, cost ${money.toFixed(4)}`;
  const spent = `_${calls} model calls, ${inputTokens} tokens in${cached}, ${outputTokens} out${cost}_`;
  if (solution.stopReason === undefined) return spent;
  const answer = solution.answer ? `**Answer** ${solution.answer}` : '**No answer**';
  const note =
    solution.stopReason === 'finished'
      ? ''
      : ` (${solution.stopReason}${solution.partial && solution.answer ? ', best result so far' : ''})`;
  const votes = solution.votes ? `\n\n_Votes: ${votesText(solution.votes)}_` : '';
  return `${answer}${note}${votes}\n\n${spent}`;
}

function fence(code: string): string {
  const marks = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${marks}\n${code}\n${marks}`;
}

/** A line break inside a list or paragraph must not end it. */
function quote(text: string): string {
  return text.trim().replaceAll('\n', '  \n');
}
