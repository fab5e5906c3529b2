/**
 * Taking an answer out of what instruction-tuned models put around it.
 *
 * @module
 */
import { BUILT_IN_TOOLS } from '../../trajectory/step';
import type { ModuleName } from '../../trajectory/modules';

const TOOLS: readonly string[] = [...BUILT_IN_TOOLS, 'finish'];

/** Reasoning models write it before the answer where their server doesn't take it off. */
const REASONING = /^\s*<think>[\s\S]*?<\/think>/;

/** The prompt's last label, said again. */
const LABEL =
  /^\s*(?:\*\*)?(?:next step or final answer|search query|solution|output|rewrite|answer|code)\s*:(?:\*\*)?[ \t]*/i;

const TOOL_LINE = /^[\s*_`>"-]*\[(\w+)\][*_`:]*[ \t]*(.*)$/;
const FENCED = /^[ \t]*```[^\n]*\n([\s\S]*?)\n?[ \t]*```/m;
/** Without its end, because the answer was cut. */
const FENCE_OPENED = /^[ \t]*```[^\n]*\n/;

/** @see PromptSet.readOutput */
export function readOutput(module: ModuleName, text: string): string {
  const answer = text.replace(REASONING, '').trim();
  if (module === 'code') return readProgram(answer);
  const said = answer.replace(LABEL, '').trim();
  if (module === 'action') return readAction(said);
  if (module === 'query') return readQuery(said);
  return said;
}

/** The first line that begins with a tool, whatever was said before it. */
function readAction(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(LABEL, ''));
  for (const [at, line] of lines.entries()) {
    const [, name, rest = ''] = TOOL_LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const tool = TOOLS.includes(name.toLowerCase()) ? name.toLowerCase() : name;
    const step = rest.trim() || lines.slice(at + 1).find((next) => next.trim() !== '');
    return step === undefined ? text : `[${tool}] ${step.trim().replace(/\*\*$/, '')}`;
  }
  return text;
}

function readProgram(text: string): string {
  const [, program] = FENCED.exec(text) ?? [];
  return (program ?? text.replace(LABEL, '').replace(FENCE_OPENED, '')).trim();
}

/** One line, without quotation marks around all of it. */
function readQuery(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  return line.replace(/^["'`“]([^"`“”]*)["'`”]$/, '$1');
}
