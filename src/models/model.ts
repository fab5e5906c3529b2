/**
 * How a language model is called, whatever serves it.
 *
 * @module
 */
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
  /** What the answer has to look like; the model is held to it where it can be. */
  form?: AnswerForm;
}

export interface Generation {
  /** The answer, without thinking, stop string and marks of the chat template; otherwise as generated, not trimmed. May be empty. */
  text: string;
  /** `length` when cut by maxTokens. */
  finishReason: 'stop' | 'length' | 'content-filter' | 'refusal' | 'tool-calls' | 'other';
  /** Why there is no answer or only part of one, and what to set, as a sentence: cut while thinking, refused, filtered. */
  problem?: string;
  usage: Usage;
  /** The model's name as the server reports it. */
  model: string;
}

export interface CallOptions {
  /** Aborts the HTTP request or the in-process generation at once. */
  signal?: AbortSignal;
}

/** A served model. Implementations: openai-model.ts, gguf-model.ts. Failures are thrown as ApplicationFailure of the types in failures.ts. */
export interface Model {
  readonly name: string;
  /** Tokens of a text by the model's own tokenizer, where it runs in process; otherwise an estimate is used (estimate-tokens.ts). */
  countTokens?(text: string): number;
  generate(request: GenerateRequest, options?: CallOptions): Promise<Generation>;
  close?(): Promise<void>;
}
