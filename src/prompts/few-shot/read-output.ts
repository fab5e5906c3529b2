/** Removes what instruction-tuned models put around an answer. */
import { splitThinking } from '../../models/thinking';
import { unwrapFence } from '../../sandbox/fenced-code';
import type { SandboxLanguage } from '../../sandbox/sandbox';
import type { ModuleName } from '../../trajectory/modules';
import { jsonLineOf } from '../../trajectory/json-object';
import { queryLine } from '../../trajectory/written-query';
import { actionLine, actionLines } from '../../trajectory/written-action';
import { parallelTools, type PromptFields } from '../prompt';

/** The prompt's last label, repeated. */
const LABEL =
  /^\s*(?:\*\*)?(?:next step or final answer|search query|solution|output|rewrite|answer|code)\s*:(?:\*\*)?[ \t]*/i;

/** @see PromptSet.readOutput */
export function readOutput(module: ModuleName, text: string, fields?: PromptFields): string {
  const answer = splitThinking(text).answer.trim();
  if (module === 'code') return readProgram(answer, fields?.language ?? 'javascript');
  if (module === 'action' && fields?.parallel)
    return (
      actionLines(answer, [], { tools: parallelTools(fields), lines: fields.parallel }).join('\n') ||
      answer.replace(LABEL, '').trim()
    );
  if (module === 'action') return actionLine(answer) ?? answer.replace(LABEL, '').trim();
  if (module === 'arguments') return jsonLineOf(answer);
  const said = answer.replace(LABEL, '').trim();
  // One that only announces a query is none: the search says so, and the loop goes on.
  return module === 'query' ? (queryLine(said) ?? '') : said;
}

/** Fences are read where the sandbox reads them. An indentation that all lines share is none of the program's. */
function readProgram(text: string, language: SandboxLanguage): string {
  const program = unwrapFence(text.replace(LABEL, ''), language)
    .replace(/^(?:[ \t]*\r?\n)+/, '')
    .trimEnd();
  const indent = /^[ \t]*/.exec(program)?.[0] ?? '';
  const isShared = program.split('\n').every((line) => line.startsWith(indent) || line.trim() === '');
  return isShared ? program.replace(new RegExp(`^${indent}`, 'gm'), '') : program.trimStart();
}
