import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseLevel } from '../../src/sandbox/levels';
import { household } from '../cli/command';

const home = household();
afterAll(() => home.close());
const exec = (input: string, args: string[], env: Record<string, string> = {}) =>
  home.run(['exec', '--require', 'isolate', ...args], { input, env });
jest.setTimeout(120_000);

it('husky exec prints what the program prints, and with --json the whole result', async () => {
  expect(await exec('console.log(6 * 7)', ['--language', 'javascript'])).toMatchObject({ code: 0, out: '42\n' });
  const { code, out } = await exec('console.log(6 * 7)', ['--language', 'javascript', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    ok: true,
    stdout: '42\n',
    stderr: '',
    durationMs: expect.any(Number),
    truncated: false,
  });
});

it('a program may be a file, whose name says the language, and languages have short names', async () => {
  const file = join(home.folder, 'a program #1.js');
  writeFileSync(file, '\uFEFFconsole.log(6 * 7)\r\n');
  expect(await exec('', [file])).toMatchObject({ code: 0, out: '42\n' });
  expect(await exec('console.log(1)', ['--language', 'js'])).toMatchObject({ code: 0, out: '1\n' });
});

it('a program that fails or passes its limits exits with 1', async () => {
  const failed = await exec('throw new TypeError("no")', ['--language', 'javascript']);
  expect(failed).toMatchObject({ code: 1, out: '' });
  expect(failed.err).toContain('TypeError: no');
  const { code, out } = await exec('for (;;);', ['--language', 'javascript', '--timeout', '0.5', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false, limit: 'time' });
});

it.each([
  ['no program', '', ['--language', 'javascript']],
  ['no language', '1', []],
  ['a file that is not there', '', ['nowhere.py']],
  ['UTF-16, as some shells pipe it', '\uFEFF1\0', ['--language', 'javascript']],
  ['a language that is not there', '1', ['--language', 'ruby']],
  ['memory in which nothing starts', '1', ['--language', 'python', '--memory', '1']],
  ['a program that is too long', 'x'.repeat(4_000_001), ['--language', 'javascript']],
  ['a limit below nothing', '1', ['--language', 'javascript', '--timeout', '-1']],
])('wrong use exits with 2: %s', async (_, input, args) => {
  const { code, out, err } = await exec(input, args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).not.toBe('');
});

it('a sandbox that cannot run exits with 3 and says what to do', async () => {
  const { code, out, err } = await exec('print(1)', ['--language', 'python', '--python', 'host'], { PATH: '/nowhere' });
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toMatch(
    chooseLevel('isolate').level === 'namespace' ? /uv, which is not installed/ : /bubblewrap|namespaces/,
  );
});

it.each([
  [
    'javascript',
    `const seen = [];
    for (const make of [() => Function('return process')().env, () => globalThis.process?.env, () => require('process').env,
      () => this.constructor.constructor('return process')().env, () => globalThis])
      try { seen.push(JSON.stringify(make(), (_, value) => (typeof value === 'bigint' ? String(value) : value))); } catch (error) { seen.push(String(error)); }
    console.log(seen.join('\\n'));`,
  ],
  [
    'python',
    `import os, sys
print(dict(os.environ))
for path in ("/proc/self/environ", "/proc/1/environ", "/proc/%d/environ" % os.getppid()):
    try:
        print(open(path, "rb").read())
    except BaseException as error:
        print(type(error).__name__)
try:
    import js
    print(js.globalThis.process.env)
except BaseException as error:
    print(type(error).__name__)`,
  ],
])('%s sees nothing of the environment of the process that runs it', async (language, program) => {
  const secret = `s${randomBytes(12).toString('hex')}`;
  const { code, out, err } = await exec(program, ['--language', language, '--json'], { OPENAI_API_KEY: secret });
  expect(code).toBe(0);
  expect(JSON.parse(out).stdout).not.toBe('');
  expect(out + err).not.toContain(secret);
});
