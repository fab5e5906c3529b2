/**
 * Style `few-shot`: our own wording and examples, for any instruction-tuned model. For completions: instruction, examples and fields,
 * separated by `---`. For chat: the examples are turns of the conversation, and the first has the instruction.
 */
import type { ChatMessage } from '../../models/model';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { isWholeQuestion } from '../../trajectory/parse-action';
import { renderHistory, renderKnown } from '../../trajectory/solution-history';
import { formOf } from '../form-of';
import { compileLayout } from '../layout';
import { renderSchema } from '../render-schema';
import type { PromptFields, PromptSet, RenderedPrompt } from '../prompt';
import { readPromptFile, type HashedPromptFile, type PromptExample } from './prompt-file';
import { readOutput } from './read-output';

type Language = NonNullable<PromptFields['language']>;
type Tools = NonNullable<PromptFields['tools']>;
const LANGUAGES: readonly Language[] = ['javascript', 'python'];
const SEPARATOR = '\n---\n';

export function loadFewShotPrompts(): PromptSet {
  const files = MODULES.map((module) => readPromptFile(module));
  const renderers = byModule(files, compilePrompt);
  return {
    style: 'few-shot',
    hashes: byModule(files, ({ hash }) => hash),
    render: (module, fields) => renderers[module](fields),
    readOutput,
  };
}

export function byModule<T>(files: readonly HashedPromptFile[], value: (file: HashedPromptFile) => T) {
  return Object.fromEntries(files.map((file) => [file.module, value(file)])) as Record<ModuleName, T>;
}

/** The part before the fields of a call, the same for all calls of a language and set of tools. */
interface Head {
  text: string;
  messages: ChatMessage[];
  /** Beginning of the call's own message: the instruction, if no example has it. */
  opening: string;
}

export function compilePrompt(file: HashedPromptFile): (fields: PromptFields) => RenderedPrompt {
  const { maxTokens, temperature, stop } = file;
  const fill = compileLayout(file.layout);
  const fillRepair = compileLayout(file.repair ?? file.layout);
  const heads = new Map(LANGUAGES.map((language) => [language, renderHead(file, language, [])]));
  return (fields) => {
    const { language = 'javascript', tools = [], off = [], programError } = fields;
    const isUsual = tools.length === 0 && off.length === 0;
    const head = (isUsual && heads.get(language)) || renderHead(withoutTools(file, off), language, tools);
    const { name, rules } = file.languages?.[language] ?? { name: '', rules: '' };
    const call = (programError === undefined ? fill : fillRepair)({ ...valuesOf(fields), language: name, rules });
    return {
      text: head.text + call,
      messages: [...head.messages, { role: 'user', content: head.opening + call }],
      stop,
      maxTokens,
      temperature,
      form: formOf(file.module, fields),
    };
  };
}

function renderHead(file: HashedPromptFile, language: Language, tools: Tools): Head {
  const instruction = renderInstruction(file, language, tools);
  const fill = compileLayout(file.layout);
  const examples = file.examples.map((example) => ({
    asked: fill(valuesOf({ question: '', ...example })),
    answer: answerOf(example, language),
  }));
  const opening = instruction === '' ? '' : `${instruction}\n\n`;
  return {
    opening: examples.length === 0 ? opening : '',
    text: [
      ...(instruction === '' ? [] : [instruction]),
      ...examples.map(
        ({ asked, answer }) => `${asked}${answer.includes('\n') || file.languages ? '\n' : ' '}${answer}`,
      ),
      '',
    ].join(SEPARATOR),
    messages: examples.flatMap(({ asked, answer }, at): ChatMessage[] => [
      { role: 'user', content: at === 0 ? opening + asked : asked },
      { role: 'assistant', content: answer },
    ]),
  };
}

/** Removes lines and examples of disabled tools from the action generator's file. */
function withoutTools(file: HashedPromptFile, off: readonly string[]): HashedPromptFile {
  if (file.module !== 'action' || off.length === 0) return file;
  const isOf = (text: string) => off.some((tool) => text.startsWith(`[${tool}]`));
  return {
    ...file,
    instruction: file.instruction
      .split('\n')
      .filter((line) => !isOf(line.replace(/^- /, '')))
      .join('\n'),
    examples: file.examples.filter(({ answer }) => typeof answer !== 'string' || !isOf(answer)),
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
  const { question, history, step = '', code = '', observation = '', programError = '', tool } = fields;
  const known = renderKnown(history);
  const task = isWholeQuestion(step) ? '' : `Carry out this step alone: ${step}\n\n`;
  return {
    question,
    history: renderHistory(history),
    known,
    step,
    task,
    code,
    observation,
    error: programError,
    tool: tool ? `${tool.name}: ${tool.description}` : '',
    schema: tool ? renderSchema(tool.input) : '',
  };
}
