/**
 * Style `few-shot`: our own wording and examples, for any instruction-tuned model. As text for completions: instruction, examples,
 * fields, with `---` between. For chat: the examples are turns of the conversation, the instruction stands in the first.
 *
 * @module
 */
import type { AnswerForm, ChatMessage } from '../../models/model';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { BUILT_IN_TOOLS } from '../../trajectory/step';
import { renderHistory } from '../../trajectory/solution-history';
import { compileLayout } from '../layout';
import type { PromptFields, PromptSet, RenderedPrompt } from '../prompt';
import { readPromptFile, type HashedPromptFile, type PromptExample } from './prompt-file';
import { readOutput } from './read-output';

type Language = NonNullable<PromptFields['language']>;
type Tools = NonNullable<PromptFields['tools']>;
const LANGUAGES: readonly Language[] = ['javascript', 'python'];
const SEPARATOR = '\n---\n';

/** @param folder of the YAML files, for tests. @default this package's own */
export function loadFewShotPrompts(folder?: string): PromptSet {
  const files = MODULES.map((module) => readPromptFile(module, folder));
  const renderers = byModule(files, compilePrompt);
  return {
    style: 'few-shot',
    hashes: byModule(files, ({ hash }) => hash),
    render: (module, fields) => renderers[module](fields),
    readOutput,
  };
}

function byModule<T>(files: readonly HashedPromptFile[], value: (file: HashedPromptFile) => T) {
  return Object.fromEntries(files.map((file) => [file.module, value(file)])) as Record<ModuleName, T>;
}

/** What stands before the fields of a call; the same for all calls of a language and set of tools. */
interface Head {
  text: string;
  messages: ChatMessage[];
}

function compilePrompt(file: HashedPromptFile): (fields: PromptFields) => RenderedPrompt {
  const { maxTokens, temperature, stop } = file;
  const fill = compileLayout(file.layout);
  const fillRepair = compileLayout(file.repair ?? file.layout);
  const heads = new Map(LANGUAGES.map((language) => [language, renderHead(file, language, [])]));
  return (fields) => {
    const { language = 'javascript', tools = [], programError } = fields;
    const head = (tools.length === 0 && heads.get(language)) || renderHead(file, language, tools);
    const call = (programError === undefined ? fill : fillRepair)(valuesOf(fields));
    return {
      text: head.text + call,
      messages: [...head.messages, { role: 'user', content: call }],
      stop,
      maxTokens,
      temperature,
      form: formOf(file.module, tools),
    };
  };
}

function formOf(module: ModuleName, tools: Tools): AnswerForm | undefined {
  if (module === 'query') return { kind: 'line' };
  if (module !== 'action') return undefined;
  return { kind: 'action', tools: [...BUILT_IN_TOOLS, ...tools.map(({ name }) => name), 'finish'] };
}

function renderHead(file: HashedPromptFile, language: Language, tools: Tools): Head {
  const instruction = renderInstruction(file, language, tools);
  const fill = compileLayout(file.layout);
  const examples = file.examples.map((example) => ({
    asked: fill(valuesOf({ question: '', ...example })),
    answer: answerOf(example, language),
  }));
  return {
    text: [
      instruction,
      ...examples.map(
        ({ asked, answer }) => `${asked}${answer.includes('\n') || file.languages ? '\n' : ' '}${answer}`,
      ),
      '',
    ].join(SEPARATOR),
    messages: examples.flatMap(({ asked, answer }, at): ChatMessage[] => [
      { role: 'user', content: at === 0 ? `${instruction}\n\n${asked}` : asked },
      { role: 'assistant', content: answer },
    ]),
  };
}

function renderInstruction({ instruction, languages, customTool }: HashedPromptFile, language: Language, tools: Tools) {
  const offered = tools.map((tool) =>
    compileLayout(customTool ?? '')({ name: tool.name, description: tool.description }),
  );
  return compileLayout(instruction.replace(/^ *\{tools\}\n/m, offered.length === 0 ? '' : '{tools}\n'))({
    tools: offered.join('\n'),
    language: languages?.[language].name ?? '',
    rules: languages?.[language].rules ?? '',
  });
}

function answerOf({ answer }: PromptExample, language: Language): string {
  return typeof answer === 'string' ? answer : answer[language];
}

function valuesOf(fields: PromptFields): Record<string, string> {
  const { question, history, step = '', code = '', observation = '', programError = '' } = fields;
  return { question, history: renderHistory(history), step, code, observation, error: programError };
}
