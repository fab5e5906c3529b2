/** Reads documents from files: JSON lines, plain text, Markdown, web pages, tables. */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { readText } from '../../files/text-encoding';
import { readJsonLines, type LineProblem } from '../../formats/json-lines';
import { createFailure } from '../../failures';
import { chunkMarkdown, chunkText } from './chunk-text';
import { documentSchema, type SearchDocument } from './search-document';
import { documentsOfTable } from './table-rows';
import { markdownOf, pageTitle } from './web-page';

const READERS: Record<string, (path: string) => Promise<SearchDocument[]>> = {
  '.jsonl': readDocumentLines,
  '.ndjson': readDocumentLines,
  '.txt': async (path) => chunkText(readText(path), titleOf(path)),
  '.rst': async (path) => chunkText(readText(path), titleOf(path)),
  '.md': async (path) => chunkMarkdown(readText(path), titleOf(path)),
  '.markdown': async (path) => chunkMarkdown(readText(path), titleOf(path)),
  '.html': readPage,
  '.htm': readPage,
  '.csv': async (path) => documentsOfTable(readText(path), 'csv', titleOf(path)),
  '.tsv': async (path) => documentsOfTable(readText(path), 'tsv', titleOf(path)),
};

export const READABLE = Object.keys(READERS);

/** Programs that make readable files of others. */
const CONVERTED: Record<string, string> = {
  '.pdf': 'pdftotext -layout FILE.pdf FILE.txt',
  '.json': "jq -c '.[]' FILE.json > FILE.jsonl",
  ...Object.fromEntries(
    ['.docx', '.odt', '.epub', '.rtf', '.ipynb', '.org', '.tex'].map((kind) => [kind, `pandoc FILE${kind} -o FILE.md`]),
  ),
};

/**
 * The readable files below a folder, in order; hidden ones and those of packages are left out. A file is itself.
 *
 * @returns `others`: files of kinds that are not read
 */
export function filesOf(path: string): { files: string[]; others: string[] } {
  let below;
  try {
    below = readdirSync(path, { recursive: true, withFileTypes: true });
  } catch {
    return { files: [path], others: [] };
  }
  const all = below
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](?:\.|node_modules[\\/])/.test(file.slice(path.length)))
    .sort();
  const isRead = (file: string) => kindOf(file) in READERS;
  return { files: all.filter(isRead), others: all.filter((file) => !isRead(file)) };
}

/** Kinds that are named when files are left out. */
const KINDS_NAMED = 8;

/** One line: how many files of each kind are not read, and what makes text of them. */
export function leftOut(files: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(kindOf(file), (counts.get(kindOf(file)) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a).slice(0, KINDS_NAMED);
  const named = kinds.map(([kind, count]) => {
    const way = CONVERTED[kind];
    return `${count} ${kind || 'without a kind'}${way === undefined ? '' : ` (convert: ${way})`}`;
  });
  return `Left out, because their kind is not read: ${named.join(', ')}${counts.size > kinds.length ? ' and others' : ''}.`;
}

/** Whether a file holds texts that people wrote for people, as opposed to lines that may be facts. */
export const isProse = (file: string): boolean => !['.jsonl', '.ndjson'].includes(kindOf(file));

const kindOf = (file: string) => extname(file).toLowerCase();

/** Problems of a file that its error names. */
const PROBLEMS_NAMED = 5;

/** @throws InputInvalid naming the file and, for JSON lines, every malformed line up to five */
export async function readDocuments(path: string): Promise<SearchDocument[]> {
  const read = READERS[kindOf(path)];
  const converted = CONVERTED[kindOf(path)];
  const advice = converted === undefined ? '' : ` Convert it first (${converted}).`;
  if (!read) throw createFailure('InputInvalid', `${path} is none of ${READABLE.join(', ')}.${advice}`);
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
  for await (const { value } of readJsonLines(path, 'a document', documentSchema, { onProblem })) documents.push(value);
  if (problems.length > 0) {
    const more = problems.length > PROBLEMS_NAMED ? `; ${problems.length - PROBLEMS_NAMED} more` : '';
    throw createFailure('InputInvalid', `${path}: ${problems.slice(0, PROBLEMS_NAMED).join('; ')}${more}.`);
  }
  return documents;
}

async function readPage(path: string): Promise<SearchDocument[]> {
  const html = readText(path);
  return chunkMarkdown(markdownOf(html), pageTitle(html) ?? titleOf(path));
}

const titleOf = (path: string) => basename(path, extname(path)).replace(/[_-]+/g, ' ');
