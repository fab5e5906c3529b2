/** Reads documents from files: JSON lines, plain text, Markdown. */
import { basename, extname } from 'node:path';
import { readText } from '../../files/text-encoding';
import { readJsonLines, type LineProblem } from '../../formats/json-lines';
import { createFailure } from '../../failures';
import { chunkMarkdown, chunkText } from './chunk-text';
import { searchDocumentSchema, type SearchDocument } from './search-document';

const READERS: Record<string, (path: string) => Promise<SearchDocument[]>> = {
  '.jsonl': readDocumentLines,
  '.ndjson': readDocumentLines,
  '.txt': async (path) => chunkText(readText(path), titleOf(path)),
  '.md': async (path) => chunkMarkdown(readText(path), titleOf(path)),
  '.markdown': async (path) => chunkMarkdown(readText(path), titleOf(path)),
};

export const READABLE = Object.keys(READERS);

/** Problems of a file that its error names. */
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

async function readDocumentLines(path: string): Promise<SearchDocument[]> {
  const documents: SearchDocument[] = [];
  const problems: string[] = [];
  const onProblem = ({ line, message }: LineProblem) => problems.push(`line ${line} ${message}`);
  for await (const { value } of readJsonLines(path, 'a document', searchDocumentSchema, { onProblem }))
    documents.push(value);
  if (problems.length > 0) {
    const more = problems.length > PROBLEMS_NAMED ? `; ${problems.length - PROBLEMS_NAMED} more` : '';
    throw createFailure('InputInvalid', `${path}: ${problems.slice(0, PROBLEMS_NAMED).join('; ')}${more}.`);
  }
  return documents;
}

const titleOf = (path: string) => basename(path, extname(path)).replace(/[_-]+/g, ' ');
