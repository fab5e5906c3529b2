/** Recognizes by its first bytes a file that is no GGUF file, whatever its name. */
import { closeSync, openSync, readSync } from 'node:fs';
import { isWebPage } from '../http/error-body';

const BYTES = 64;

/** What the file is instead of a GGUF file that can be loaded here, in words; undefined if it begins as one, or cannot be read. */
export function notGguf(path: string): string | undefined {
  const head = headOf(path);
  if (head === undefined) return undefined;
  const text = head.toString('latin1');
  if (text.startsWith('GGUF'))
    // The version is a small number in four bytes.
    return head.length >= 8 && head[4] === 0 && head[7] !== 0
      ? 'a GGUF file for machines of big-endian byte order'
      : undefined;
  if (text === '') return 'an empty file';
  if (text.startsWith('version https://git-lfs'))
    return 'a pointer of Git LFS instead of the file: git lfs pull fetches that';
  if (isWebPage(text))
    return 'a web page instead of the file, such as the page about it, or that of a network that wants a sign-in';
  return 'no GGUF file';
}

function headOf(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, BYTES, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
