/** The required form of an answer, as a regular expression, a grammar or a schema for constrained decoding. */
import { jsonObjectIn } from '../trajectory/json-object';

/**
 * `line`: one line. `action`: one line `[tool] step`, with one of `tools`, or several of some. `json`: an object that fits a JSON Schema. A model without constrained decoding is asked
 * freely, and `read-answer.ts` finds the answer in its text.
 */
export type AnswerForm = LineForm | JsonForm;
/** Forms of one line. */
export type LineForm = { kind: 'line' } | ActionForm;
export interface ActionForm {
  kind: 'action';
  tools: readonly string[];
  /** Instead of one action there may be up to `lines` of these tools, a line each. */
  several?: { tools: readonly string[]; lines: number };
}
export type JsonForm = { kind: 'json'; schema: Readonly<Record<string, unknown>> };

/** A regular expression for the whole answer, in the syntax that Outlines, XGrammar and llguidance share. */
export function regexOf(form: LineForm): string {
  const line = '[^ \\n\\r][^\\n\\r]*';
  if (form.kind === 'line') return ` ?${line}`;
  const action = (tools: readonly string[]) => `\\[(${tools.map(escapeRegex).join('|')})\\] ${line}`;
  const { several } = form;
  if (!several) return ` ?${action(form.tools)}`;
  const further = action(several.tools);
  return ` ?(${action(form.tools)}|${further}(\\n${further}){1,${several.lines - 1}})`;
}

/** The form as a grammar of llama.cpp (GBNF). */
export function grammarOf(form: LineForm): string {
  const line = '[^ \\n\\r] [^\\n\\r]* "\\n"?';
  if (form.kind === 'line') return `root ::= " "? ${line}`;
  const oneOf = (tools: readonly string[]) => tools.map((tool) => JSON.stringify(tool)).join(' | ');
  const { several } = form;
  if (!several) return `root ::= " "? "[" tool "] " ${line}\ntool ::= ${oneOf(form.tools)}`;
  return [
    `root ::= " "? ("[" tool "] " text | named ("\\n" named){1,${several.lines - 1}}) "\\n"?`,
    'named ::= "[" more "] " text',
    'text ::= [^ \\n\\r] [^\\n\\r]*',
    `tool ::= ${oneOf(form.tools)}`,
    `more ::= ${oneOf(several.tools)}`,
  ].join('\n');
}

/** An action as a JSON schema, for servers that support only schemas; {@link ../trajectory/written-action} reads it back. */
export function jsonSchemaOf({ tools }: ActionForm): object {
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

function isAction(text: string, { tools }: ActionForm): boolean {
  const [, tool] = /^\s*\[(\w+)\] *\S/.exec(text) ?? [];
  return tool !== undefined && tools.includes(tool);
}

/** Escapes a tool's name, so that no name becomes a pattern. */
const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The rule that separates examples in a prompt, which a model may repeat at the end of its line. */
const SEPARATOR = /\s+-{3,}\s*$/;

/** The first line that is not blank; undefined while it is incomplete. */
export function completeLine(text: string): string | undefined {
  const [, line] = /^\s*(\S[^\n]*)\n/.exec(text) ?? [];
  return line;
}

/** The first line that is not blank, without a repeated separator. */
export function firstLine(text: string): string {
  const [, line = ''] = /^\s*(\S[^\n]*)/.exec(text) ?? [];
  return line.replace(SEPARATOR, '').trimEnd();
}
