/** Answers that are one mathematical expression. */
import { parseExpression } from './compute-engine';
import type { Expr } from './expression';
import { pythonToLatex } from './latex-text';

/** Words of prose, which are not products of letters. */
export const PROSE = /(?<![\\a-zA-Z])(?!(?:sqrt|sin|cos|tan|log|exp)(?![a-z]))[a-zA-Z]{4,}|\b(?:and|or|not|the|is)\b/;

const SQUARE = /(?<!\\sqrt\s{0,4})\[([^[\],;]*)\]/g;

/** Square brackets that group, as in `2[(x+1)+3]`; those around a list or an interval stay. */
function withRoundBrackets(text: string): string {
  let plain = text;
  for (let i = 0; i < 4 && plain.includes('['); i++) plain = plain.replace(SQUARE, '($1)');
  return plain;
}

/** The expression of a text; undefined for prose and texts that only resemble an expression. */
export function expression(text: string): Expr | undefined {
  const latex = pythonToLatex(withRoundBrackets(text));
  if (PROSE.test(latex) || /\\text|[%$#@"]|\.\.\.|\\(?:pm|mp)/.test(latex)) return undefined;
  return parseExpression(latex);
}
