import { createSandbox, type RunResult } from '../../src/sandbox';

const sandbox = createSandbox({ require: 'isolate', maxOutputChars: 200 });
const run = (code: string): Promise<RunResult> => sandbox.run({ language: 'javascript', code, timeoutMs: 20_000 });
afterAll(() => sandbox.close());

it('what is printed comes back as Node prints it, in order, timers included', async () => {
  const result = await run("setTimeout(() => console.log({ b: [1, 'x'] }), 5); console.log('a', 2n ** 70n)");
  expect(result).toMatchObject({
    ok: true,
    stdout: "a 1180591620717411303424n\n{ b: [ 1, 'x' ] }\n",
    truncated: false,
  });
});

it.each([
  ['a number', '6 * 7', '42'],
  ['a promise', 'Promise.resolve(7n)', '7n'],
  ['an object', '({ a: 1 })', '{ a: 1 }'],
  ['declared', 'const xs = [\n  3,\n  4,\n];\nconst total = xs[0] + xs[1];\n// the total', '7'],
  ['typed', 'const x: number = 3;\nconst y: number = x + 4;', '7'],
  ['awaited', 'const x = await Promise.resolve(7);', '7'],
  [
    'the result of a lone function',
    'function add(a) {\n  return a + 4;\n}\nfunction solution() {\n  return add(3);\n}',
    '7',
  ],
  ['the result of an exported function', 'export default async function solution() {\n  return 7;\n}', '7'],
  ['behind a declaration', 'const f = (x) => x + 4; f(3)', '7'],
  ['awaited in the line', 'async function f() { return 7; }\nawait f();  // the result\n', '7'],
  ['behind one that awaits', 'const x = await Promise.resolve(3); x + 4', '7'],
  ['of several lines, after an await', 'const x = await null;\n[3, 4].reduce(\n  (a, b) => a + b,\n)', '7'],
  ['a name, after a loop that awaits', 'let n = 0;\nfor await (const x of [3, 4]) n += x;\nn', '7'],
  ['awaited in the first line', 'await Promise.resolve(7);', '7'],
  ['in a module', 'import { sep } from "path";\nconst x = await 7;\nx', '7'],
])('the value of a last expression that is %s is told when nothing was printed', async (_, code, value) => {
  expect(await run(code)).toMatchObject({ ok: true, stdout: '', value });
});

it.each([
  ['is indented below an empty line', '\n  const x = await 7'],
  ['ends in a declaration that it uses above', 'const x = await main();\nasync function main() {\n  return 7;\n}'],
  ['has a semicolon in its last comment', 'const x = await null;\nif (x) throw x; // or: x; throw y'],
  ['ends in a loop', 'let n = 0;\nawait null;\nfor (const x of [3, 4])\nn += x'],
  ['goes on in the line below', 'await null;\nconst f = (x) => x\n(7)'],
])('a program that awaits and %s runs as it stands', async (_, code) => {
  expect(await run(code)).toMatchObject({ ok: true, stdout: '' });
});

it.each([
  [
    'written, read, listed and removed',
    "const fs = require('fs'); fs.mkdirSync('d/e', { recursive: true }); fs.writeFileSync('d/e/x', 'a'); fs.appendFileSync('./d/e/x', 'b');" +
      "console.log(fs.readFileSync('/d/e/x', 'utf8'), fs.readdirSync('d'), fs.statSync('d/e/x').size); fs.rmSync('d', { recursive: true });" +
      "console.log(fs.existsSync('d/e/x')); try { fs.readFileSync('data.csv') } catch (e) { console.log(e.message) }",
    "ab [ 'e' ] 2\nfalse\nENOENT: no such file or directory, open 'data.csv'\n",
  ],
  [
    'of a module that is imported later',
    "const fs = await import('node:fs/promises'); await fs.writeFile('a', 'x'); console.log(await fs.readFile('a', 'utf8'), 'as import(\"fs\")')",
    'x as import("fs")\n',
  ],
  ['of the program before', "console.log(require('fs').readdirSync('/'))", "[ 'tmp' ]\n"],
])('files are in the memory of one program: %s', async (_, code, stdout) => {
  expect(await run(code)).toMatchObject({ ok: true, stdout });
});

it('a program in TypeScript runs: enums, parameter properties and abstract classes, too', async () => {
  const imported = await run('import type { Foo } from "./foo";\nconst x: Foo | number = 3;\nconsole.log(x);');
  expect(imported).toMatchObject({ ok: true, stdout: '3\n' });
  const program = `enum Unit { Km = 1, Mile }
abstract class Shape { abstract area(): number }
class Square extends Shape {
  constructor(private readonly side: number) { super(); }
  area(): number { return this.side ** 2; }
}
const shapes: Shape[] = [new Square(3)];
console.log(Unit.Mile, Unit[1], shapes[0]!.area());
throw new Error('here');`;
  const { stdout, error } = await run(program);
  expect(stdout).toBe('2 Km 9\n');
  expect(error?.traceback).toMatch(/program\.js:9/);
});

it.each([
  ['console.log(“5”)', '5'],
  ['console.log（Math.max（3，5））', '5'],
  ['const x = 3;\nif (x &lt; 5 &amp;&amp; x > 1) console.log(x)', '3'],
  ['console.log(24)\n\nThis program prints 24.', '24'],
  ['Here is the code:\n\nconsole.log(3² − 2 × 1)', '7'],
  ['console.log(3)\\nconsole.log(4)', '3\n4'],
  ['console.log(global === globalThis, __filename)', 'true /program.js'],
  ["console.log('&lt;（')", '&lt;（'],
])('a program in the spelling of a word processor, a page or a Chinese keyboard runs: %s', async (code, printed) => {
  const { ok, stdout } = await sandbox.run({ language: 'javascript', code });
  expect({ ok, stdout }).toEqual({ ok: true, stdout: `${printed}\n` });
});

it('a timer beyond the limit of time is that limit, not a crash', async () => {
  const code = 'setTimeout(() => console.log(1), 60_000)';
  expect(await sandbox.run({ language: 'javascript', code, timeoutMs: 2_000 })).toMatchObject({
    ok: false,
    limit: 'time',
  });
});

it('the value does not count where something was printed', async () => {
  expect(await run('console.log(1); 2')).not.toHaveProperty('value');
});

it('a failure names its line', async () => {
  const { ok, error } = await run('const a = 1;\n\nfunction f() { throw new RangeError("too far"); }\nf();');
  expect(ok).toBe(false);
  expect(error).toMatchObject({ name: 'RangeError', message: 'too far' });
  expect(error?.traceback).toMatch(/program\.js:3[\s\S]*3 \| function f\(\)/);
});

it('a rejection that nobody handles fails the program with its line, keeps what was printed, and never reads as a limit', async () => {
  const result = await run("console.log('before');\nPromise.reject(new TypeError('Script execution timed out.'))\n; 1");
  expect(result).toMatchObject({
    ok: false,
    stdout: 'before\n',
    error: { name: 'TypeError', message: 'Script execution timed out.' },
  });
  expect(result.error?.traceback).toContain('program.js:2');
  expect(result).not.toHaveProperty('limit');
  expect(await run("Promise.reject('no'); 1")).toMatchObject({ ok: false, error: { name: 'Thrown', message: 'no' } });
});

it('a program may await outside of functions, and its failures keep their lines', async () => {
  expect(await run('const n = await Promise.resolve(7);\nconsole.log(n)')).toMatchObject({ ok: true, stdout: '7\n' });
  expect(await run('for await (const n of [1]) console.log(n)')).toMatchObject({ ok: true, stdout: '1\n' });
  const { error } = await run('const n = await null;\n\nn.x');
  expect(error?.traceback).toContain('program.js:3');
});

it('a malformed program names its line', async () => {
  const { error } = await run('const a = 1;\nconst = 2;');
  expect(error?.name).toBe('SyntaxError');
  expect(error?.traceback).toContain('program.js:2');
});

it('long output keeps both ends and tells its full length', async () => {
  const { stdout, truncated } = await run("console.log('start' + 'x'.repeat(100000) + 'end')");
  expect(truncated).toBe(true);
  expect(stdout.length).toBeLessThan(300);
  expect(stdout).toMatch(/^start[\s\S]*100009 characters in all[\s\S]*end\n$/);
});

it('warnings go to standard error and leave the output alone', async () => {
  expect(await run("console.warn('careful'); console.log(1)")).toMatchObject({
    ok: true,
    stdout: '1\n',
    stderr: 'careful\n',
  });
});

it('a program that poisons builtins leaves the next one whole', async () => {
  await run('Array.prototype.map = JSON.stringify = Promise.prototype.then = () => "SPOOF"; console.log = () => {};');
  expect(await run('console.log([1, 2].map((x) => x * 2).join(), JSON.stringify({ a: 1 }))')).toMatchObject({
    stdout: '2,4 {"a":1}\n',
  });
});

it('buffers beyond the limit of memory are that limit, and the same words thrown by hand are not', async () => {
  const hoard = await run('const k = []; for (;;) k.push(new Uint8Array(2 ** 20).fill(1));');
  expect(hoard).toMatchObject({ ok: false, limit: 'memory' });
  const { ok, limit } = await run("throw new RangeError('Array buffer allocation failed')");
  expect({ ok, limit }).toEqual({ ok: false, limit: undefined });
});

it.each([
  ['console.log(1); process.exit(0); console.log(2)', true, undefined],
  ['console.log(1); process.exitCode = 4', false, 'process.exit(4)'],
  ['console.log(1); try { process.exit(3) } catch { console.log(2) }', false, 'process.exit(3)'],
])('%j ends as it would in Node', async (code, ok, message) => {
  const result = await run(code);
  expect(result).toMatchObject({ ok, stdout: '1\n' });
  expect(result.error?.message).toBe(message);
});

it('a module that is not there is named, with those that are', async () => {
  const { error } = await run("const { all, create } = require('mathjs');\ncreate(all)");
  expect(error?.message).toMatch(/^Cannot find module 'mathjs': this sandbox has no packages.* assert, .* util$/);
});

it('random values differ from one program to the next', async () => {
  const code = "console.log(crypto.randomUUID(), require('crypto').randomBytes(8).toString('hex'), Math.random())";
  const [first, second] = await Promise.all([run(code), run(code)]);
  for (const word of first.stdout.trim().split(' ')) expect(second.stdout).not.toContain(word);
});
