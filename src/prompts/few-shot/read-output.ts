/** Removes what instruction-tuned models put around an answer. */
import { splitThinking } from '../../models/thinking';
import type { ModuleName } from '../../trajectory/modules';
import { jsonLineOf } from '../../trajectory/json-object';
import { queryLine } from '../../trajectory/written-query';
import { actionLine, actionLines } from '../../trajectory/written-action';
import { parallelTools, type PromptFields } from '../prompt';

/** The prompt's last label, repeated. */
const LABEL =
  /^\s*(?:\*\*)?(?:next step or final answer|search query|solution|output|rewrite|answer|code)\s*:(?:\*\*)?[ \t]*/i;

const FENCED = /^[ \t]*```[^\n]*\n([\s\S]*?)\n?[ \t]*```/m;
/** A fence without its end, because the answer was cut. */
const FENCE_OPENED = /^[ \t]*```[^\n]*\n/;

/** @see PromptSet.readOutput */
export function readOutput(module: ModuleName, text: string, fields?: PromptFields): string {
  const answer = splitThinking(text).answer.trim();
  if (module === 'code') return readProgram(answer);
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

function readProgram(text: string): string {
  const [, program] = FENCED.exec(text) ?? [];
  return (program ?? text.replace(LABEL, '').replace(FENCE_OPENED, '')).trim();
}
