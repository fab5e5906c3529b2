/** Text files must be UTF-8. A file in another encoding, or of another kind, is refused with advice. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createFailure } from '../failures';

const ADVICE = 'Save it as UTF-8, for example with: iconv -f UTF-16 -t UTF-8 OLD > NEW.';

const byPython = (kind: string, name: string, written: string) =>
  `is ${kind}. Write it as JSON lines: python3 -c "${written.replace('FILE', `'${name}'`)}".`;
const AS_LINES = "to_json('NEW.jsonl', orient='records', lines=True)";

/** Kinds of file in which datasets are passed on, by their first bytes, and how text is made of them. */
const OTHER_KINDS: readonly (readonly [start: string, told: (name: string) => string])[] = [
  ['PAR1', (name) => byPython('a Parquet file', name, `import pandas; pandas.read_parquet(FILE).${AS_LINES}`)],
  ['ARROW1', (name) => byPython('an Arrow file', name, `import pandas; pandas.read_feather(FILE).${AS_LINES}`)],
  [
    '\xff\xff\xff\xff',
    (name) =>
      byPython('an Arrow stream', name, "import datasets; datasets.Dataset.from_file(FILE).to_json('NEW.jsonl')"),
  ],
  ['\x80\x04', () => 'is a Python pickle. Load it in Python and write it as JSON lines.'],
  ['\x80\x05', () => 'is a Python pickle. Load it in Python and write it as JSON lines.'],
  ['\x1f\x8b', (name) => `is compressed with gzip. Unpack it: gunzip -c ${name} > NEW.`],
  ['\x28\xb5\x2f\xfd', (name) => `is compressed with zstd. Unpack it: zstd -dc ${name} > NEW.`],
  ['BZh', (name) => `is compressed with bzip2. Unpack it: bunzip2 -c ${name} > NEW.`],
  ['\xfd7zXZ', (name) => `is compressed with xz. Unpack it: xz -dc ${name} > NEW.`],
  ['PK\x03\x04', () => 'is a ZIP archive, or a document in one (.xlsx). Unpack it, or save it as text.'],
];

/**
 * Checks the first bytes of a file.
 *
 * @throws InputInvalid when they are of another kind, such as Parquet or gzip, or UTF-16, or hold a zero byte
 */
export function refuseOtherEncoding(start: Buffer, name: string): void {
  const head = start.subarray(0, 6).toString('latin1');
  for (const [begins, told] of OTHER_KINDS)
    if (head.startsWith(begins)) throw createFailure('InputInvalid', `${name} ${told(name)}`);
  const mark = start.subarray(0, 2).toString('latin1');
  if (mark === '\xff\xfe' || mark === '\xfe\xff')
    throw createFailure('InputInvalid', `${name} is written in UTF-16. ${ADVICE}`);
  if (start.subarray(0, 4096).includes(0))
    throw createFailure('InputInvalid', `${name} holds zero bytes: it is no text, or written in UTF-16. ${ADVICE}`);
}

/** The whole text of a file, without a byte order mark. @throws InputInvalid when it is not UTF-8, or the file system's error */
export function readText(path: string): string {
  return textOf(readFileSync(path), path);
}

/** Bytes as text, without a byte order mark. @throws InputInvalid when they are not UTF-8 */
export function textOf(bytes: Buffer, name: string): string {
  refuseOtherEncoding(bytes, name);
  if (!isUtf8(bytes))
    throw createFailure('InputInvalid', `${name} is not written in UTF-8. ${ADVICE.replace('UTF-16', 'LATIN1')}`);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
