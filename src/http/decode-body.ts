/** Decodes a body: decompresses it within a bound and reads its character set. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

/** The answer was too long, such as an endless stream or a decompression bomb. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  constructor(limitBytes: number) {
    super(`the answer is longer than ${limitBytes} bytes`);
  }
}

/** The body's compression is unknown, or not the one that its header names. */
export class BodyEncodingError extends Error {
  override readonly name = 'BodyEncodingError';
}

/** The compressions that servers may use. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br, zstd';

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const inflateEither: Decode = async (body, options) => {
  // RFC 9110 means the zlib format; some servers send raw deflate.
  const isZlib = body.length > 1 && (body.readUInt8(0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
  return isZlib ? promisify(inflate)(body, options) : promisify(inflateRaw)(body, options);
};

const DECODERS: Record<string, Decode> = {
  gzip: promisify(gunzip) as Decode,
  'x-gzip': promisify(gunzip) as Decode,
  deflate: inflateEither,
  br: promisify(brotliDecompress) as Decode,
  zstd: promisify(zstdDecompress) as Decode,
};

/** Whether a body begins as JSON, a page or a stream of events does. */
const isText = (body: Buffer) => /^\s*(?:[{[<]|data:|event:)/.test(body.toString('latin1', 0, 20));

const isGzip = (body: Buffer) => body.length > 2 && body.readUInt16BE(0) === 0x1f8b;

/** Reads at most `limit` bytes; leaving the loop closes the connection. @throws BodyTooLargeError */
export async function readBounded(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw new BodyTooLargeError(limit);
    chunks.push(chunk);
    onChunk?.(chunk);
  }
  return Buffer.concat(chunks);
}

/** @param limit of the decoded bytes. @throws BodyTooLargeError, BodyEncodingError */
export async function decodeBody(body: Buffer, headers: Headers, limit: number): Promise<string> {
  const encodings = (headers.get('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  let decoded = body;
  for (const encoding of encodings.reverse()) decoded = await decode(decoded, encoding, limit);
  if (encodings.length === 0 && isGzip(decoded)) decoded = await decode(decoded, 'gzip', limit);
  return textOf(decoded, headers.get('content-type') ?? '');
}

async function decode(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decoder = DECODERS[encoding];
  // Servers also write a character set here, or name what a gateway has undone.
  if (!decoder && isText(body)) return body;
  if (!decoder) throw new BodyEncodingError(`the answer is encoded as ${encoding}, which is not known here`);
  // Some gateways decompress the body and keep the header.
  if (/gzip/.test(encoding) && !isGzip(body)) return body;
  try {
    return await decoder(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLargeError(limit);
    if (isText(body)) return body;
    throw new BodyEncodingError(
      `the answer says that it is encoded as ${encoding} and is not (${(error as Error).message})`,
    );
  }
}

function textOf(body: Buffer, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
