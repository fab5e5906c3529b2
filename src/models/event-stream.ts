/** Puts a streamed answer together, for servers that stream unasked or only stream. */
import { parse } from '../http/error-body';
import { isJsonObject as isObject, type JsonObject } from '../trajectory/json-object';

/** Whether a stream came to its end: a server that dies may close the connection in good order. */
export const isWhole = (text: string): boolean => /^data: ?\[DONE\]|"finish_reason": ?"/m.test(text);

/** Whether a body is a stream of events (WHATWG HTML, "Server-sent events"), by its type or its beginning. */
export function isEventStream(contentType: string, text: string): boolean {
  return /text\/event-stream/i.test(contentType) || /^(?:\s*:[^\n]*\n|\s*\n)*\s*(?:data|event|id): ?\S/.test(text);
}

/**
 * The chunks of a stream as one answer of the API: texts of a choice joined, the last finish reason, usage and error kept.
 * Undefined where no event holds JSON.
 */
export function joinEvents(text: string): object | undefined {
  const chunks = eventData(text).map(parse).filter(isObject);
  const [first] = chunks;
  if (!first) return undefined;
  const failed = chunks.find(({ error }) => error !== undefined && error !== null);
  if (failed) return { error: failed.error };
  const message: JsonObject = {};
  let said = '';
  let finishReason: unknown;
  let hasChoice = false;
  for (const { choices } of chunks) {
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isObject(choice)) continue;
    hasChoice = true;
    finishReason = choice.finish_reason ?? finishReason;
    if (typeof choice.text === 'string') said += choice.text;
    const delta = isObject(choice.delta) ? choice.delta : choice.message;
    if (isObject(delta)) append(message, delta);
  }
  const merged = Object.assign({}, ...chunks) as JsonObject;
  const usage = chunks.map((chunk) => chunk.usage).findLast((one) => one !== undefined && one !== null);
  return {
    ...merged,
    choices: hasChoice
      ? [{ index: 0, ...(said === '' ? { message } : { text: said }), finish_reason: finishReason ?? null }]
      : [],
    ...(usage === undefined ? {} : { usage }),
  };
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
    for (const event of eventData(text.slice(0, end)).map(parse).filter(isObject)) this.said += addedBy(event);
  }
}

function addedBy({ choices }: JsonObject): string {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isObject(choice)) return '';
  if (typeof choice.text === 'string') return choice.text;
  return isObject(choice.delta) && typeof choice.delta.content === 'string' ? choice.delta.content : '';
}

/** Merges a chunk: appends to texts and lists, and to function calls by their index. */
function append(message: JsonObject, delta: JsonObject): void {
  for (const [name, value] of Object.entries(delta)) {
    if (name === 'tool_calls' && Array.isArray(value)) message[name] = appendCalls(message[name], value);
    else if (typeof value === 'string' && name !== 'role')
      message[name] = `${typeof message[name] === 'string' ? message[name] : ''}${value}`;
    else if (Array.isArray(value))
      message[name] = [...(Array.isArray(message[name]) ? (message[name] as unknown[]) : []), ...(value as unknown[])];
    else if (value !== null) message[name] = value;
  }
}

function appendCalls(before: unknown, more: readonly unknown[]): unknown[] {
  const calls = Array.isArray(before) ? [...(before as unknown[])] : [];
  for (const call of more.filter(isObject)) {
    const at = typeof call.index === 'number' ? call.index : calls.length;
    const existing = isObject(calls[at]) ? calls[at] : {};
    const [old, added] = [
      isObject(existing.function) ? existing.function : {},
      isObject(call.function) ? call.function : {},
    ];
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    calls[at] = {
      ...call,
      ...existing,
      function: { name: text(old.name) + text(added.name), arguments: text(old.arguments) + text(added.arguments) },
    };
  }
  return calls;
}

/** The data of each event, its lines joined. */
function eventData(text: string): string[] {
  return text
    .split(/\r?\n\r?\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .flatMap((line) => /^\s*data: ?(.*)$/.exec(line)?.[1] ?? [])
        .join('\n'),
    )
    .flatMap((data) => (data.includes('\n') && parse(data) === undefined ? data.split('\n') : [data]))
    .filter((data) => data !== '' && data.trim() !== '[DONE]');
}
