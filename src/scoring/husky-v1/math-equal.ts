/** The reference's equality of mathematical answers (its `is_correct` and `math_equal`), step by step. */
import { isClose, pythonFloat, strip } from '../../trajectory/python-text';
import { symbolicEqual } from './symbolic-equal';

const UNION = '\\cup';

/** The reference's verdict: pieces of a union in any order, then numbers within 0.001, then equal text, then mathematics. */
export function referenceEqual(prediction: string, gold: string): boolean {
  if (prediction.includes(UNION) && gold.includes(UNION)) return samePieces(prediction.split(UNION), gold.split(UNION));
  const [p, g] = [pythonFloat(prediction.replaceAll(',', '')), pythonFloat(gold.replaceAll(',', ''))];
  if (p !== undefined && g !== undefined && Math.abs(p - g) < 1e-3) return true;
  return (gold !== '' && prediction === gold) || mathEqual(prediction, gold);
}

/** Whether each piece of either side has an equal piece on the other. */
function samePieces(predictions: string[], golds: string[]): boolean {
  const equal = predictions.map((piece) => golds.map((gold) => referenceEqual(piece, gold)));
  return equal.every((row) => row.some(Boolean)) && golds.every((_, j) => equal.some((row) => row[j]));
}

/** A number, or a percentage as a fraction of one. */
function digits(text: string): number | undefined {
  const plain = text.replaceAll(',', '');
  const value = pythonFloat(plain);
  if (value !== undefined || !plain.endsWith('%')) return value;
  const percentage = pythonFloat(plain.slice(0, -1).replace(/\\$/, ''));
  return percentage === undefined ? undefined : percentage / 100;
}

const BRACKETED = /^[([][^\n]+[)\]]/;
const MATRIX = /^\\begin\{[pb]matrix\}[^]*\\end\{[pb]matrix\}$/;

function mathEqual(prediction: string, gold: string): boolean {
  if (prediction === gold) return true;
  const [p, g] = [digits(prediction), digits(gold)];
  if (p !== undefined && g !== undefined) return [g / 100, g, g * 100].some((value) => isClose(value, p));
  if (prediction === '') return false;
  const [left, right] = [strip(prediction), strip(gold)];
  if (BRACKETED.test(left) && BRACKETED.test(right)) {
    if (rowEqual(left.slice(1, -1).split(','), right.slice(1, -1).split(','))) return true;
  }
  if (MATRIX.test(left) && MATRIX.test(right) && matrixEqual(left, right)) return true;
  return equationEqual(left, right) || symbolicEqual(left, right);
}

function rowEqual(predictions: string[], golds: string[]): boolean {
  return predictions.length === golds.length && predictions.every((part, i) => mathEqual(part, golds[i] as string));
}

function matrixEqual(prediction: string, gold: string): boolean {
  const [rows, goldRows] = [prediction, gold].map((matrix) =>
    matrix.slice('\\begin{pmatrix}'.length, -'\\end{pmatrix}'.length).split('\\\\').map(strip).filter(Boolean),
  ) as [string[], string[]];
  return (
    rows.length === goldRows.length &&
    rows.every((row, i) => rowEqual(row.split('&'), (goldRows[i] as string).split('&')))
  );
}

function equationEqual(prediction: string, gold: string): boolean {
  const [p, g] = [prediction.split('='), gold.split('=')];
  if (p.length === 2 && g.length === 2) {
    const [left, right] = [p, g].map(([a, b]) => `${strip(a as string)} - (${strip(b as string)})`) as [string, string];
    return symbolicEqual(left, right) || symbolicEqual(`-(${left})`, right);
  }
  const isNamed = (sides: string[]): boolean => sides.length === 2 && [...strip(sides[0] as string)].length <= 2;
  if (isNamed(p) && g.length === 1) return mathEqual(p[1] as string, gold);
  if (isNamed(g) && p.length === 1) return mathEqual(prediction, g[1] as string);
  return false;
}
