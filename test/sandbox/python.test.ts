import { createSandbox, type RunResult } from '../../src/sandbox';

const sandbox = createSandbox({ require: 'isolate', python: 'pyodide', maxOutputChars: 200 });
const run = (code: string): Promise<RunResult> => sandbox.run({ language: 'python', code, timeoutMs: 20_000 });
afterAll(() => sandbox.close());
// The first program of a fresh machine waits for the snapshot.
jest.setTimeout(300_000);

it('the import lines of Husky-v1 work as they stand, and only the use of numpy fails', async () => {
  const prefix = [
    'import math',
    'import numpy as np',
    'import sympy',
    'from datetime import datetime',
    'from math import comb, gcd, lcm',
    'from scipy.optimize import minimize',
    'from sympy import symbols, Eq, solve, expand, factor, Matrix',
    'from sympy.solvers.inequalities import solve_univariate_inequality',
    'from sympy.core.relational import LessThan',
  ].join('\n');
  const good = await run(
    `${prefix}\nx = symbols('x')\nprint(solve(Eq(2*x, 3), x), lcm(4, 6), datetime(2024, 2, 29).year)`,
  );
  expect(good).toMatchObject({ ok: true, stdout: '[3/2] 12 2024\n', stderr: '' });
  const bad = await run(`${prefix}\nprint(np.mean([1, 2]))`);
  expect(bad).toMatchObject({ ok: false, error: { name: 'ModuleNotFoundError', message: "No module named 'numpy'" } });
});

it.each([
  [
    'an exit code that raises',
    'class C:\n    def __str__(s): raise ValueError("memory limit")\nraise SystemExit(C())',
    'SystemExit',
  ],
  [
    'a class without a name',
    'class M(type):\n    __name__ = 5\nclass E(Exception, metaclass=M): pass\nraise E("timed out")',
    'E',
  ],
  ['no builtins', 'import builtins\nvars(builtins).clear()\nprint(1)', 'NameError'],
])('an error is told, and is no limit, with %s', async (_, code, name) => {
  const result = await run(code);
  expect(result).toMatchObject({ ok: false, error: { name } });
  expect(result).not.toHaveProperty('limit');
});

it('the standard library that such programs use is there', async () => {
  const { ok, stdout, error } = await run(`
import datetime, fractions, itertools, statistics, decimal, re, json, random, math, collections, functools, calendar
import heapq, bisect, operator, string, textwrap, cmath, copy, dataclasses, enum, typing, time, secrets, uuid, hashlib
import base64, csv, io, pprint, inspect, contextlib, numbers, array, struct, difflib, unicodedata, zlib
print(statistics.stdev([1, 2, 4]), calendar.monthrange(2023, 2)[1], re.sub('a', 'b', 'banana'))
print(hashlib.sha256(b'x').hexdigest()[:8], next(csv.reader(['a,b'])), list(itertools.accumulate([1, 2, 3])))`);
  expect(error).toBeUndefined();
  expect(ok).toBe(true);
  expect(stdout).toBe("1.5275252316519468 28 bbnbnb\n2d711642 ['a', 'b'] [1, 3, 6]\n");
});

it('random numbers differ from one program to the next', async () => {
  const code = 'import random, secrets, uuid\nprint(random.random(), secrets.token_hex(8), uuid.uuid4())';
  const [first, second] = [(await run(code)).stdout, (await run(code)).stdout];
  const words = first.trim().split(' ');
  expect(words).toHaveLength(3);
  for (const word of words) expect(second).not.toContain(word);
});

it('the value of a last expression is told when nothing was printed, exact', async () => {
  expect(await run('from sympy import *\nsqrt(8)')).toMatchObject({ ok: true, stdout: '', value: '2*sqrt(2)' });
  expect(await run('2**200')).toMatchObject({ value: String(2n ** 200n) });
});

it.each([
  ['signs of a Chinese keyboard', 'x = ［3，4］\nprint（sum（x））', '7'],
  ['marks of HTML', 'x = 3\nif x &lt; 5 and x &gt; 1:\n    print(&quot;yes&quot;)', 'yes'],
  ['marks of HTML in a program that needs none', "print('&lt;')", '&lt;'],
  ['tabs beside spaces', 'def f():\n\tx = 3\n        return x\n\nprint(f())', '3'],
  ['a sentence behind the program', 'print(24)\n\nThis program prints 24.', '24'],
  ['the return of a function body', 'x = 5\nreturn x', '5'],
  [
    'a loop as before Python 3.14',
    'import asyncio\nasync def f():\n    return 7\nloop = asyncio.get_event_loop()\nprint(loop.run_until_complete(f()))',
    '7',
  ],
  [
    'nested loops allowed',
    'import nest_asyncio, asyncio\nnest_asyncio.apply()\nasync def f():\n    return 7\nprint(asyncio.run(f()))',
    '7',
  ],
  ['bars', 'import tqdm\nfrom tqdm import trange\nprint(sum(tqdm.tqdm(range(3))) + sum(trange(3)))', '6'],
  [
    'threads',
    'import threading\nfrom concurrent.futures import ThreadPoolExecutor\nfrom multiprocessing import Pool\nkept = []\n' +
      'one = threading.Thread(target=kept.append, args=(1,))\none.start()\none.join()\n' +
      'with ThreadPoolExecutor(4) as two: kept += two.map(abs, [-2])\nwith Pool() as three: kept += three.map(abs, [-3])\nprint(kept)',
    '[1, 2, 3]',
  ],
  ['a thread of asyncio', 'import asyncio\nprint(await asyncio.to_thread(abs, -4))', '4'],
  ['an alarm and a shell command', "import os, signal\nsignal.alarm(5)\nos.system('clear')\nprint(1)", '1'],
  [
    'a picture that is measured',
    'import matplotlib.pyplot as plt\nn, bins, patches = plt.hist([1, 2])\nbar = plt.bar([1], [2])[0]\n' +
      "plt.text(bar.get_x() + bar.get_width() / 2, 1, f'{bar.get_height():.1f}')\nprint(3)",
    '3',
  ],
  ['what it assigned last', 'def f(x):\n    return x + 4\nresult = f(3)', '7'],
  ['the sum of a loop', 'total = 0\nfor i in [3, 4]:\n    total += i', '7'],
  [
    'a function that it only defines',
    'def add(a):\n    return a + 4\n\ndef solution():\n    """How many?"""\n    return add(3)',
    '7',
  ],
  ['what main returns', 'def main():\n    return 7\n\nif __name__ == "__main__":\n    main()', '7'],
  ['a call that nobody awaits', 'async def main():\n    return 7\nmain()', '7'],
  ['nothing besides what it printed', 'def f():\n    print(8)\nprint(7)\nx = 9', '7'],
  ['sizes as more than any number', 'import sys\nprint(min(sys.maxsize, 10**12))', '1000000000000'],
  ['signs of formulas', 'r = 3\nprint(r² − 2 × 1)', '7'],
  ['blanks of word processors', 'def f():\n\u00a0\u00a0\u00a0\u00a0return 7\nprint(f())', '7'],
  ['print without parentheses', 'print "a", 7', 'a 7'],
  ['words around the program', 'Here is the code:\nprint(7)\n\nExplanation:\nIt prints 7.', '7'],
  ['words with a heading after the program', 'print(7)\n\n**Result**\nx + y = 7', '7'],
  ['a first line that is indented', '  x = 3\nprint(x + 4)', '7'],
  ['a no-break space before the program', '\u00a0print(7)', '7'],
  ['no-break spaces before each line', '\u00a0\u00a0x = 3\n\u00a0\u00a0print(x + 4)', '7'],
  ['no-break spaces among others', 'if True:\n\u00a0 \u00a0 x = 7\n    print(x)', '7'],
  ['no-break spaces within a text, which stay', 'print(len("a\u00a0b".split(" ")))', '1'],
  ['numbered lines', '1  x = 3\n2  print(x + 4)', '7'],
  ['line ends as signs', 'x = 3\\nprint(x + 4)', '7'],
  [
    'a drawing inside a function',
    'def draw():\n    import matplotlib.pyplot as plt\n    fig, (a, b) = plt.subplots(1, 2)\n    a.plot([1])\ndraw()\nprint(7)',
    '7',
  ],
  [
    'functions for numba',
    'from numba import njit, prange\n@njit(parallel=True)\ndef f(n):\n    return sum(prange(n))\nprint(f(4))',
    '6',
  ],
  ['its own path', 'import os\nprint(os.path.basename(__file__))', 'program.py'],
  ['a bar moved by hand', 'from tqdm import tqdm\nwith tqdm(total=3) as bar:\n    bar.update(1)\nprint(1)', '1'],
])('%s', async (_, code, printed) => {
  const { ok, stdout, value, error } = await sandbox.run({ language: 'python', code });
  expect({ ok, error, text: stdout.trim() || value?.trim() }).toEqual({ ok: true, error: undefined, text: printed });
});

it('a failure names its lines', async () => {
  const { ok, error } = await run('def f(x):\n    return 1 / x\n\nprint("a")\nf(0)');
  expect(ok).toBe(false);
  expect(error).toMatchObject({ name: 'ZeroDivisionError', message: 'division by zero' });
  expect(error?.traceback).toMatch(/line 5\n\s+f\(0\)[\s\S]*line 2, in f\n\s+return 1 \/ x/);
});

it('a malformed part is no explanation', async () => {
  expect(await run('x = 1\nprint(x)\n\nY : = 3')).toMatchObject({ ok: false, error: { name: 'SyntaxError' } });
});

it('a malformed program names its line', async () => {
  const { error } = await run('x = 1\nif x\n    print(x)');
  expect(error?.name).toBe('SyntaxError');
  expect(error?.traceback).toContain('line 2');
});

it.each([
  ['import sys; print(1); sys.exit()', true],
  ['print(1); exit(0)', true],
  ['print(1); import sys; sys.exit("no solution")', false],
])('%j ends as it would in Python', async (code, ok) => {
  expect(await run(code)).toMatchObject({ ok, stdout: '1\n' });
});

it('memory that Python could not have, told by an error that nobody caught, is the limit of memory', async () => {
  expect(await run('x = [0] * 10**9')).toMatchObject({ ok: false, limit: 'memory', error: { name: 'MemoryError' } });
  expect(await run('try: x = [0] * 10**9\nexcept MemoryError: print(1)')).toMatchObject({ ok: true, stdout: '1\n' });
});

it('a program that poisons sympy and builtins leaves the next one whole', async () => {
  await run(
    'import sympy, builtins, math\nsympy.sqrt = math.sqrt = lambda x: "SPOOF"\nbuiltins.print = builtins.len = None',
  );
  expect(await run('import math\nfrom sympy import sqrt\nprint(sqrt(4), math.sqrt(9), len("ab"))')).toMatchObject({
    ok: true,
    stdout: '2 3.0 2\n',
  });
});
