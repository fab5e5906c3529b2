/** The interface of language models. */
import type { Usage } from '../trajectory/step';
import type { AnswerForm } from './answer-form';

export type { AnswerForm } from './answer-form';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface GenerateRequest {
  /** The whole prompt as text; for chat endpoints it is sent as one `user` message unless `messages` is given. */
  prompt: string;
  messages?: ChatMessage[];
  /** Upper bound of new tokens. */
  maxTokens: number;
  /** 0 means greedy. */
  temperature: number;
  /** @default 1 */
  topP?: number;
  /** Generation ends before the first of these strings. */
  stop?: string[];
  seed?: number;
  /** Required form of the answer; constrained decoding enforces it if available. */
  form?: AnswerForm;
}

export interface Generation {
  /** The answer without thinking, stop string and template marks; not trimmed, may be empty. */
  text: string;
  /** `length` when cut by maxTokens. */
  finishReason: 'stop' | 'length' | 'content-filter' | 'refusal' | 'tool-calls' | 'other';
  /** Why the answer is missing or incomplete (cut while thinking, refused, filtered), and what to set, as a sentence. */
  problem?: string;
  usage: Usage;
  /** The model's name as the server reports it. */
  model: string;
}

export interface CallOptions {
  /** Aborts the HTTP request or the in-process generation at once. */
  signal?: AbortSignal;
  /**
   * Called again and again while the text is written, with a function that gives what there is so far, without thinking, stop string and
   * template marks. A second request for the same answer begins its text anew.
   */
  onText?: OnText;
}

export type OnText = (read: () => string) => void;

/** A served model. Implementations: openai-model.ts, gguf-model.ts. Failures are thrown as ApplicationFailure of the types in failures.ts. */
export interface Model {
  readonly name: string;
  /** Counts tokens by the model's tokenizer. Absent for models of other processes, whose tokens are estimated (estimate-tokens.ts). */
  countTokens?(text: string): number;
  /** Tokens of context that the model was made for. Absent for models of other processes. */
  readonly contextTokens?: number | undefined;
  generate(request: GenerateRequest, options?: CallOptions): Promise<Generation>;
  close?(): Promise<void>;
}
