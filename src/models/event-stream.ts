/** Puts a streamed answer together, for servers that stream unasked or only stream. */
import { saidError, tellsError } from '../http/error-body';
import { isJsonObject as isObject, type JsonObject, parseJson } from '../trajectory/json-object';
import { partText } from './content-part';
import { isLoopOfChunks, REPETITION } from './ollama-loop';
import { readJsonOr } from '../http/loose-json';

/** Whether a stream came to its end: a server that dies may close the connection in good order. */
export function isWhole(text: string): boolean {
  if (/^data: ?\[DONE\]|"finish_reason": ?"[^"]/m.test(text)) return true;
  const chunks = chunksOf(text);
  return isLoopOfChunks(chunks) || isClosedByUsage(chunks);
}

/** Some servers name no finish reason: the count of all tokens, which stands behind the last piece, is their end. */
function isClosedByUsage(chunks: readonly JsonObject[]): boolean {
  const last = chunks.at(-1);
  return isObject(last?.usage) && choiceOf(last) === undefined && chunks.some((chunk) => choiceOf(chunk));
}

/** Whether a body is a stream: of events (WHATWG HTML, "Server-sent events") by its type or its beginning, or of JSON by lines. */
export function isEventStream(contentType: string, text: string): boolean {
  return (
    /text\/event-stream|ndjson|jsonl|stream\+json/i.test(contentType) ||
    /^(?:\s*:[^\n]*\n|\s*\n)*\s*(?:data|event|id|retry|error): ?\S/.test(text) ||
    /^\s*\{.*"choices".*\}\s*\n\s*\{.*"choices"/.test(text)
  );
}

/**
 * The chunks of a stream as one answer of the API: texts of a choice joined, the last finish reason, usage and error kept.
 * Undefined where no event holds JSON.
 */
export function joinEvents(text: string): object | undefined {
  const chunks = chunksOf(text);
  const [first] = chunks;
  if (!first) return undefined;
  const failed = chunks.find(isError);
  if (failed) return { error: tellsError(failed.error) ? failed.error : failed };
  let message: JsonObject = {};
  let ofChoice: JsonObject = {};
  let said = '';
  let finishReason: unknown;
  let hasChoice = false;
  for (const chunk of chunks) {
    const choice = choiceOf(chunk);
    if (!choice) continue;
    hasChoice = true;
    ofChoice = { ...ofChoice, ...choice };
    finishReason = choice.finish_reason || finishReason;
    if (typeof choice.text === 'string') said += choice.text;
    if (isObject(choice.delta)) append(message, choice.delta);
    // The whole message, sent once or behind its pieces.
    else if (isObject(choice.message)) message = { ...message, ...choice.message };
  }
  if (isLoopOfChunks(chunks)) finishReason ??= REPETITION;
  const { delta: _delta, text: _text, message: _message, ...marks } = ofChoice;
  const merged = Object.assign({}, ...chunks) as JsonObject;
  const usage = chunks.map((chunk) => chunk.usage).findLast((one) => one !== undefined && one !== null);
  return {
    ...merged,
    choices: hasChoice
      ? [{ ...marks, index: 0, ...(said === '' ? { message } : { text: said }), finish_reason: finishReason ?? null }]
      : [],
    ...(usage === undefined ? {} : { usage }),
  };
}

const chunksOf = (text: string): JsonObject[] => eventData(text).map(readJsonOr).filter(isObject);

/** A piece of the answer that cannot be read. Without it the text would have a gap. */
export const brokenChunk = (text: string): string | undefined =>
  eventData(text).find((data) => /^\s*\{[^]*"(?:choices|delta|content)"/.test(data) && readJsonOr(data) === undefined);

/** The first choice of a chunk, where a stream has several. */
function choiceOf({ choices }: JsonObject): JsonObject | undefined {
  return Array.isArray(choices) ? choices.filter(isObject).find(({ index = 0 }) => index === 0) : undefined;
}

/** An error among the chunks: with its name, or with words in the place of choices. */
function isError(chunk: JsonObject): boolean {
  const { error, choices, usage } = chunk;
  if (tellsError(error)) return true;
  return choices === undefined && usage === undefined && saidError(JSON.stringify(chunk)).message !== '';
}

/** The text of a stream while it comes in: what the first choice says, thinking in fields of its own left out. */
export class GrowingText {
  private said = '';
  private rest = '';
  private readonly decoder = new TextDecoder();

  get text(): string {
    return this.said;
  }

  push(chunk: Uint8Array): void {
    const text = (this.rest + this.decoder.decode(chunk, { stream: true })).replaceAll('\r\n', '\n');
    const end = text.lastIndexOf('\n\n') + 1;
    this.rest = text.slice(end);
    for (const event of chunksOf(text.slice(0, end))) this.said += addedBy(event);
  }
}

function addedBy(chunk: JsonObject): string {
  const choice = choiceOf(chunk);
  if (!choice) return '';
  if (typeof choice.text === 'string') return choice.text;
  return isObject(choice.delta) ? partsOf(choice.delta.content).map(partText).join('') : '';
}

/** Merges a chunk: appends to texts and lists, and to function calls by their index. */
function append(message: JsonObject, delta: JsonObject): void {
  for (const [name, value] of Object.entries(delta)) {
    const before = message[name];
    if (name === 'tool_calls' && Array.isArray(value)) message[name] = appendCalls(before, value);
    else if (name === 'function_call' && isObject(value)) message[name] = joinFunctions(before, value);
    else if (Array.isArray(value) || Array.isArray(before)) message[name] = [...partsOf(before), ...partsOf(value)];
    else if (typeof value === 'string' && name !== 'role')
      message[name] = `${typeof before === 'string' ? before : ''}${value}`;
    else if (value !== null) message[name] = value;
  }
}

function appendCalls(before: unknown, more: readonly unknown[]): unknown[] {
  const calls = Array.isArray(before) ? [...(before as unknown[])] : [];
  for (const call of more.filter(isObject)) {
    const at = typeof call.index === 'number' ? call.index : calls.length;
    const existing = isObject(calls[at]) ? calls[at] : {};
    calls[at] = { ...call, ...existing, function: joinFunctions(existing.function, call.function) };
  }
  return calls;
}

function joinFunctions(before: unknown, more: unknown): JsonObject {
  const [old, added] = [isObject(before) ? before : {}, isObject(more) ? more : {}];
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  // Some servers send arguments as an object, in one piece.
  const whole = [added.arguments, old.arguments].find(isObject);
  return { name: text(old.name) + text(added.name), arguments: whole ?? text(old.arguments) + text(added.arguments) };
}

/** Content comes as text, as parts, or as both in turn (Mistral). */
const partsOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];

/** The data of each event, its lines joined. A proxy that makes events of events writes `data: data:`; llama.cpp writes errors in a field of their own; a line of JSON without a field is data. */
function eventData(text: string): string[] {
  return text
    .split(/\r?\n\r?\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .flatMap(dataOf)
        .join('\n'),
    )
    .flatMap((data) => (data.includes('\n') && parseJson(data) === undefined ? data.split('\n') : [data]))
    .filter((data) => data !== '' && data.trim() !== '[DONE]');
}

function dataOf(line: string): string[] {
  const [, field, value = ''] = /^\s*(data|error): ?(?:data: ?)*(.*)$/.exec(line) ?? [];
  if (field === 'error') return [JSON.stringify({ error: parseJson(value) ?? value })];
  if (field === 'data') return [value];
  return /^\s*\{.*\}\s*$/.test(line) ? [line] : [];
}
