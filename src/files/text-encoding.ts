/** Text files must be UTF-8. A file in another encoding is refused with advice. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createFailure } from '../failures';

const ADVICE = 'Save it as UTF-8, for example with: iconv -f UTF-16 -t UTF-8 OLD > NEW.';

/**
 * Checks the first bytes of a file.
 *
 * @throws InputInvalid when they are UTF-16 or hold a zero byte
 */
export function refuseOtherEncoding(start: Buffer, name: string): void {
  const mark = start.subarray(0, 2).toString('latin1');
  if (mark === '\xff\xfe' || mark === '\xfe\xff')
    throw createFailure('InputInvalid', `${name} is written in UTF-16. ${ADVICE}`);
  if (start.subarray(0, 4096).includes(0))
    throw createFailure('InputInvalid', `${name} holds zero bytes: it is no text, or written in UTF-16. ${ADVICE}`);
}

/** The whole text of a file, without a byte order mark. @throws InputInvalid when it is not UTF-8, or the file system's error */
export function readText(path: string): string {
  const bytes = readFileSync(path);
  refuseOtherEncoding(bytes, path);
  if (!isUtf8(bytes))
    throw createFailure('InputInvalid', `${path} is not written in UTF-8. ${ADVICE.replace('UTF-16', 'LATIN1')}`);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
