/**
 * Style `expert`: prompts of experts that were trained on a real base model. They have the paper's form (question, history, step), a label
 * for the answer, and a line of instruction for modules whose base may answer untrained, but no examples. Every prompt ends with a line
 * feed after its last label: tokenizers separate it from the answer, so training and serving see the same tokens.
 */
import { sha256 } from '../../files/fingerprint';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { jsonLineOf } from '../../trajectory/json-object';
import { FAILED_OUTPUT, type HistoryEntry } from '../../trajectory/solution-history';
import { formOf } from '../form-of';
import { compileLayout } from '../layout';
import { renderSchema } from '../render-schema';
import type { PromptFields, PromptSet, RenderedPrompt } from '../prompt';

const LAYOUTS: Record<ModuleName, string> = {
  action: '{tools}Question: {question}\n{history}Next step:\n',
  code: 'Question: {question}\n{history}Step: {step}\n{repair}{language} program:\n',
  math: 'Question: {question}\n{history}Step: {step}\nSolution:\n',
  query: 'Question: {question}\n{history}Step: {step}\nSearch query:\n',
  commonsense: 'Answer the step in a sentence.\nQuestion: {question}\n{history}Step: {step}\nAnswer:\n',
  'code-rewrite':
    'State the result in a sentence.\nQuestion: {question}\nStep: {step}\nCode:\n{code}\nResult: {observation}\nOutput:\n',
  'search-rewrite':
    'State the result in a sentence.\nQuestion: {question}\nStep: {step}\nFound: {observation}\nOutput:\n',
  arguments:
    'Write the arguments of the tool as JSON.\nTool: {tool}\nSchema: {schema}\nQuestion: {question}\n{history}Step: {step}\n{repair}Arguments:\n',
};

/** Most new tokens, several times the length of a proper answer. */
const MAX_TOKENS: Record<ModuleName, number> = {
  action: 160,
  code: 512,
  math: 512,
  query: 64,
  commonsense: 256,
  'code-rewrite': 256,
  'search-rewrite': 256,
  arguments: 512,
};

/** Modules that answer in one line. */
const ONE_LINE: ReadonlySet<ModuleName> = new Set(['action', 'query']);
const LANGUAGES = { javascript: 'JavaScript', python: 'Python' };
const fills = Object.fromEntries(MODULES.map((module) => [module, compileLayout(LAYOUTS[module])])) as Record<
  ModuleName,
  ReturnType<typeof compileLayout>
>;

/** Breaks special tokens of the base in questions and results. */
function neutralise(text: string): string {
  return text.replaceAll('<|', '< |').trim();
}

function historyOf(entries: readonly HistoryEntry[]): string {
  return entries
    .map(({ step, output }) => `Step: ${neutralise(step)}\nOutput: ${neutralise(output) || FAILED_OUTPUT}\n`)
    .join('');
}

function render(module: ModuleName, fields: PromptFields): RenderedPrompt {
  const {
    question,
    history,
    step = '',
    code = '',
    observation = '',
    programError,
    language,
    tools = [],
    tool,
  } = fields;
  const text = fills[module]({
    question: neutralise(question),
    history: historyOf(history),
    step: neutralise(step),
    code: neutralise(code),
    observation: neutralise(observation),
    language: LANGUAGES[language ?? 'javascript'],
    tools: tools.map(({ name, description }) => `[${name}] ${neutralise(description)}\n`).join(''),
    tool: tool ? `${tool.name}: ${neutralise(tool.description)}` : '',
    schema: tool ? neutralise(renderSchema(tool.input)) : '',
    repair:
      programError === undefined
        ? ''
        : `${module === 'arguments' ? 'Written' : 'Code'}:\n${neutralise(code)}\nError: ${neutralise(programError)}\n`,
  });
  return {
    text,
    stop: ONE_LINE.has(module) ? ['\n'] : [],
    maxTokens: MAX_TOKENS[module],
    temperature: 0,
    form: formOf(module, fields),
  };
}

/** Removes fences around a program, a habit of some bases; a one-line answer ends with its line. */
function readOutput(module: ModuleName, text: string): string {
  const said = text.trim();
  if (module === 'arguments') return jsonLineOf(said);
  if (ONE_LINE.has(module)) return said.split('\n', 1)[0]!.trimEnd();
  return module === 'code' ? (/^```\w*\n([\s\S]*?)\n?```$/.exec(said)?.[1] ?? said) : said;
}

const hashes = Object.fromEntries(MODULES.map((module) => [module, sha256(LAYOUTS[module])])) as Record<
  ModuleName,
  string
>;

export const expertPrompts: PromptSet = { style: 'expert', hashes, render, readOutput };
