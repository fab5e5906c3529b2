/** LaTeX is read as SymPy 1.12 reads it: `latex-trees.json` holds what its own lexer and parser made of each text, under ANTLR 4.11. */
import { parseLatex, LatexSyntaxError, type Token, type Tree } from '../../src/scoring/husky-v1/latex-parser';
import { symbolicEqual } from '../../src/scoring/husky-v1/symbolic-equal';
import TREES from './latex-trees.json';

const written = (part: Tree | Token): string =>
  'rule' in part ? `(${part.rule} ${part.children.map(written).join(' ')})` : part.text;

function read(text: string): string | null {
  try {
    return written(parseLatex(text));
  } catch (error) {
    expect(error).toBeInstanceOf(LatexSyntaxError);
    return null;
  }
}

test.each(TREES as [string, string | null][])('%j', (text, tree) => {
  expect(read(text)).toBe(tree);
});

test('a text is read alike after any other', () => {
  const readTwice = (): (string | null)[] => TREES.map(([text]) => read(text as string));
  const first = readTwice();
  read('|'.repeat(30));
  expect(readTwice()).toEqual(first);
});

test('functions of functions are read, however deep the reference reads them', () => {
  expect(symbolicEqual('f(f(f(f(f(x)))))', 'f(f(f(f(f(x+0)))))')).toBe(true);
  expect(symbolicEqual('f(f(f(f(f(x)))))', 'f(f(f(f(f(y)))))')).toBe(false);
});

describe('a text that would take the reference for ever is given up in time', () => {
  const around = (open: string, close: string, n: number): string => `${open.repeat(n)}x${close.repeat(n)}`;
  const texts: [string, string][] = [
    ['brackets', around('(', ')', 5000)],
    ['bars', around('|', '|', 19)],
    ['many bars', around('|', '|', 5000)],
    ['bars and signs', around('|-', '|', 19)],
    ['integrals', around('\\int ', 'dx', 1000)],
    ['functions', around('f(', ')', 1000)],
    ['logarithms', around('\\log_{2}^{2}(', ')', 1000)],
    ['subscripts', around('x_{', '}', 1000)],
    ['sines', `${'\\sin '.repeat(1000)}x`],
    ['digits', '1'.repeat(19_000)],
  ];
  test.each(texts)(
    '%s',
    (_, text) => {
      const start = performance.now();
      read(text);
      expect(performance.now() - start).toBeLessThan(30_000);
    },
    60_000,
  );
});
