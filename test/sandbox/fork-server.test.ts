import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSandbox, type RunResult, type Sandbox } from '../../src/sandbox';
import { chooseLevel } from '../../src/sandbox/levels';
import { familyOf, LATE_MS } from './judge';

const offer = chooseLevel('isolate');
const uv = spawnSync('uv', ['--version']).status === 0;
const host = offer.level === 'namespace' && uv;
const wasi = offer.level !== 'isolate';
const HOOK = join(__dirname, '../models/typescript-hook.cjs');
const PYTHON_HOST = join(__dirname, '../../src/sandbox/python-host');

if (!host)
  process.stderr.write(
    `python-host is not tested: ${uv ? (offer.missing.namespace ?? offer.missing.process) : 'uv is not installed'}\n`,
  );
if (!wasi) process.stderr.write(`Python in WebAssembly is not tested: ${offer.missing.process}\n`);
const kinds = [...(host ? (['host'] as const) : []), ...(wasi ? (['wasi'] as const) : [])];

describe.each(kinds)('python: %s', (python) => {
  let sandbox: Sandbox;
  const run = (code: string, more = {}): Promise<RunResult> =>
    sandbox.run({ language: 'python', code, timeoutMs: 20_000, ...more });

  // The first program of a fresh machine waits for the packages to be fetched and compiled.
  beforeAll(async () => {
    sandbox = createSandbox({ python, concurrency: 8, maxOutputChars: 200 });
    await run('0');
  }, 900_000);
  afterAll(() => sandbox.close());

  it('runs numpy, scipy and sympy', async () => {
    const result = await run(`
import numpy as np
from scipy.optimize import minimize, brentq
from scipy import integrate, stats, linalg, special
from sympy import symbols, solve
x = symbols('x')
print(np.linalg.det(np.array([[2.0, 1.0], [1.0, 3.0]])).round(6), round(brentq(lambda v: v**2 - 2, 0, 2), 6))
print(round(float(minimize(lambda v: (v[0] - 3)**2, [0.0]).x[0]), 4), round(integrate.quad(np.sin, 0, np.pi)[0], 6))
print(stats.norm.cdf(0), special.gamma(5), linalg.norm([3, 4]), solve(x**2 - 2, x))`);
    expect(result).toMatchObject({
      ok: true,
      stdout: '5.0 1.414214\n3.0 2.0\n0.5 24.0 5.0 [-sqrt(2), sqrt(2)]\n',
      stderr: '',
    });
  });

  it('tells values, failures with their lines and exit codes as the isolate does', async () => {
    expect(await run('import numpy as np\nnp.float64(1) / 4')).toMatchObject({ ok: true, value: '0.25' });
    const { error } = await run('import numpy as np\n\ndef f():\n    return np.ones(2) @ np.ones(3)\nf()');
    expect(error?.name).toBe('ValueError');
    expect(error?.traceback).toMatch(/line 5\n\s+f\(\)[\s\S]*line 4, in f/);
    expect(await run('exit(3)')).toMatchObject({ ok: false, error: { name: 'SystemExit', message: '3' } });
    expect(await run('print("x" * 10000)')).toMatchObject({ ok: true, truncated: true });
  });

  it('asyncio, threads and time zones are there', async () => {
    const result = await run(`
import asyncio, threading
from datetime import datetime
from zoneinfo import ZoneInfo
async def main():
    return await asyncio.gather(asyncio.sleep(0.01, 1), asyncio.to_thread(lambda: 2))
print(asyncio.run(main()))
threading.Thread(target=lambda: print("joined")).start()
try:
    print(datetime(2024, 7, 1, 12, tzinfo=ZoneInfo('Asia/Tokyo')).utcoffset())
except LookupError:
    print('9:00:00')`);
    expect(result.ok).toBe(true);
    expect(result.stdout.split('\n').sort()).toEqual(['', '9:00:00', '[1, 2]', 'joined']);
  });

  it('integers of numpy are 64 bits wide, as programs expect, and numpy still knows its old names', async () => {
    const { stdout, error } = await run(`
import numpy as np
from scipy import stats
print(np.arange(100000).sum(), np.array([1]).dtype, np.cumprod([10**9, 10])[-1], np.square(100000), np.power(2, 40), np.mod(10**15, 7))
print(np.zeros(1, dtype=int).dtype, np.array([1.5]).astype(int) * 10**10, (np.array([1, 2]) > 1) * 10**10, repr(np.array([10**10])))
primes = np.nonzero(np.ones(100001, bool))[0]
print((primes**2).sum(), np.argmax([1, 3]) * 10**10, np.bincount(np.array([1, 1])), np.repeat([5], np.array([2])), np.int8([100, 100]).sum())
np.random.seed(0)
print(np.random.randint(0, 10**12) < 10**12, np.random.binomial(10, 0.5, 3).max() < 11, stats.rankdata(np.array([3, 1])))
print(np.trapz([1, 2, 3]), np.float(1))`);
    expect(error).toBeUndefined();
    expect(stdout).toBe(
      '4999950000 int64 10000000000 10000000000 1099511627776 6\n' +
        'int64 [10000000000] [          0 10000000000] array([10000000000])\n' +
        '333338333350000 10000000000 [0 2] [5 5] 200\n' +
        'True True [2. 1.]\n' +
        '4.0 1.0\n',
    );
  });

  it('positions in arrays of numpy are as wide', async () => {
    const { stdout } = await run(`
import numpy as np
late = np.arange(100001)[::-1]
print(late.argmin() ** 2, late.nonzero()[0].dtype, late.argsort().dtype)
print(np.histogram([1], 1)[0] * 10**10, np.bitwise_or(2**40, 1), np.lcm(99999, 100000))`);
    expect(stdout).toBe('10000000000 int64 int64\n[10000000000] 1099511627777 9999900000\n');
  });

  it('random numbers of numpy differ from one program to the next', async () => {
    const code =
      'import numpy as np, random\nprint(np.random.rand(), np.random.default_rng().random(), random.random())';
    const [first, second] = await Promise.all([run(code), run(code)]);
    for (const word of first.stdout.trim().split(' ')) expect(second.stdout).not.toContain(word);
  });

  it('time and memory are bounded with eight at a time, and others are answered meanwhile', async () => {
    const spin = 'while True: pass';
    const hoard = 'import numpy as np\nk = [np.ones(10**6) for _ in range(1000)]';
    const fine = 'print(6 * 7)';
    const codes = [spin, hoard, fine, spin, hoard, fine, spin, hoard];
    const results = await Promise.all(codes.map((code) => run(code, { timeoutMs: 4000 })));
    for (const [index, { ok, limit, stdout, durationMs }] of results.entries()) {
      if (codes[index] === fine) expect({ ok, stdout }).toEqual({ ok: true, stdout: '42\n' });
      else expect(codes[index] === spin ? ['time'] : ['memory', 'time']).toContain(limit);
      expect(durationMs).toBeLessThan(4000 + LATE_MS);
    }
  });

  it('cancelling ends the program at once, and the next one runs', async () => {
    const cancelled = new AbortController();
    const idle = familyOf(process.pid).length;
    const running = run('while True: pass', { signal: cancelled.signal });
    expect(await until(() => familyOf(process.pid).length > idle)).toBe(true);
    const startedAt = performance.now();
    cancelled.abort(new Error('not wanted any more'));
    await expect(running).rejects.toThrow('not wanted any more');
    expect(performance.now() - startedAt).toBeLessThan(LATE_MS);
    expect(await until(() => familyOf(process.pid).length <= idle)).toBe(true);
    expect(await run('print(1)')).toMatchObject({ stdout: '1\n' });
  });

  it('a limit that a program sets itself ends it like any failure, and numbers, errors and recursion are those of Python', async () => {
    expect(await run('k = bytearray(600 * 2**20)')).toMatchObject({ limit: 'memory' });
    expect(await run('raise MemoryError')).toMatchObject({ limit: 'memory' });
    expect(await run('def f(): return f()\nf()')).toMatchObject({ error: { name: 'RecursionError' } });
    const deep =
      'import sys\nfrom functools import lru_cache\nsys.setrecursionlimit(10000)\n' +
      '@lru_cache(None)\ndef ways(n): return 1 if n < 2 else ways(n - 1) + ways(n - 2)\nprint(ways(3000) % 997)';
    expect(await run(deep)).toMatchObject({ ok: true });
    expect(await run('print("x" * 50)\nwhile True: pass', { timeoutMs: 500 })).toMatchObject({ limit: 'time' });
  });

  it('a server that is killed is replaced by the next program', async () => {
    const idle = familyOf(process.pid);
    const server = idle.at(-1)!;
    const running = run('while True: pass');
    expect(await until(() => familyOf(process.pid).length > idle.length)).toBe(true);
    process.kill(server, 'SIGKILL');
    expect(await running).toMatchObject({ ok: false, limit: 'crash' });
    expect(await run('print(1)')).toMatchObject({ ok: true, stdout: '1\n' });
  });

  it('is ended while it starts', async () => {
    const starting = createSandbox({ python });
    const running = starting.run({ language: 'python', code: '1' }).catch((error: Error) => error.message);
    const before = familyOf(process.pid).length;
    await until(() => familyOf(process.pid).length > before);
    const startedAt = performance.now();
    await starting.close();
    expect(performance.now() - startedAt).toBeLessThan(LATE_MS);
    expect(await running).toMatch(/ended before it was ready|closed/);
  });

  it('an idle server does not keep its worker alive, nor outlives it', async () => {
    const room = JSON.stringify(join(__dirname, '../../src/sandbox'));
    const code = `const { createSandbox } = require(${room});
      const { familyOf } = require(${JSON.stringify(join(__dirname, 'judge.ts'))});
      const run = () => createSandbox({ python: '${python}' });
      (async () => {
        const first = run();
        await first.run({ language: 'python', code: '1' });
        await first.close();
        const second = run();
        await second.run({ language: 'python', code: '1' });
        console.log(JSON.stringify(familyOf(process.pid)));
      })();`;
    const worker = spawn(process.execPath, ['-r', HOOK, '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    worker.stdout.on('data', (text) => (said += text));
    await once(worker, 'close');
    const family = JSON.parse(said) as number[];
    expect(family.length).toBeGreaterThan(0);
    expect(await until(() => !family.some(lives))).toBe(true);
  }, 120_000);
});

(wasi ? describe : describe.skip)('Python in WebAssembly', () => {
  const program = (code: string) => ({ language: 'python', code, timeoutMs: 20_000 }) as const;

  it('files are in the memory of one program, and none of the machine is there', async () => {
    const sandbox = createSandbox({ python: 'wasi' });
    try {
      const written = await sandbox.run(
        program(`
import os, tempfile, shutil
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'a.txt')
    with open(path, 'w') as file: file.write('one\\ntwo')
    with open(path, 'a') as file: file.write('\\nthree')
    os.rename(path, path + '2')
    print(os.listdir(folder), os.path.getsize(path + '2'), [line.strip() for line in open(path + '2')])
os.makedirs('/tmp/x/y')
open('/tmp/x/y/kept', 'wb').write(bytes(1000))
print(sorted(os.listdir('/')), os.path.exists('/etc/passwd'), os.path.isdir('/tmp/x/y'))
for name, how in (('/usr/local/lib/python315.zip', 'ab'), ('/../etc/passwd', 'r'), ('/tmp', 'r')):
    try: open(name, how)
    except OSError as error: print(type(error).__name__)
os.rename('/tmp/x', '/tmp/z')
print(os.path.exists('/tmp/x'), os.path.getsize('/tmp/z/y/kept'))
for old, new in (('/usr', '/tmp/u'), ('/tmp/z', '/tmp/z/y/z')):
    try: os.rename(old, new)
    except OSError as error: print(type(error).__name__)`),
      );
      expect(written).toMatchObject({ ok: true, stderr: '' });
      expect(written.stdout).toBe(
        "['a.txt2'] 13 ['one', 'two', 'three']\n['sandbox', 'tmp', 'usr'] False True\nPermissionError\nFileNotFoundError\nIsADirectoryError\n" +
          'False 1000\nPermissionError\nOSError\n',
      );
      expect(await sandbox.run(program("import os\nprint(os.listdir('/tmp'))"))).toMatchObject({ stdout: '[]\n' });
    } finally {
      await sandbox.close();
    }
  }, 120_000);

  it('pandas adds columns, draws into nothing and prints tables', async () => {
    const sandbox = createSandbox({ python: 'wasi' });
    try {
      const { stdout, error } = await sandbox.run(
        program(`
import pandas as pd
table = pd.DataFrame({'k': ['a', 'b', 'a'], 'v': [1, 2, 3]})
table['w'] = table.v * 10**10
table.plot(kind='bar')
import networkx as nx
nx.draw(nx.path_graph(3), with_labels=True)
print(pd.crosstab(table.k, table.v > 1).to_string(), table[['w', 'k']].groupby('k').sum().to_markdown(), sep='\\n')`),
      );
      expect(error).toBeUndefined();
      expect(stdout).toBe(
        'v  False  True \nk              \na      1      1\nb      0      1\n' +
          '| k   |           w |\n|:----|------------:|\n| a   | 40000000000 |\n| b   | 20000000000 |\n',
      );
    } finally {
      await sandbox.close();
    }
  }, 120_000);

  it('runs without bubblewrap, and the process that is copied never holds a program', async () => {
    const sandbox = createSandbox({ python: 'wasi', atMost: 'process' });
    try {
      expect(sandbox.level).toBe('process');
      const marker = `secret-${Math.random()}-`;
      const told = await sandbox.run(program(`print('${marker}' * 3)`));
      expect(told.stdout).toBe(`${marker.repeat(3)}\n`);
      const [server, template] = familyOf(process.pid);
      expect(holds(server!, 'python')).toBe(true);
      expect(holds(template!, 'sympy')).toBe(true);
      expect(holds(template!, marker)).toBe(false);
    } finally {
      await sandbox.close();
    }
  }, 120_000);

  it('under auto it runs what needs numpy and all that follows, and what it lacks is run elsewhere', async () => {
    const notices: string[] = [];
    const auto = createSandbox({ require: 'isolate', onNotice: (notice) => notices.push(notice) });
    const platform = async (code: string) =>
      (await auto.run(program(`${code}\nimport sys\nprint(sys.platform)`))).stdout;
    try {
      expect(await platform('import numpy as np')).toBe('emscripten\n');
      expect(await platform('__import__("numpy").ones(2)')).toBe('wasi\n');
      expect(await platform('import numpy as np')).toBe('wasi\n');
      const threads = await auto.run(
        program(
          'import queue, sys, threading\nwork = queue.Queue()\n' +
            'threading.Thread(target=lambda: print(work.get())).start()\nwork.put(sys.platform)',
        ),
      );
      if (host) expect(threads.stdout).toBe('linux\n');
      else expect(threads.error?.advice).toMatch(/no threads/);
      if (!host) expect(notices.join()).toMatch(/do without the machine's own Python/);
    } finally {
      await auto.close();
    }
  }, 300_000);

  it('a command that runs one program starts no server, and the second program of a process does', async () => {
    const auto = createSandbox({ require: 'isolate', spares: 0 });
    try {
      await auto.run(program('1'));
      await pause(300);
      expect(familyOf(process.pid)).toEqual([]);
      await auto.run(program('1'));
      const platform = async () => (await auto.run(program('import sys\nprint(sys.platform)'))).stdout;
      const end = Date.now() + 60_000;
      while ((await platform()) !== 'wasi\n') expect(Date.now()).toBeLessThan(end);
    } finally {
      await auto.close();
    }
  }, 120_000);
});

it('Python in WebAssembly is refused where processes cannot be bounded', () => {
  expect(() => createSandbox({ require: 'isolate', atMost: 'isolate', python: 'wasi' })).toThrow(
    /sandbox\.python is wasi, and Python in WebAssembly needs level process/,
  );
});

(wasi ? it : it.skip)(
  'without a Python that starts it, it is refused, and by default Pyodide runs what it can and a notice says why',
  () => {
    const code = `const { createSandbox } = require(${JSON.stringify(join(__dirname, '../../src/sandbox'))});
    const program = { language: 'python', code: 'import numpy as np\\nprint(1)\\nnp.ones(2)' };
    (async () => {
      const said = [];
      const refused = createSandbox({ python: 'wasi' });
      await refused.run(program).catch((error) => said.push(error.message));
      const auto = createSandbox({ onNotice: (notice) => said.push(notice) });
      const { stdout, error } = await auto.run(program);
      console.log(JSON.stringify([...said, error.advice, stdout, error.message]));
      await auto.close();
    })();`;
    const { stdout } = spawnSync(process.execPath, ['-r', HOOK, '-e', code], {
      encoding: 'utf8',
      env: { ...process.env, PATH: '/nowhere' },
    });
    const said = JSON.parse(stdout) as string[];
    expect(said[0]).toMatch(/needs python3, 3\.9 or later.*install it, or set sandbox\.python to pyodide/);
    expect(said.join('\n')).toMatch(/Programs have to do without Python in WebAssembly: .*needs python3/);
    expect(said.at(-3)).toMatch(/There is no numpy here.* library, sympy and mpmath\./);
    expect(said.slice(-2)).toEqual(['1\n', "No module named 'numpy'"]);
  },
  120_000,
);

(wasi ? it : it.skip)('after its filter a copy can compute, write and end, and do nothing else', () => {
  const script = `
import os, sys, socket, signal
sys.path.insert(0, ${JSON.stringify(PYTHON_HOST)})
sys.dont_write_bytecode = True
import seccomp
seccomp.install(seccomp.only_needed())
def tried(work):
    try: work(); return 'done'
    except PermissionError: return 'refused'
print([tried(work) for work in (lambda: os.open('/etc/passwd', os.O_RDONLY), lambda: socket.socket(), os.fork,
    lambda: os.kill(os.getppid(), 0), lambda: os.execv('/bin/true', ['true']), lambda: os.setsid(), lambda: os.memfd_create('x'), lambda: os.mkdir('/tmp/refused'))], flush=True)
print(sum(range(10)), len(bytearray(10**7)), len(os.urandom(4)), flush=True)
os._exit(0)`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({
    stdout: `[${Array.from({ length: 8 }, () => "'refused'").join(', ')}]\n45 10000000 4\n`,
    stderr: '',
  });
});

/** Whether a text is in the writable memory of a process. */
function holds(pid: number, text: string): boolean {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .some((line) => {
        const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
        if (from === undefined || to === undefined) return false;
        const part = Buffer.alloc(Number(BigInt(`0x${to}`) - BigInt(`0x${from}`)));
        try {
          const size = readSync(memory, part, 0, part.length, BigInt(`0x${from}`));
          return part.subarray(0, size).includes(text);
        } catch {
          return false;
        }
      });
  } finally {
    closeSync(memory);
  }
}

async function until(holds: () => boolean): Promise<boolean> {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) return false;
    await pause(20);
  }
  return true;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
