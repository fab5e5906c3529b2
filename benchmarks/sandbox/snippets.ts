/** The programs that are measured, each for our sandbox and as Husky-v1 would run it. */
import type { SandboxLanguage } from '../../src/sandbox';

export interface Snippet {
  language: SandboxLanguage;
  code: string;
  /** The same in Python, for Husky-v1. */
  python: string;
  expected: string;
}

/** The import lines that Husky-v1 puts before every program (reference, section 5). */
export const PREFIX = `import math
import numpy as np
import sympy
from datetime import datetime
from math import comb, gcd, lcm
from scipy.optimize import minimize
from sympy import symbols, Eq, solve, expand, factor, Matrix, simplify
from sympy.solvers.inequalities import solve_univariate_inequality
from sympy.core.relational import LessThan
`;

export const trivialJavascript: Snippet = {
  language: 'javascript',
  code: 'console.log(6 * 7)',
  python: 'print(6 * 7)',
  expected: '42',
};
export const trivialPython: Snippet = {
  language: 'python',
  code: `${PREFIX}print(6 * 7)`,
  python: 'print(6 * 7)',
  expected: '42',
};
const solve = "x = symbols('x')\nprint(solve(Eq(x**3 - 6*x**2 + 11*x, 6), x))";
export const solving: Snippet = { language: 'python', code: `${PREFIX}${solve}`, python: solve, expected: '[1, 2, 3]' };
export const withNumpy: Snippet = {
  language: 'python',
  code: `${PREFIX}print(np.arange(4).sum())`,
  python: 'print(np.arange(4).sum())',
  expected: '6',
};

/** What a code generator writes for the questions of this field: half JavaScript, half Python, one in ten with an equation to solve. */
export function mixed(count: number): Snippet[] {
  return Array.from({ length: count }, (_, index): Snippet => {
    const n = index + 2;
    const sum = String((n * (n + 1)) / 2);
    if (index % 10 === 9) return solving;
    if (index % 2 === 0)
      return {
        language: 'javascript',
        code: `let s = 0;\nfor (let i = 1; i <= ${n}; i += 1) s += i;\nconsole.log(s);`,
        python: `s = 0\nfor i in range(1, ${n} + 1):\n    s += i\nprint(s)`,
        expected: sum,
      };
    const python = `values = list(range(1, ${n} + 1))\nprint(sum(values))`;
    return { language: 'python', code: `${PREFIX}${python}`, python, expected: sum };
  });
}
