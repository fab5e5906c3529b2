/** Hashes of texts and files. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Bytes read at each end of a file; a file of twice this size or less is read completely. */
const READ = 64 * 1024 * 1024;

/** SHA-256 of a file's size and of its first and last 64 MiB, as hex; undefined where it cannot be read. */
export async function fingerprint(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256').update(`${size}`);
    const parts =
      size <= 2 * READ
        ? [[0, size]]
        : [
            [0, READ],
            [size - READ, READ],
          ];
    for (const [position = 0, length = 0] of parts) {
      const buffer = Buffer.alloc(length);
      await file.read(buffer, 0, length, position);
      hash.update(buffer);
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** SHA-256 of a text or bytes, as hex. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a value by its JSON. */
export function sha256OfJson(value: unknown): string {
  return sha256(JSON.stringify(value));
}

/** SHA-256 of a whole file, as hex. @throws the file system's error, or the signal's reason */
export function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  return addFile(createHash('sha256'), path, signal);
}

/** Adds a file's bytes to a hash. @returns the hash as hex @throws the file system's error, or the signal's reason */
export async function addFile(hash: Hash, path: string, signal?: AbortSignal): Promise<string> {
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** 16 hex digits over texts and the contents of files, for names of cache folders. @throws the file system's error */
export function shortHash(texts: readonly string[], files: readonly string[]): string {
  const hash = createHash('sha256').update(texts.join('\n'));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
