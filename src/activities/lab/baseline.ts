/** The baselines: the action generator's model answers one prompt; `program` runs the program that it writes. */
import { renderBaseline, type Baseline } from '../../prompts/baseline-prompts';
import type { DirectAnswer } from '../../contract/evaluation';
import { extractAnswer } from '../../scoring/extraction';
import type { ActivityContext } from '../../runtime/activity-context';
import { keptOutput, openExpert } from '../../runtime/ask-expert';
import { executeCode } from '../solve/execute-code';

export interface BaselineQuestion {
  baseline: Baseline;
  question: string;
  /** Answers to the question, of which this is one. @default 1 */
  samples?: number;
}

/** @throws ContextLengthExceeded for a question that leaves no room for its answer; the model's failures (failures.ts) */
export async function answerByBaseline(
  context: ActivityContext,
  { baseline, question, samples }: BaselineQuestion,
  signal: AbortSignal,
): Promise<DirectAnswer> {
  const startedAt = Date.now();
  const { language } = context.config.sandbox;
  const expert = await openExpert(context, 'action');
  const prompt = renderBaseline(baseline, { style: context.prompts.style, question, language, samples });
  if (expert.roomBeside(prompt) < 0) throw expert.tooLong(prompt, baseline);
  const { text: written, usage, model } = await expert.ask(prompt, signal);
  const text = keptOutput(written);
  const report = () => ({ model, usage, durationMs: Date.now() - startedAt });
  if (baseline !== 'program') return { answer: extractAnswer(text).text ?? '', text, ...report() };
  const code = context.prompts.readOutput?.('code', text, { question, history: [], language }) ?? text;
  const ran = await executeCode(context, { code, language, outputStyle: 'default' }, signal);
  const answer = ran.error === undefined ? (extractAnswer(lastLine(ran.text)).text ?? '') : '';
  return { answer, text: `${code}\n\n--- ${ran.error ?? ran.text}`, ...report() };
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
