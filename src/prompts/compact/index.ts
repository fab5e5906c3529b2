/**
 * Style `compact`: prompts of the bundled tiny experts, without instructions. Each module sees only what it needs, and special tokens name
 * the module. The action generator's prompt for step k+1 begins with its prompt for step k, its action and the output, so that a whole
 * trajectory is one training sequence.
 */
import { sha256 } from '../../files/fingerprint';
import type { LoopModule, ModuleName } from '../../trajectory/modules';
import type { HistoryEntry } from '../../trajectory/solution-history';
import { mustBeTaught, type PromptFields, type PromptSet, type RenderedPrompt } from '../prompt';

/** In the order of their ids in the tokenizer. */
export const SPECIAL_TOKENS = [
  '<|pad|>',
  '<|end|>',
  '<|out|>',
  '<|action|>',
  '<|code|>',
  '<|math|>',
  '<|query|>',
  '<|sense|>',
  '<|rewrite|>',
  '<|cot|>',
] as const;

/** Ends every completion; the model's end-of-sequence token. */
export const END = '<|end|>';
const OUT = '<|out|>';

/** Most new tokens, several times the length of a proper output. */
const MAX_TOKENS: Record<LoopModule, number> = {
  action: 160,
  code: 160,
  math: 60,
  query: 80,
  commonsense: 80,
  'code-rewrite': 120,
  'search-rewrite': 120,
};

/** Templates. `{actions}` is the history as the action generator wrote it, `{outputs}` has only outputs. */
const TEMPLATES: Record<LoopModule, string> = {
  action: `<|action|>{question}\n{actions}${OUT}`,
  code: `<|code|>{outputs}{step}${OUT}`,
  math: `<|math|>{step}${OUT}`,
  query: `<|query|>{step}${OUT}`,
  commonsense: `<|sense|>{step}${OUT}`,
  'code-rewrite': `<|rewrite|> {observation}${OUT}`,
  'search-rewrite': `<|rewrite|>{step}\n{observation}${OUT}`,
};

/** The tool of a step in the history, found by its first word: the experts' steps begin with one verb for each tool. */
const TOOL_OF_VERB: readonly [verb: string, tool: string][] = [
  ['Find ', 'search'],
  ['Compute ', 'code'],
  ['Work out ', 'math'],
  ['Recall ', 'commonsense'],
];

/** A step as the action generator wrote it. */
function actionText(step: string): string {
  const tool = TOOL_OF_VERB.find(([verb]) => step.startsWith(verb))?.[1];
  return tool ? `[${tool}] ${step}` : step;
}

/** Whether {@link neutralise} would change a text. Most texts need no change, and extraction passes millions of them. */
const UNTIDY = /<\||[^\S ]| {2}|^ | $/;

/** Joins lines, and breaks special tokens in texts of people and search results. */
export function neutralise(text: string): string {
  return UNTIDY.test(text) ? text.replaceAll('<|', '< |').replace(/\s+/g, ' ').trim() : text;
}

function actions(history: readonly HistoryEntry[]): string {
  return history
    .map(({ step, output }) => `${OUT}${neutralise(actionText(step))}${END}${neutralise(output)}\n`)
    .join('');
}

function outputs(history: readonly HistoryEntry[]): string {
  return history.map(({ output }) => `${neutralise(output)}\n`).join('');
}

const FIELDS: Record<string, (fields: PromptFields) => string> = {
  question: ({ question }) => neutralise(question),
  step: ({ step = '' }) => neutralise(step),
  observation: ({ observation = '' }) => neutralise(observation),
  actions: ({ history }) => actions(history),
  outputs: ({ history }) => outputs(history),
};

function renderCompact(module: ModuleName, fields: PromptFields): RenderedPrompt {
  mustBeTaught('compact', module);
  return {
    text: TEMPLATES[module].replace(/\{(\w+)\}/g, (_, field: string) => FIELDS[field]?.(fields) ?? ''),
    stop: [END],
    maxTokens: MAX_TOKENS[module],
    temperature: 0,
  };
}

const hashes = Object.fromEntries(Object.entries(TEMPLATES).map(([module, template]) => [module, sha256(template)]));

export const compactPrompts: PromptSet = { style: 'compact', hashes, render: renderCompact };
