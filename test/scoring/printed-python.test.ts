import { scoreAnswer } from '../../src/scoring/score';

/** Gold answer in LaTeX, what a program prints. */
const SAME: readonly [string, string][] = [
  ['[-3,-2] \\cup [0,1]', 'Union(Interval(-3, -2), Interval(0, 1))'],
  ['(-\\infty,0]\\cup[4,\\infty)', 'Union(Interval(-oo, 0), Interval(4, oo))'],
  ['(-5,-4)', 'Interval.open(-5, -4)'],
  ['(3,5]', 'Interval.Lopen(3, 5)'],
  ['[3,5)', 'Interval(3, 5, False, True)'],
  ['\\{1,2\\}', 'FiniteSet(1, 2)'],
  ['\\emptyset', 'EmptySet'],
  ['\\mathbb{R}', 'Reals'],
  ['x=9', 'Eq(x, 9)'],
  ['9', '{x: 9}'],
  ['9', '[{x: 9}]'],
  ['(1,2)', '{x: 1, y: 2}'],
  ['(1,2), (3,4)', '[{x: 1, y: 2}, {x: 3, y: 4}]'],
  ['(1,2)', '[(1, 2)]'],
  ['4', '(4,)'],
  ['(-3,4)', 'Point2D(-3, 4)'],
  ['\\begin{pmatrix} 1/5 \\\\ -18/5 \\end{pmatrix}', 'Matrix([[1/5], [-18/5]])'],
  ['\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}', '[[1, 2], [3, 4]]'],
  ['\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}', 'np.array([[1, 2], [3, 4]])'],
  ['1,2', 'array([1, 2])'],
  ['[-3,-2] \\cup [0,1]', 'The answer is Union(Interval(-3, -2), Interval(0, 1)).'],
  ['5', 'np.float64(5.0)'],
  ['-3', "Decimal('-3')"],
  ['\\frac{7}{2}', 'Fraction(7, 2)'],
  ['2+3i', '2 + 3*I'],
  ['2+3i', '(2+3j)'],
  ['x^2+1', "Poly(x**2 + 1, x, domain='ZZ')"],
  ['[3,\\infty)', '(3 <= x) & (x < oo)'],
  ['(3,5)', '(3 < x) & (x < 5)'],
  ['(-\\infty,0)\\cup(4,\\infty)', '((-oo < x) & (x < 0)) | ((4 < x) & (x < oo))'],
];

const DIFFERENT: readonly [string, string][] = [
  ['(-7,-2)', 'Interval.open(-5, -4)'],
  ['[3,5]', 'Interval.open(3, 5)'],
  ['[3,5)', 'Interval.Lopen(3, 5)'],
  ['(1,2)', '{x: 2, y: 1}'],
  ['1', '[{x: 1}, {x: 2}]'],
  ['\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}', 'Matrix([[1, 3], [2, 4]])'],
  ['\\begin{pmatrix} 1 \\\\ 3 \\end{pmatrix}', 'Matrix([[1, 3]])'],
  ['\\frac{7}{2}', 'Fraction(2, 7)'],
  ['2-3i', '2 + 3*I'],
  ['(3,5)', '(3 <= x) & (x < 5)'],
  ['(3,5)', '(3 < x) & (y < 5)'],
  ['\\{1,2\\}', 'EmptySet'],
];

describe('what programs print', () => {
  it.each(SAME)('%s is %s', (gold, prediction) => {
    expect(scoreAnswer({ metric: 'math', gold, prediction }).correct).toBe(true);
  });
  it.each(DIFFERENT)('%s is not %s', (gold, prediction) => {
    expect(scoreAnswer({ metric: 'math', gold, prediction }).correct).toBe(false);
  });
});
