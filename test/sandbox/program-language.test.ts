import { languageOf } from '../../src/sandbox/program-language';

test.each([
  ['print(1 + 2)', 'python'],
  ['import math\nprint(math.sqrt(2))', 'python'],
  ['from sympy import solve\nsolve(1)', 'python'],
  ['def f(x):\n    return x\nf(1)', 'python'],
  ['for i in range(3):\n    total += i', 'python'],
  ['console.log(1 + 2)', 'javascript'],
  ['const a = 1;\nconsole.log(a);', 'javascript'],
  ['for (let i = 0; i < 3; i += 1) {\n  total += i;\n}', 'javascript'],
  ['function f(x) {\n  return x;\n}', 'javascript'],
  ['if (a > 1) {\n  a = 2\n} else {\n  a = 3\n}', 'javascript'],
  ['const x = 6 * 7\nprint(x)', 'javascript'],
  ['// The sum.\nx = 1 + 2', 'javascript'],
  ['import { readFileSync } from "node:fs";', 'javascript'],
  ['1 + 2', undefined],
  ['a = 3', undefined],
  ["console.log('print(1)')", undefined],
])('%j is %s', (program, language) => {
  expect(languageOf(program)).toBe(language);
});
