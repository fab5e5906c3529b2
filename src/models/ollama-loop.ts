/**
 * Notices that Ollama ended an answer because the model repeated itself. After 31 equal pieces it stops without a finish reason, without
 * counts, and in a stream without `[DONE]` (release 0.17.4).
 */
import { isJsonObject as isObject, type JsonObject } from '../trajectory/json-object';

/** The finish reason that such an answer is given here. */
export const REPETITION = 'repetition';
/** Equal pieces at the end of a stream that tell a loop. Ollama counts white space around them as nothing, and a few may be held back. */
const LEAST_EQUAL = 20;

const isOllama = (body: JsonObject) => body.system_fingerprint === 'fp_ollama';

/** Whether an answer without a stream was ended so. */
export function isLoop(body: unknown): boolean {
  if (!isObject(body) || !isOllama(body) || !Array.isArray(body.choices) || !isObject(body.usage)) return false;
  const [choice] = body.choices as unknown[];
  return isObject(choice) && (choice.finish_reason ?? null) === null && body.usage.total_tokens === 0;
}

/** The same of a stream. A runner that died leaves a last chunk with an empty text and without the model's name. */
export function isLoopOfChunks(chunks: readonly JsonObject[]): boolean {
  const last = chunks.slice(-LEAST_EQUAL);
  if (last.length < LEAST_EQUAL || !last.every((chunk) => isOllama(chunk) && chunk.model !== '')) return false;
  const pieces = last.map(pieceOf);
  return pieces.every((piece) => piece !== undefined && piece === pieces[0]);
}

/** Undefined in a chunk that has a finish reason, or no choice. */
function pieceOf({ choices }: JsonObject): string | undefined {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isObject(choice) || (choice.finish_reason ?? null) !== null) return undefined;
  const { content, reasoning } = isObject(choice.delta) ? choice.delta : { content: choice.text, reasoning: undefined };
  return [content, reasoning].map((text) => (typeof text === 'string' ? text.trim() : '')).join('\n');
}
