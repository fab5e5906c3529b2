/**
 * Documents from files: JSON lines, plain text, Markdown.
 *
 * @module
 */
import { createReadStream, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { createInterface } from 'node:readline';
import { describeIssue } from '../../formats/describe-issue';
import { createFailure } from '../../failures';
import { chunkMarkdown, chunkText } from './chunk-text';
import { searchDocumentSchema, type SearchDocument } from './search-document';

const READERS: Record<string, (path: string) => Promise<SearchDocument[]>> = {
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.txt': async (path) => chunkText(readFileSync(path, 'utf8'), titleOf(path)),
  '.md': async (path) => chunkMarkdown(readFileSync(path, 'utf8'), titleOf(path)),
  '.markdown': async (path) => chunkMarkdown(readFileSync(path, 'utf8'), titleOf(path)),
};

export const READABLE = Object.keys(READERS);

/** Problems of a file named before it is given up. */
const PROBLEMS_NAMED = 5;

/** @throws InputInvalid naming the file and, for JSON lines, every malformed line up to five */
export async function readDocuments(path: string): Promise<SearchDocument[]> {
  const read = READERS[extname(path).toLowerCase()];
  if (!read) throw createFailure('InputInvalid', `${path} is none of ${READABLE.join(', ')}.`);
  try {
    return await read(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw createFailure('InputInvalid', `${path} cannot be read (${code === 'ENOENT' ? 'no such file' : code}).`);
  }
}

async function readJsonLines(path: string): Promise<SearchDocument[]> {
  const documents: SearchDocument[] = [];
  const problems: string[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') problems.push(`line ${number}: ${parsed}`);
    else documents.push(parsed);
  }
  if (problems.length > 0) {
    const more = problems.length > PROBLEMS_NAMED ? `; ${problems.length - PROBLEMS_NAMED} more` : '';
    throw createFailure('InputInvalid', `${path}, ${problems.slice(0, PROBLEMS_NAMED).join('; ')}${more}.`);
  }
  return documents;
}

function parseLine(line: string): SearchDocument | string {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch {
    return 'not JSON';
  }
  const result = searchDocumentSchema.safeParse(value);
  if (result.success) return result.data;
  return result.error.issues.map((issue) => describeIssue(issue, 'the line')).join(', ');
}

const titleOf = (path: string) => basename(path, extname(path)).replace(/[_-]+/g, ' ');
