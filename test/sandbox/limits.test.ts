import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox';
import { Child } from '../../src/sandbox/child';
import { javascriptProgram } from '../../src/sandbox/javascript';
import { launch } from '../../src/sandbox/launch';
import { chooseLevel } from '../../src/sandbox/levels';
import { Pool } from '../../src/sandbox/pool';
import { usageOf } from '../../src/sandbox/usage';
import { childrenOf, familyOf, LATE_MS } from './judge';

const HOOK = join(__dirname, '../models/typescript-hook.cjs');
const opened: Sandbox[] = [];
const open = (options: SandboxOptions = {}): Sandbox => {
  const sandbox = createSandbox({ require: 'isolate', spares: 0, ...options });
  opened.push(sandbox);
  return sandbox;
};
afterEach(async () => void (await Promise.all(opened.splice(0).map((one) => one.close()))));

async function until(holds: () => boolean): Promise<boolean> {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) return false;
    await pause(20);
  }
  return true;
}

it('limits of time and memory hold with eight programs at a time, and memory stays under the stated figure', async () => {
  const sandbox = open({ concurrency: 8 });
  const spin = 'for (;;);';
  const hoard = 'const k = []; for (;;) k.push(new Array(1e5).fill(k.length));';
  let peak = 0;
  let isOver = false;
  // One look after the other: looks that overlap on a busy machine end when the programs are gone.
  const looking = (async () => {
    for (; !isOver; await pause(20)) {
      const all = await Promise.all(childrenOf(process.pid).map((pid) => usageOf(pid)));
      const together = all.reduce((sum, one) => sum + (one?.residentMb ?? 0), 0);
      peak = Math.max(peak, together);
    }
  })();
  const codes = [spin, hoard, spin, hoard, spin, hoard, spin, hoard];
  const timeoutMs = 1500;
  const results = await Promise.all(codes.map((code) => sandbox.run({ language: 'javascript', code, timeoutMs })));
  isOver = true;
  await looking;
  for (const [index, { ok, limit, durationMs }] of results.entries()) {
    expect(ok).toBe(false);
    // On a busy machine time may be over before memory is full.
    expect(codes[index] === spin ? ['time'] : ['memory', 'time']).toContain(limit);
    expect(durationMs).toBeLessThan(timeoutMs + LATE_MS);
  }
  // On a busy machine the first may have ended before the last is there.
  expect(peak).toBeGreaterThan(40);
  expect(peak).toBeLessThan(8 * 300);
  expect(await until(() => familyOf(process.pid).length === 0)).toBe(true);
});

it.each(['javascript', 'python'] as const)(
  'cancelling ends the process of a %s program at once',
  async (language) => {
    const sandbox = open({ warm: [language], spares: 1 });
    const code = language === 'python' ? 'while True: pass' : 'for (;;);';
    await sandbox.run({ language, code: '1' });
    const cancelled = new AbortController();
    const running = sandbox.run({ language, code, timeoutMs: 60_000, signal: cancelled.signal });
    await pause(300);
    const startedAt = performance.now();
    cancelled.abort(new Error('not wanted any more'));
    await expect(running).rejects.toThrow('not wanted any more');
    expect(performance.now() - startedAt).toBeLessThan(LATE_MS);
    await sandbox.close();
    expect(await until(() => familyOf(process.pid).length === 0)).toBe(true);
  },
  300_000,
);

it('a program that waits for its turn leaves when it is cancelled', async () => {
  const sandbox = open({ concurrency: 1 });
  const first = sandbox.run({ language: 'javascript', code: 'for (;;);', timeoutMs: 1000 });
  const cancelled = new AbortController();
  const second = sandbox.run({ language: 'javascript', code: '1', signal: cancelled.signal });
  cancelled.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  expect((await first).limit).toBe('time');
});

it('killing the worker leaves no orphan', async () => {
  const worker = spawn(
    process.execPath,
    [
      '-r',
      HOOK,
      '-e',
      `const { createSandbox } = require(${JSON.stringify(join(__dirname, '../../src/sandbox'))});
       const sandbox = createSandbox({ require: 'isolate', spares: 1 });
       sandbox.run({ language: 'javascript', code: '1' })
         .then(() => { sandbox.run({ language: 'javascript', code: 'for (;;);', timeoutMs: 600000 }); setTimeout(() => console.log('running'), 500); });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(worker.stdout, 'data');
  const family = familyOf(worker.pid!);
  expect(family.length).toBeGreaterThan(0);
  worker.kill('SIGKILL');
  expect(await until(() => family.every((pid) => !lives(pid)))).toBe(true);
}, 120_000);

function lives(pid: number): boolean {
  try {
    // A process that has ended and waits to be collected is gone.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

it('a spare that crashes is replaced', async () => {
  const sandbox = open({ spares: 1 });
  await sandbox.run({ language: 'javascript', code: '1' });
  expect(await until(() => childrenOf(process.pid).length === 1)).toBe(true);
  const [spare] = childrenOf(process.pid);
  process.kill(spare!, 'SIGKILL');
  expect(await until(() => childrenOf(process.pid).some((pid) => pid !== spare))).toBe(true);
  expect(await sandbox.run({ language: 'javascript', code: 'console.log(1)' })).toMatchObject({ stdout: '1\n' });
});

it('a machine without room for a spare keeps none, says so, and runs programs all the same', async () => {
  const notices: string[] = [];
  const limits = { memoryMb: 64, keepChars: 100, outputChars: 1000 };
  const offer = chooseLevel('isolate');
  const program = await javascriptProgram(limits);
  const pool = new Pool({
    name: 'javascript',
    spares: 2,
    spareMb: 1e9,
    onNotice: (message) => notices.push(message),
    start: () => new Child(launch(program, offer), { residentMb: 400, maxOutputChars: 100 }),
  });
  pool.refill();
  pool.refill();
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/No room for a warm spare for javascript .* each program now starts its own process/);
  const child = await pool.take();
  const order = { ...limits, code: 'console.log(6 * 7)', timeoutMs: 20_000, entropy: '00' };
  expect((await child.run(order)).stdout).toBe('42\n');
  await pool.close();
});

it('the time of a program that waits for a place does not run', async () => {
  const sandbox = open({ concurrency: 1 });
  await sandbox.run({ language: 'javascript', code: '1' });
  const timeoutMs = 1500;
  const long = sandbox.run({ language: 'javascript', code: 'for (;;);', timeoutMs });
  const second = sandbox.run({ language: 'javascript', code: 'for (;;);', timeoutMs });
  const third = await sandbox.run({ language: 'javascript', code: 'console.log(1)', timeoutMs });
  expect((await long).limit).toBe('time');
  expect((await second).durationMs).toBeGreaterThan(timeoutMs * 0.9);
  expect(third).toMatchObject({ ok: true, stdout: '1\n' });
}, 120_000);
