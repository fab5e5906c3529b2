import { kindsWithWhatItLacked, usesNumericPackages } from '../../src/sandbox/needed-packages';

it.each([
  ['import numpy as np\nprint(np.mean([1]))', true],
  ['import numpy as np\nfrom scipy.optimize import minimize\nprint(1)', false],
  ['from scipy.optimize import minimize\nprint(minimize(f, 0))', true],
  ['from scipy.optimize import (\n    brentq as root,\n    minimize,\n)\nprint(root(f, 0, 1))', true],
  ['from numpy import *\nprint(array([1]))', true],
  ['import math, numpy\nprint(numpy.pi)', true],
  ['import math, numpy\nprint(math.pi)', false],
  ['import scipy.special\nprint(scipy.special.gamma(5))', true],
  ['def f():\n    import numpy as np\n    return np.pi\nprint(f())', true],
  ['import math; import numpy as np; print(np.pi)', true],
  ['import math\nprint("np")', false],
  ['print("import numpy")', false],
])('%j: %s', (code, uses) => {
  expect(usesNumericPackages(code)).toBe(uses);
});

it.each([
  ['ModuleNotFoundError', "No module named 'numpy'", undefined, ['wasm', 'native']],
  ['ModuleNotFoundError', "No module named 'numpy.foo'", 'wasm', ['native']],
  ['ModuleNotFoundError', "No module named 'pandas'", undefined, ['wasm']],
  ['ModuleNotFoundError', "No module named 'pandas'", 'wasm', []],
  ['ModuleNotFoundError', "No module named 'torch'", undefined, []],
  ['ModuleNotFoundError', "No module named '_ssl'", 'wasm', ['native']],
  ['RuntimeError', "can't start new thread", undefined, ['native']],
  ['RuntimeError', "can't start new thread", 'native', []],
  ['RuntimeError', 'other', undefined, []],
  ['AttributeError', "module 'hashlib' has no attribute 'pbkdf2_hmac'", 'wasm', ['native']],
  ['OverflowError', 'Python int too large to convert to C ssize_t', 'wasm', ['native']],
  ['constructor', 'x', undefined, []],
] as const)('a program that failed with %s: %s on %s may do better on %j', (name, message, before, kinds) => {
  const run = { ok: false, stdout: '', stderr: '', durationMs: 1, truncated: false, error: { name, message } };
  expect(kindsWithWhatItLacked(run, before)).toEqual(kinds);
});
