/**
 * The form that an answer has to have, and how each way of constrained decoding is told about it.
 *
 * @module
 */
import { jsonObjectIn } from '../trajectory/json-object';

/**
 * `line`: one line. `action`: one line `[tool] step`, with one of `tools`. `json`: an object that fits a JSON Schema. A model that cannot be held to the form is asked without it,
 * and what it writes is read as well as can be (`read-answer.ts`).
 */
export type AnswerForm = LineForm | JsonForm;
/** Forms of one line. */
export type LineForm = { kind: 'line' } | { kind: 'action'; tools: readonly string[] };
export type JsonForm = { kind: 'json'; schema: Readonly<Record<string, unknown>> };

/** A regular expression that the whole answer matches; only what Outlines, XGrammar and llguidance all understand. */
export function regexOf(form: LineForm): string {
  const line = '[^ \\n\\r][^\\n\\r]*';
  if (form.kind === 'line') return ` ?${line}`;
  return ` ?\\[(${form.tools.map(escapeRegex).join('|')})\\] ${line}`;
}

/** The same as a grammar of llama.cpp (GBNF). */
export function grammarOf(form: LineForm): string {
  const line = '[^ \\n\\r] [^\\n\\r]* "\\n"?';
  if (form.kind === 'line') return `root ::= " "? ${line}`;
  return `root ::= " "? "[" tool "] " ${line}\ntool ::= ${form.tools.map((tool) => JSON.stringify(tool)).join(' | ')}`;
}

/** An action as JSON, for servers that are held to a schema alone; {@link ../trajectory/written-action} reads it back. */
export function jsonSchemaOf({ tools }: AnswerForm & { kind: 'action' }): object {
  return {
    type: 'object',
    properties: {
      tool: { type: 'string', enum: [...tools] },
      step: { type: 'string', description: 'What the tool shall do, or the final answer after finish.' },
    },
    required: ['tool', 'step'],
    additionalProperties: false,
  };
}

/** Whether a text has the form; any text is a line. */
export function hasForm(text: string, form: AnswerForm): boolean {
  if (form.kind === 'action') return isAction(text, form);
  return form.kind === 'line' || jsonObjectIn(text) !== undefined;
}

function isAction(text: string, { tools }: AnswerForm & { kind: 'action' }): boolean {
  const [, tool] = /^\s*\[(\w+)\] *\S/.exec(text) ?? [];
  return tool !== undefined && tools.includes(tool);
}

/** Tools of a configuration are words; this keeps any other name from becoming a pattern. */
const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The rule that separates examples in a prompt, which a model may repeat at the end of its line. */
const SEPARATOR = /\s+-{3,}\s*$/;

/** The first line that is not blank, or undefined while the text has no such line that is complete. */
export function completeLine(text: string): string | undefined {
  const [, line] = /^\s*(\S[^\n]*)\n/.exec(text) ?? [];
  return line;
}

/** The first line that is not blank, without the separator of the prompt behind it. */
export function firstLine(text: string): string {
  const [, line = ''] = /^\s*(\S[^\n]*)/.exec(text) ?? [];
  return line.replace(SEPARATOR, '').trimEnd();
}
