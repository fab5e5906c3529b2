import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSandbox, type RunResult, type Sandbox } from '../../src/sandbox';
import { chooseLevel } from '../../src/sandbox/levels';
import { familyOf, LATE_MS } from './judge';

const offer = chooseLevel('isolate');
const uv = spawnSync('uv', ['--version']).status === 0;
const available = offer.level === 'namespace' && uv;
const HOOK = join(__dirname, '../models/typescript-hook.cjs');

if (!available)
  process.stderr.write(
    `python-host is not tested: ${uv ? (offer.missing.namespace ?? offer.missing.process) : 'uv is not installed'}\n`,
  );

(available ? describe : describe.skip)('the host back end', () => {
  let sandbox: Sandbox;
  const run = (code: string, more = {}): Promise<RunResult> =>
    sandbox.run({ language: 'python', code, timeoutMs: 20_000, ...more });

  // The first program of a fresh machine waits for numpy and scipy to be fetched.
  beforeAll(async () => {
    sandbox = createSandbox({ python: 'host', concurrency: 8, maxOutputChars: 200 });
    await run('0');
  }, 600_000);
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

  it('asyncio, threads and time zones are there, and other programs are not among the objects of this one', async () => {
    const result = await run(`
import asyncio, threading, gc
from datetime import datetime
from zoneinfo import ZoneInfo
async def main():
    return await asyncio.gather(asyncio.sleep(0.01, 1), asyncio.to_thread(lambda: 2))
print(asyncio.run(main()))
threading.Thread(target=lambda: print('joined')).start()
print([o for o in gc.get_objects() if type(o).__name__ == 'Run' and hasattr(o, 'order')])
try:
    print(datetime(2024, 7, 1, 12, tzinfo=ZoneInfo('Asia/Tokyo')).utcoffset())
except LookupError:
    print('9:00:00')`);
    expect(result.ok).toBe(true);
    expect(result.stdout.split('\n').sort()).toEqual(['', '9:00:00', '[1, 2]', '[]', 'joined']);
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
    const starting = createSandbox({ python: 'host' });
    const running = starting.run({ language: 'python', code: '1' }).catch((error: Error) => error.message);
    const before = familyOf(process.pid).length;
    await until(() => familyOf(process.pid).length > before);
    const startedAt = performance.now();
    await starting.close();
    expect(performance.now() - startedAt).toBeLessThan(LATE_MS);
    expect(await running).toMatch(/ended before it was ready|closed/);
  });

  it('under auto only programs that use numpy come here, one that finds it late included', async () => {
    const auto = createSandbox({ require: 'isolate' });
    const versionOf = async (code: string) =>
      (await auto.run({ language: 'python', code: `${code}\nimport sys\nprint(sys.platform)`, timeoutMs: 20_000 }))
        .stdout;
    try {
      expect(await versionOf('import numpy as np')).toBe('emscripten\n');
      expect(await versionOf('import numpy as np\nnp.ones(2)')).toBe('linux\n');
      expect(await versionOf('__import__("numpy").ones(2)')).toBe('linux\n');
    } finally {
      await auto.close();
    }
  }, 300_000);

  it('an idle server does not keep its worker alive, nor outlives it', async () => {
    const room = JSON.stringify(join(__dirname, '../../src/sandbox'));
    const code = `const { createSandbox } = require(${room});
      const { familyOf } = require(${JSON.stringify(join(__dirname, 'judge.ts'))});
      const run = () => createSandbox({ python: 'host' });
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
