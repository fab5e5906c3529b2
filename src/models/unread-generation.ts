/**
 * What a model wrote and its server could not read, as a call of a tool or as JSON. Groq answers 400, Ollama, llama.cpp and vLLM 500. The
 * request is not at fault, and the same one may end in the same way for ever.
 */
import { oneLine } from '../trajectory/bounded-text';
import { isJsonObject, parseJson } from '../trajectory/json-object';
import { EndpointError } from './endpoint-post';
import type { ServerAnswer } from './openai-response';

/** How Ollama, llama.cpp and vLLM (gpt-oss) begin. What follows is only a part of what was written, so it is not taken for an answer. */
const UNREAD =
  /^(?:error parsing tool call\b|failed to parse input at pos \d+:|unexpected tokens remaining in message header|expected \d+ output messages)/i;

/** The answer of a model whose server could not read it: all that was written, if the server tells it. @throws any other error */
export function unreadAnswer(error: unknown, model: string): ServerAnswer {
  if (!(error instanceof EndpointError)) throw error;
  const { message } = error.said;
  const text = failedGeneration(error.body);
  if (text === undefined && !UNREAD.test(message)) throw error;
  return {
    text: text ?? '',
    thought: false,
    finishReason: 'other',
    unread: oneLine(message, 300),
    usage: { calls: 1, inputTokens: 0, outputTokens: 0 },
    model,
  };
}

/** Groq's member for the whole text. */
function failedGeneration(body: string): string | undefined {
  const parsed = parseJson(body);
  const error = isJsonObject(parsed) ? parsed.error : undefined;
  const written = isJsonObject(error) ? error.failed_generation : undefined;
  return typeof written === 'string' ? written : undefined;
}
