import { createSandbox, describeRun, type SandboxLanguage } from '../../src/sandbox';

const sandbox = createSandbox({ require: 'isolate', python: 'pyodide' });
afterAll(() => sandbox.close());
// The first program of a fresh machine waits for the snapshot.
jest.setTimeout(300_000);

const told = async (language: SandboxLanguage, code: string) =>
  describeRun(await sandbox.run({ language, code, timeoutMs: 20_000 }), 'default').errorText;

it.each([
  [
    'an absent package',
    'import pandas as pd\npd.Series([1])',
    /line 2[\s\S]*no pandas here.*standard library, sympy and mpmath/,
  ],
  [
    'threads that wait for each other',
    'import queue, threading\nwork = queue.Queue()\nthreading.Thread(target=work.get).start()\nwork.put(1)',
    /no threads[\s\S]*one after another/,
  ],
  ['programs of the machine', "import subprocess\nsubprocess.run(['ls'])", /no files, network or other programs/],
  ['an import that was forgotten', 'print(math.sqrt(16))', /Begin with: import math/],
  ['a name that was not imported', "x = symbols('x')", /Begin with: from sympy import symbols/],
  ['the tool of an agent', 'final_answer(5)', /Print the answer: a program calls no tools/],
  ['input', 'n = int(input())', /no input: write the values/],
  ['endless recursion', 'def f(n): return f(n + 1)\nf(0)', /RecursionError[\s\S]*use a loop/],
  ['a shell command that gives a value', 'files = !ls\nprint(files)', /no notebook: take the line `files = !ls` out/],
  ['a cell of another language', '%%bash\nls', /no notebook: take the line `%%bash` out/],
  ['sizes beyond 32 bits', 'len(range(10**10))', /below 2\*\*31 here: calculate them/],
  ['a file', "open('data.csv')", /no files/],
  ['words around the program', 'To solve this (again) we add the numbers.\nprint(1 + 2)', /begins with a sentence/],
  [
    'words with a formula around the program',
    'To find \\( 3 \\star 11 \\) we follow these steps:',
    /begins with a sentence/,
  ],
  ['a program of the other language', 'const x = 3;\nconsole.log(x)', /This is JavaScript: write Python/],
])('in Python, %s that the sandbox lacks is told with what to do', async (_, code, advice) => {
  expect(await told('python', code)).toMatch(advice);
});

it.each([
  [
    'an absent package',
    "const math = require('mathjs');\nmath.sqrt(4)",
    /Cannot find module 'mathjs'.* only assert,[\s\S]*program\.js:2/,
  ],
  ['the network', "await fetch('http://x')", /no fetch here/],
  ['input', "const n = prompt('n?')", /no prompt here, and there is no input: write the values/],
  ['endless recursion', 'const f = (n) => f(n + 1);\nf(0)', /use a loop/],
  ['a promise that nobody awaited', 'console.log((async () => 1)())', /Await it, then print/],
  ['a program of the other language', 'def f(x):\n    return x\nprint(f(3))', /This is Python: write JavaScript/],
])('in JavaScript, %s that the sandbox lacks is told with what to do', async (_, code, advice) => {
  expect(await told('javascript', code)).toMatch(advice);
});

it('an error of the program itself comes without advice', async () => {
  expect(await told('python', 'print(1 / 0)')).toMatch(/ZeroDivisionError: division by zero$/);
  expect(await told('python', '!pip install x\nx = = 1')).toMatch(/line 2\n\s+x = = 1\nSyntaxError: invalid syntax$/);
  const thrown = await sandbox.run({ language: 'javascript', code: 'null.x' });
  expect(thrown.error).not.toHaveProperty('advice');
});
