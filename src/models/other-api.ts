/** Recognizes the answers of other APIs than OpenAI's chat completions: a gateway passed one on, or the address is that of another API. */
import { isJsonObject, type JsonObject } from '../trajectory/json-object';

const isFull = (value: unknown) => Array.isArray(value) && value.length > 0;
const isContent = (value: unknown) => typeof value === 'string' || isFull(value);

/** The more special forms first. */
const APIS: readonly (readonly [string, (body: JsonObject) => boolean])[] = [
  ["Anthropic's Messages API", ({ type, content }) => type === 'message' && Array.isArray(content)],
  ["OpenAI's Responses API", ({ object, output }) => object === 'response' || isFull(output)],
  ["Google's generateContent", ({ candidates }) => isFull(candidates)],
  ["Bedrock's Converse", ({ output }) => isJsonObject(output) && isJsonObject(output.message)],
  ["DashScope's own API", ({ output }) => isJsonObject(output) && ('text' in output || 'choices' in output)],
  [
    "Ollama's own API",
    ({ done, message, response }) =>
      typeof done === 'boolean' && (isJsonObject(message) || typeof response === 'string'),
  ],
  ["Cohere's own API", ({ message }) => isJsonObject(message) && isContent(message.content)],
  [
    "a server's own API",
    (body) => [body.content, body.generated_text, body.output_text, body.completion].some(isContent),
  ],
];

/** The name of another API whose answer this is, however few tokens it tells of. */
export function otherApi(body: unknown): string | undefined {
  const answer: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(answer) || (answer.choices !== undefined && answer.choices !== null && !isEmpty(answer.choices)))
    return undefined;
  return APIS.find(([, fits]) => fits(answer))?.[0];
}

const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
