/** What a prompt is: data (YAML) with a content hash, rendered with the fields of one call. */
import { createFailure } from '../failures';
import type { AnswerForm, ChatMessage } from '../models/model';
import type { CustomTool } from '../contract/profile';
import type { LoopModule, ModuleName } from '../trajectory/modules';
import type { HistoryEntry } from '../trajectory/solution-history';

/**
 * `instruct`: instruction-tuned models as they are; each is asked in the form that it knows, and the loop guides it. `few-shot`: our
 * own wording and examples in the loop of the paper, for teachers. `husky-v1`: the released checkpoints; wording from the user's own
 * checkout. `expert`: experts that were trained on a real base; one line of instruction, no examples. `compact`: the bundled tiny
 * experts, a few special tokens and no instructions.
 */
export const PROMPT_STYLES = ['instruct', 'few-shot', 'husky-v1', 'expert', 'compact'] as const;
export type PromptStyle = (typeof PROMPT_STYLES)[number];

/** The released checkpoints and the bundled experts were never taught to write the arguments of a tool. */
export const knowsArguments = (style: string): boolean => style !== 'husky-v1' && style !== 'compact';

/** @throws ConfigurationInvalid */
export function mustBeTaught(style: string, module: ModuleName): asserts module is LoopModule {
  if (module === 'arguments')
    throw createFailure(
      'ConfigurationInvalid',
      `Prompts of style ${style} know no argument generator, which a tool with a schema needs; set prompts to instruct, few-shot or expert.`,
    );
}

/** What a call knows; each module shows its own part of it. */
export interface PromptFields {
  question: string;
  history: readonly HistoryEntry[];
  /** The current step; absent for the action generator. */
  step?: string;
  /** For code-rewrite, and for a repair: the program or the arguments that failed. */
  code?: string;
  /** The raw result that is rewritten. */
  observation?: string;
  /** For code: what the sandbox runs. @default 'javascript'; `python` in style `husky-v1` */
  language?: 'javascript' | 'python';
  /** A repair: what the program above said when it failed, or why the arguments above do not fit. */
  programError?: string;
  /** Whose arguments are written. */
  tool?: Required<Pick<CustomTool, 'name' | 'description' | 'input'>>;
  /** The user's own tools, offered to the action generator. */
  tools?: readonly { name: string; description: string }[];
  /** Built-in tools that are not offered to it. */
  off?: readonly string[];
  /** Independent steps that it may name in one answer. @default 1 */
  parallel?: number;
  /** What it has to look up next, in words: nothing but a search is an answer. */
  missing?: string;
}

/** Tools of which several steps may be named in one answer: what the others do depends on what these find. */
export function parallelTools({ tools = [], off = [] }: Pick<PromptFields, 'tools' | 'off'>): string[] {
  return [...(off.includes('search') ? [] : ['search']), ...tools.map(({ name }) => name)];
}

export interface RenderedPrompt {
  text: string;
  messages?: ChatMessage[];
  stop: string[];
  maxTokens: number;
  temperature: number;
  /** Absent where the server's own default will do. */
  topP?: number;
  /** What the answer has to look like: an action, or one line. Absent where any text will do. */
  form?: AnswerForm;
}

export interface PromptSet {
  readonly style: PromptStyle;
  /** Whether the loop looks after models that were not trained for it (contract/profile.ts, Guidance). @default false */
  readonly guided?: boolean;
  /** sha256 of each module's prompt file or template, as hex; absent for a module that the style does not know. */
  readonly hashes: Partial<Record<ModuleName, string>>;
  /** @param modelName chooses the wrapping in style `husky-v1` (by substring, as the reference does) */
  render(module: ModuleName, fields: PromptFields, modelName?: string): RenderedPrompt;
  /**
   * Whether a step of the action generator is a line of the prompt's own examples, and `known` (question and outputs) does not name
   * what it speaks of.
   */
  readonly isCopied?: (step: string, known: string) => boolean;
  /**
   * Takes off what models that were not trained for this put around their answers: labels, code fences, Markdown, reasoning in tags.
   * Absent where the text is taken as it stands.
   *
   * @param fields of the call, where there was one
   */
  readOutput?(module: ModuleName, text: string, fields?: PromptFields): string;
}
