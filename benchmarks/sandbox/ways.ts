/** Three ways to run a program: our sandbox, `python3 -c` as Husky-v1 does, a plain isolate in the worker's own process. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Isolate } from 'isolated-vm';
import type { Sandbox } from '../../src/sandbox';
import { hostEnvironment } from '../../src/sandbox/host-environment';
import { PREFIX, type Snippet } from './snippets';

export type Way = (snippet: Snippet) => Promise<string>;

export function inSandbox(sandbox: Sandbox): Way {
  return async ({ language, code }) => {
    const { stdout, error } = await sandbox.run({ language, code, timeoutMs: 60_000 });
    if (error) throw new Error(error.message);
    return stdout.trim();
  };
}

/** The reference's way: the machine's Python, its import lines, ten seconds. The packages are those of our own back end. */
export async function asHuskyV1(onNotice: (message: string) => void): Promise<Way> {
  const { executable, packages } = await hostEnvironment(onNotice);
  const run = promisify(execFile);
  return async ({ python }) => {
    const { stdout } = await run(executable, ['-c', `${PREFIX}${python}`], { env: { PYTHONPATH: packages } });
    return stdout.trim();
  };
}

/** What JavaScript costs without a process of its own, and without the protection of one. */
export const inPlainIsolate: Way = async ({ code }) => {
  const ivm = await import('isolated-vm');
  const isolate: Isolate = new ivm.default.Isolate({ memoryLimit: 128 });
  try {
    const context = await isolate.createContext();
    const lines: string[] = [];
    await context.global.set('print', new ivm.default.Callback((line: string) => void lines.push(line)));
    await context.eval('globalThis.console = { log: (value) => print(String(value)) }');
    await context.eval(code, { timeout: 2000 });
    return lines.join('\n');
  } finally {
    isolate.dispose();
  }
};
