/**
 * The action generator's prompt as a conversation: the question, then its earlier lines with their outputs. Each step's prompt begins with
 * the previous one's, so that servers find it in their prefix cache.
 */
import { BUILT_IN_TOOLS, HINT_TOOL } from '../../trajectory/step';
import { FAILED_OUTPUT } from '../../trajectory/solution-history';
import type { ChatMessage } from '../../models/model';
import { formOf } from '../form-of';
import { compileLayout } from '../layout';
import { parallelTools, type PromptFields, type RenderedPrompt } from '../prompt';
import type { HashedPromptFile } from '../few-shot/prompt-file';

/** Where a user's own file has no `missing`. */
const MISSING = 'Look up {missing} before you go on.';

type Turn = { tool?: string; step: string; output?: string; together?: true };

/** @param file with `conversations` */
export function compileConversation(file: HashedPromptFile): (fields: PromptFields) => RenderedPrompt {
  const { temperature } = file;
  const ask = compileLayout(file.layout);
  const lookUp = compileLayout(file.missing ?? MISSING);
  const turnsOf = (question: string, turns: readonly Turn[]) =>
    turns.reduce(withTurn, [{ role: 'user', content: ask({ question }) }]);
  return (fields) => {
    const { question, history, tools = [], off = [], missing } = fields;
    const { parallel = 1 } = missing === undefined ? fields : {};
    const several = { tools: parallelTools(fields), lines: parallel };
    const isSeveral = parallel > 1 && file.parallel !== undefined && several.tools.length > 0;
    const used = isSeveral ? { ...file, ...file.parallel } : file;
    const { maxTokens, stop, conversations = [] } = used;
    const form = formOf('action', fields);
    const instruction = compileLayout(fillInstruction(used, off, tools.length > 0))({
      count: String(parallel),
      tools: tools.map((tool) => compileLayout(file.customTool ?? '')({ ...tool })).join('\n'),
    });
    const shown = conversations.filter(({ turns }) => turns.every(({ tool }) => !off.includes(tool)));
    const examples = shown.map(({ question: asked, turns }) => turnsOf(asked, turns));
    const shownCall = turnsOf(question, history);
    const call = missing === undefined ? shownCall : withHint(shownCall, lookUp({ missing }));
    const [first, ...rest] = [...examples.flat(), ...call];
    return {
      text: `${[instruction, ...[...examples, call].map(asText)].join('\n---\n')}\n`,
      messages: [{ role: 'user', content: `${instruction}\n\n${first?.content ?? ''}` }, ...rest],
      stop,
      maxTokens,
      temperature,
      form: isSeveral && form?.kind === 'action' ? { ...form, several } : form,
    };
  };
}

/** A line of the assistant and the user's output; what was named together stands in one message of each. */
function withTurn(messages: ChatMessage[], { tool, step, output, together }: Turn): ChatMessage[] {
  if (tool === HINT_TOOL) return withHint(messages, output ?? '');
  const line = tool ? `[${tool}] ${step.trim()}` : step.trim();
  if (output === undefined) return [...messages, { role: 'assistant', content: line }];
  const result = `Output: ${output.trim() || FAILED_OUTPUT}`;
  const [said, told] = together ? messages.slice(-2) : [];
  if (said?.role !== 'assistant' || told?.role !== 'user')
    return [...messages, { role: 'assistant', content: line }, { role: 'user', content: result }];
  return [
    ...messages.slice(0, -2),
    { ...said, content: `${said.content}\n${line}` },
    { ...told, content: `${told.content}\n${result}` },
  ];
}

/** Templates of many models refuse two turns of the user in a row, so a hint stands at the end of the last one. */
function withHint(messages: ChatMessage[], hint: string): ChatMessage[] {
  const last = messages.at(-1);
  return [
    ...messages.slice(0, -1),
    { role: last?.role ?? 'user', content: `${last?.content ?? ''}\nHint: ${hint.trim()}` },
  ];
}

const offered = (off: readonly string[]) => BUILT_IN_TOOLS.filter((tool) => !off.includes(tool));
const asText = (messages: readonly ChatMessage[]) => messages.map(({ content }) => content).join('\n');

/** The instruction with the lines of enabled tools; a line with only an empty gap is removed. */
function fillInstruction(
  { instruction, builtIn = {} }: Pick<HashedPromptFile, 'instruction' | 'builtIn'>,
  off: readonly string[],
  custom: boolean,
) {
  const lines = offered(off).flatMap((tool) => builtIn[tool] ?? []);
  return instruction
    .replace(/^ *\{builtIn\}\n/m, () => (lines.length > 0 ? `${lines.join('\n')}\n` : ''))
    .replace(/^ *\{tools\}\n/m, custom ? '{tools}\n' : '');
}
