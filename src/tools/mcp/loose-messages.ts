/**
 * What servers write that MCP does not allow: optional members as null (.NET's serializer, Jackson, serde), and our id as text. The first
 * count as absent, the second is the number that we sent; otherwise the SDK drops the message, and its call waits for its whole time.
 */
import { ReadBuffer } from '@modelcontextprotocol/client';
import { isJsonObject, parseJson } from '../../trajectory/json-object';

/** Members whose values are a tool's own, so that null is a part of them. In a schema they are values of arguments. */
const OWN = new Set(['structuredContent', '_meta', 'default', 'const', 'enum', 'examples']);

/** Characters that are kept of lines that are no messages. */
const TALK = 1000;
const isTalk = (line: string): boolean => /^\s*[^\s{[]/.test(line);

/** Members that are null by right. */
const VALUES = new Set(['default', 'const']);

/** @param text a message of JSON-RPC, or several. @returns the same text if there is nothing to mend, or it is no JSON */
function mended(text: string): string {
  if (!/[:,[]\s*null\b|"id"\s*:\s*"\d+"/.test(text)) return text;
  const message = parseJson(text);
  if (Array.isArray(message)) return JSON.stringify(message.map(cleaned));
  return isJsonObject(message) ? JSON.stringify(cleaned(message)) : text;
}

/** The id of an answer to an unreadable request is null by right. */
function cleaned(message: unknown): unknown {
  if (!isJsonObject(message)) return message;
  const parts = ['result', 'params'].filter((part) => message[part] !== undefined);
  const { id, method } = message;
  const answered = method === undefined && typeof id === 'string' && /^\d{1,15}$/.test(id) ? { id: Number(id) } : {};
  return { ...message, ...answered, ...Object.fromEntries(parts.map((part) => [part, dropNulls(message[part])])) };
}

function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== null).map(dropNulls);
  if (!isJsonObject(value)) return value;
  const given = Object.entries(value).filter(([name, one]) => one !== null || VALUES.has(name));
  return Object.fromEntries(given.map(([name, one]) => [name, OWN.has(name) ? one : dropNulls(one)]));
}

/** The buffer of a program's standard output: a message a line. */
export class MessageBuffer extends ReadBuffer {
  private rest: Buffer = Buffer.alloc(0);
  private talk = '';

  constructor(private readonly maxBufferSize: number) {
    super({ maxBufferSize });
  }

  override append(chunk: Buffer): void {
    const all = Buffer.concat([this.rest, chunk]);
    const end = all.lastIndexOf('\n') + 1;
    this.rest = all.subarray(end);
    if (this.rest.length > this.maxBufferSize) throw new Error(`A message has more than ${this.maxBufferSize} bytes.`);
    if (end === 0) return;
    const lines = all.toString('utf8', 0, end).split('\n');
    this.talk = [this.talk, ...lines.filter(isTalk)].join('\n').slice(-TALK);
    super.append(Buffer.from(lines.map(mended).join('\n')));
  }

  /** The last lines that were no messages. Programs write there why they end, too. */
  said(): string {
    const last = this.rest.toString();
    return this.talk + (isTalk(last) ? `\n${last}` : '');
  }

  override clear(): void {
    this.talk = this.said();
    this.rest = Buffer.alloc(0);
    super.clear();
  }
}

/** The same for the body of an answer over HTTP: JSON, or a stream of events, whose lines are passed on as they come. */
export function mendedBody(contentType: string): TransformStream<Uint8Array, Uint8Array> {
  const isStream = contentType.includes('text/event-stream');
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
  let rest = '';
  return new TransformStream({
    transform: (chunk, out) => {
      rest += decoder.decode(chunk, { stream: true });
      const end = isStream ? rest.lastIndexOf('\n') + 1 : 0;
      if (end === 0) return;
      out.enqueue(encoder.encode(eventLines(rest.slice(0, end))));
      rest = rest.slice(end);
    },
    flush: (out) => {
      rest += decoder.decode();
      if (rest !== '') out.enqueue(encoder.encode(isStream ? eventLines(rest) : mended(rest)));
    },
  });
}

const eventLines = (text: string): string =>
  text.replace(/^(data: ?)(.*)$/gm, (_line, field: string, data: string) => field + mended(data));
