/** The rows of a table as documents: CSV (RFC 4180) or values between tabs, with names in the first row. */
import type { SearchDocument } from './search-document';

/** The cells of a row; quotation marks may hold separators and ends of lines. */
function rowsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  const cells = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'y');
  for (let match = cells.exec(text); match !== null; match = cells.exec(text)) {
    rows.at(-1)?.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
    if (match[3] === '') break;
    if (match[3] !== separator) rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell !== ''));
}

/**
 * Columns `title` and `text` are a document's own. Otherwise a row is titled by its first cell that is no number, and says
 * `name: value` of each.
 */
export function documentsOfTable(source: string, kind: 'csv' | 'tsv', fileTitle: string): SearchDocument[] {
  const text = source.replace(/^\uFEFF/, '');
  const head = text.split('\n', 1)[0] ?? '';
  const [names = [], ...rows] = rowsOf(
    text,
    kind === 'tsv' ? '\t' : !head.includes(',') && head.includes(';') ? ';' : ',',
  );
  const at = (name: string) => names.findIndex((one) => one.toLowerCase() === name);
  return rows.flatMap((row) => {
    const cell = (name: string) => row[at(name)] || undefined;
    const url = cell('url');
    const said = row.flatMap((value, column) => (value === '' ? [] : [`${names[column] || column + 1}: ${value}`]));
    const title = cell('title') ?? row.find((value) => /\p{L}/u.test(value)) ?? fileTitle;
    return [{ title, text: cell('text') ?? said.join('; '), ...(url === undefined ? {} : { url }) }];
  });
}
