/** Reads what a user's own tool returned: text, or JSON of anything else. No result of a tool can break the workflow. */
import { cutMiddle, oneLine } from '../trajectory/bounded-text';
import type { StepFailure } from '../trajectory/step';

/** Characters kept of a tool's output; the built-in tools cut theirs at the source. */
const KEPT = 4000;
/** A text that was cut at its source is a little longer than {@link KEPT}, because of its marker. It must not be cut again. */
const CUT_BEFORE = KEPT + 100;
/** The output of a tool that returned nothing, as the next prompts show it. */
const EMPTY_TOOL_OUTPUT = 'The tool returned nothing.';

export interface ToolResult {
  output: string;
  observation?: string;
  failed?: StepFailure;
}

/** @param returned text, `{ output, observation? }`, bytes of a text, or any other JSON value, which is shown as it is written */
export function readToolResult(tool: string, returned: unknown): ToolResult {
  const { output, observation } = isResult(returned) ? returned : { output: returned };
  const text = textOf(output);
  const seen = textOf(observation);
  return {
    output: text === undefined ? EMPTY_TOOL_OUTPUT : kept(text),
    observation: seen === undefined ? undefined : kept(seen),
    failed: text === undefined ? nothing(tool, returned) : undefined,
  };
}

const kept = (text: string) => (text.length < CUT_BEFORE ? text : cutMiddle(text, KEPT));

function isResult(value: unknown): value is { output: unknown; observation?: unknown } {
  return typeof value === 'object' && value !== null && 'output' in value;
}

/** @returns undefined for nothing */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  // What Go gives as []byte, and Python as bytes.
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function nothing(tool: string, returned: unknown): StepFailure {
  const came = returned === undefined ? 'undefined' : JSON.stringify(returned);
  const message = `the tool ${tool} returned ${came}; it must return text or { output }`;
  return { kind: 'tool-empty', message: oneLine(message, 300) };
}
