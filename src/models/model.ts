/**
 * How a language model is called, whatever serves it.
 *
 * @module
 */
import type { Usage } from '../trajectory/step';

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
}

export interface Generation {
  /** As generated, without the stop string; not trimmed. May be empty. */
  text: string;
  /** `length` when cut by maxTokens. */
  finishReason: 'stop' | 'length' | 'content-filter' | 'other';
  usage: Usage;
  /** The model's name as the server reports it. */
  model: string;
}

export interface CallOptions {
  /** Aborts the HTTP request or the in-process generation at once. */
  signal?: AbortSignal;
}

/** A served model. Implementations: {@link ./openai-model}, {@link ./gguf-model}. Failures are thrown as ApplicationFailure of the types in failures.ts. */
export interface Model {
  readonly name: string;
  /** Tokens of a text by the model's own tokenizer, where it runs in process; otherwise an estimate is used (estimate-tokens.ts). */
  countTokens?(text: string): number;
  generate(request: GenerateRequest, options?: CallOptions): Promise<Generation>;
  close?(): Promise<void>;
}
