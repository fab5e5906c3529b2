/** Compares matrices and vectors, also with a factor, as sums, and as products. */
import { items, sameInOrder } from './collections';
import { DIFFERENT, type Comparison } from './comparison';
import { printedMatrix } from './printed-python';

const ONE =
  /^(?:((?!\\begin)[^\s{}](?:(?!\\begin)[^]){0,60}?)\s*)?\\begin\{([pb])matrix\}((?:(?!\\begin)[^])*)\\end\{\2matrix\}$/;
const ALL = /\\begin\{([pb])matrix\}(?:(?!\\begin)[^])*?\\end\{\1matrix\}/g;
const MAX_TERMS = 4;

/** The entries by rows, each multiplied by the factor before the matrix. */
function matrixRows(text: string): string[][] | undefined {
  const match = ONE.exec(text);
  if (match === null) return combination(text);
  const factor = match[1]?.replace(/\s*(?:\\cdot|\\times)\s*$/, '');
  return (match[3] as string)
    .split(/\\\\/)
    .map((row) => row.trim())
    .filter(Boolean)
    .map((row) =>
      row.split('&').map((entry) => (factor === undefined ? entry.trim() : `(${factor}) \\times (${entry})`)),
    );
}

/** `A + B`, `A - B` and `A B` of matrices that are written out. */
function combination(text: string): string[][] | undefined {
  const matrices = [...text.matchAll(ALL)];
  if (matrices.length < 2 || matrices.length > MAX_TERMS) return undefined;
  const signs = text
    .replace(ALL, '#')
    .replace(/\s+/g, '')
    .replace(/#(?:\\cdot|\\times)?(?=#)/g, '#*');
  if (!/^#(?:[-+*]#)+$/.test(signs)) return undefined;
  const rows = matrices.map((match) => matrixRows(match[0]));
  let result = rows[0];
  for (let i = 1; i < rows.length && result !== undefined; i++) {
    const next = rows[i];
    const sign = signs.charAt(2 * i - 1);
    // Sums and products are not mixed: only one of the two is read.
    if (next === undefined || (sign === '*') !== signs.includes('*') || (sign === '*' && /[-+]/.test(signs)))
      return undefined;
    result = sign === '*' ? product(result, next) : sum(result, next, sign);
  }
  return result;
}

function sum(a: string[][], b: string[][], sign: string): string[][] | undefined {
  if (a.length !== b.length || a.some((row, i) => row.length !== b[i]?.length)) return undefined;
  return a.map((row, i) => row.map((entry, j) => `(${entry}) ${sign} (${b[i]?.[j] as string})`));
}

function product(a: string[][], b: string[][]): string[][] | undefined {
  if (a.some((row) => row.length !== b.length)) return undefined;
  const columns = b[0]?.length ?? 0;
  return a.map((row) =>
    Array.from({ length: columns }, (_, j) =>
      row.map((entry, k) => `(${entry}) \\times (${b[k]?.[j] as string})`).join(' + '),
    ),
  );
}

/** A vector that is written as a point: `(1, 2)`, `\\langle 1, 2 \\rangle`. */
function column(text: string): string[][] | undefined {
  const inner = /^(?:\(([^()]*)\)|\\langle([^]*)\\rangle)$/.exec(text);
  const parts = inner && items((inner[1] ?? inner[2]) as string);
  return parts && parts.length > 1 ? parts.map((part) => [part]) : undefined;
}

export const compareMatrices: Comparison = (p, g, depth, same) => {
  if (!g.includes('matrix}')) {
    const [found, point] = [p.includes('matrix}') ? matrixRows(p) : undefined, column(g)];
    if (found === undefined || point === undefined || found.length !== point.length) return undefined;
    return found.every((row, i) => sameInOrder(row, point[i] as string[], depth, same)) ? 'same vector' : DIFFERENT;
  }
  const [rows, goldRows] = [matrixRows(printedMatrix(p) ?? p) ?? column(p), matrixRows(g)];
  if (goldRows === undefined) return undefined;
  if (rows?.length !== goldRows.length) return DIFFERENT;
  const isSame = rows.every((row, i) => sameInOrder(row, goldRows[i] as string[], depth, same));
  return isSame ? 'same matrix' : DIFFERENT;
};
