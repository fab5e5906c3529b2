/** Reads JSON lines: one object a line, checked by a schema. Every mistake is reported with file and line. */
import { readdirSync } from 'node:fs';
import type { z } from 'zod';
import { readLines, nameOf, type LineRange, type LineSource } from '../files/line-reader';
import { createFailure } from '../failures';
import { readJson } from '../http/loose-json';
import { isJsonObject } from '../trajectory/json-object';
import { describeIssue } from './describe-issue';

export interface JsonLine<T> {
  value: T;
  /** For messages: `questions.jsonl line 3`. */
  where: string;
  /** Counted from 1. */
  line: number;
  /** The byte after the line. */
  next: number;
}

export interface LineProblem {
  kind: 'malformed' | 'duplicate' | 'unknown' | 'other dataset';
  /** Counted from 1. */
  line: number;
  /** Completes a sentence that begins with the line: `is not JSON (...)`. */
  message: string;
}

export interface JsonLinesOptions extends LineRange {
  /**
   * For a file whose writer may be killed within a line: leaves the torn line out. `last`: only the last line, which has no newline.
   * `any`: also a line that another writer has ended, which is no JSON. Any other malformed line is a mistake.
   */
  torn?: 'last' | 'any';
  /** Whole numbers that JSON's reader would round are read as bigints, so that a schema can refuse them. @default false */
  exactIntegers?: boolean;
  /** Called for each line that cannot be read; the line is then left out. @default the first one is thrown */
  onProblem?: (problem: LineProblem) => void;
}

/**
 * @param what a line holds, for messages: `a question`
 * @throws InputInvalid for an absent file, another encoding or form, and (without `onProblem`) at the first line that cannot be read
 */
export async function* readJsonLines<T>(
  source: LineSource,
  what: string,
  schema: z.ZodType<T>,
  { torn, onProblem, exactIntegers, ...range }: JsonLinesOptions = {},
): AsyncGenerator<JsonLine<T>> {
  const name = nameOf(source);
  let isFirst = true;
  for await (const { text, number: line, ended, next, fault } of namedErrors(name, readLines(source, range))) {
    const where = `${name} line ${line}`;
    const read = exactIntegers && LONG.test(text) ? readExactly : readJson;
    const parsed =
      fault === undefined ? parseLine(text, what, schema, ended, name, read) : { message: fault, isJson: false };
    if ('value' in parsed) yield { value: parsed.value, where, line, next };
    // Half an object is no JSON; a whole one of another kind is a mistake, with or without a newline.
    else if (torn !== undefined && !parsed.isJson && (!ended || torn === 'any')) continue;
    else if (onProblem && !(isFirst && isAnotherForm(text, name)))
      onProblem({ kind: 'malformed', line, message: parsed.message });
    else throw createFailure('InputInvalid', `${where} ${parsed.message}.`);
    isFirst = false;
  }
}

/** Whether a file's first line says that no line of it will be an object: an array, an object over several lines, a table. */
const isAnotherForm = (text: string, name: string): boolean => /^(?:\[|\{$)/.test(text.trim()) || IS_TABLE.test(name);

const OF_AN_ARRAY = 'one object a line is needed, as jq -c ".[]" FILE makes of a JSON array';
const IS_TABLE = /\.(?:csv|tsv)$/i;
const OF_A_TABLE = `one object a line is needed, as python3 -c "import csv, json; [print(json.dumps(row)) for row in csv.DictReader(open('FILE'))]" makes of a CSV file`;

const OF_AN_OBJECT = 'one object a line is needed, as jq -c . FILE makes of objects over several lines';

const WITH_A_COMMA = "a comma stands behind the object: sed 's/},[[:space:]]*$/}/' FILE > NEW removes it";

/** What to do about a line that is no JSON. */
function hintAt(text: string, ended: boolean, name = ''): string {
  if (text.startsWith('[')) return `; ${OF_AN_ARRAY}`;
  if (IS_TABLE.test(name)) return `; ${OF_A_TABLE}`;
  if (text.trim() === '{') return `; ${OF_AN_OBJECT}`;
  if (/\},\s*$/.test(text)) return `; ${WITH_A_COMMA}`;
  return ended ? '' : '; the file ends within this line';
}

const LONG = /\d{16}/;
const INTEGER = /^-?\d+$/;

function readExactly(text: string): unknown {
  const value = readJson(text);
  try {
    return JSON.parse(text, (_, field: unknown, context?: { source?: string }) => {
      const source = context?.source ?? '';
      return typeof field === 'number' && INTEGER.test(source) && BigInt(source) !== BigInt(field)
        ? BigInt(source)
        : field;
    });
  } catch {
    return value;
  }
}

/** Only an escape can bring half of a character into a line: some tools cut texts in the middle of an emoji. */
const HALF = /\\ud[89a-f]/i;

function wholeTexts(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wholeTexts);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, wholeTexts(field)]));
}

/** @param name of the file of lines, for advice; undefined for a whole file of JSON */
function parseLine<T>(
  text: string,
  what: string,
  schema: z.ZodType<T>,
  ended: boolean,
  name?: string,
  readAs: (text: string) => unknown = readJson,
): { value: T } | { message: string; isJson: boolean } {
  let value: unknown;
  try {
    const read = readAs(text);
    value = HALF.test(text) ? wholeTexts(read) : read;
  } catch (error) {
    return { message: `is not JSON (${(error as Error).message}${hintAt(text, ended, name)})`, isJson: false };
  }
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  if (name !== undefined && Array.isArray(value))
    return { message: `is not ${what} but a JSON array; ${OF_AN_ARRAY}`, isJson: true };
  return { message: `is not ${what}: ${describeIssue(result.error.issues[0], 'the line')}`, isJson: true };
}

/** How to make a file of a dataset's folder: one that `datasets` saved, or one of several files of lines. */
function filesOfFolder(folder: string): string {
  const names = readdirSync(folder);
  const saved = (split: string) =>
    `; write it as JSON lines: python3 -c "import datasets; datasets.load_from_disk('${folder}')${split}.to_json('NEW.jsonl')"`;
  if (names.includes('dataset_dict.json')) return saved("['SPLIT']");
  if (names.includes('state.json')) return saved('');
  const ending = ['.jsonl', '.jsonl.gz'].find((end) => names.some((name) => name.endsWith(end)));
  if (ending === undefined) return '';
  return `; join its files: ${ending === '.jsonl' ? 'cat' : 'gunzip -c'} ${folder}/*${ending} > NEW.jsonl`;
}

/** Turns errors of the file system into sentences. */
export async function* namedErrors<T>(name: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw createFailure('InputInvalid', `There is no file ${name}.`);
    if (code === 'EISDIR')
      throw createFailure('InputInvalid', `${name} is a folder, not a file${filesOfFolder(name)}.`);
    if (code === 'EACCES' || code === 'EPERM')
      throw createFailure('InputInvalid', `${name} cannot be opened: permission denied.`);
    throw error;
  }
}

/** Checks a whole file of JSON. @throws InputInvalid naming the file and the field */
export function parseJsonFile<T>(text: string, path: string, what: string, schema: z.ZodType<T>): T {
  const parsed = parseLine(text, what, schema, true);
  if ('value' in parsed) return parsed.value;
  throw createFailure('InputInvalid', `${path} ${parsed.message}.`);
}
