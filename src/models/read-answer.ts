/** Takes the answer out of a generated text: removes marks, thinking and stop strings in the right order. */
import { actionLine, actionLines } from '../trajectory/written-action';
import { queryLine } from '../trajectory/written-query';
import { firstLine, hasForm, type ActionForm, type AnswerForm } from './answer-form';
import { cutAtStop } from './cut-at-stop';
import { takeOffMarks } from './template-marks';
import { splitThinking } from './thinking';

export interface ReadOptions {
  stop?: readonly string[];
  form?: AnswerForm;
}

export interface ReadAnswer {
  text: string;
  /** Whether a stop string, the end of a turn or the end of a line came before the end of the text. */
  stopped: boolean;
  /** Whether the text ends inside the model's thinking. */
  unfinished: boolean;
}

/** Removes thinking first: a stop string inside it must not end the answer. */
export function readAnswer(generated: string, { stop = [], form }: ReadOptions = {}): ReadAnswer {
  const { answer, unfinished } = splitThinking(generated);
  const marked = takeOffMarks(answer);
  const cut = cutAtStop(marked.text, stop);
  const text = cut ?? marked.text;
  const stopped = marked.cut || cut !== undefined;
  if (!form || form.kind === 'json') return { text, stopped, unfinished };
  if (form.kind === 'line') {
    const line = lineIn(text);
    return { text: line, stopped: stopped || line.length < text.trim().length, unfinished };
  }
  const read = (whole: string) => actionIn(whole, generated, form);
  let found = read(text);
  if (cut !== undefined && !hasForm(found, form)) {
    // JSON, calls of functions and fences take several lines: they are read beyond the ends of lines.
    const beyond = read(cutAtStop(marked.text, stop.filter(isOfWords)) ?? marked.text);
    if (hasForm(beyond, form)) found = beyond;
  }
  return { text: found, stopped: stopped || found.length < text.trim().length, unfinished };
}

/** A first line that only opens or announces what follows: a fence, a bracket, an introduction. */
const OPENS = /^(?:```\w*|[{[]+|<[^<>]+>|.*:)$/;

/** The first line, or the query below it. */
function lineIn(text: string): string {
  const line = firstLine(text);
  return OPENS.test(line.trim()) ? firstLine(queryLine(text) ?? line) : line;
}

/** Whether a stop string is more than the end of a line or of a paragraph. */
export const isOfWords = (stop: string): boolean => stop.trim() !== '';

/** The action, or several where that is allowed; else the first line. */
function actionIn(text: string, generated: string, { tools, several }: ActionForm): string {
  if (!several) return firstLine(actionOf(text, generated, tools) ?? text);
  const lines = actionLines(text, tools, several);
  return lines.length > 0 ? lines.join('\n') : firstLine(text);
}

/** The action or call with which thinking ends that never was closed; undefined where it ends in other words. */
export function endingAction(thought: string, tools: readonly string[]): string | undefined {
  const said = thought.trim();
  const call = said.endsWith('</tool_call>') ? said.lastIndexOf('<tool_call>') : -1;
  const end = said.slice(call < 0 ? said.lastIndexOf('\n') + 1 : call);
  return call >= 0 || /^[\s*_`]*\[\w+\]/.test(end) ? actionLine(end, tools) : undefined;
}

/** The action; what stands in the marks of an answer and is no action ends the solution. */
function actionOf(text: string, generated: string, tools: readonly string[]): string | undefined {
  return (
    actionLine(text, tools) ?? (/<answer>/.test(generated) ? actionLine(`<answer>${text}</answer>`, tools) : undefined)
  );
}
