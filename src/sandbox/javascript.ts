/** Runs JavaScript in isolated-vm in a child. The isolate starts from a snapshot with console, timers and other globals. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createFailure } from '../failures';
import { buildOnce } from '../files/cache-folder';
import { shortHash } from '../files/fingerprint';
import { nativeModuleProblem } from '../process/native-module';
import { bundledScript } from './bundled-scripts';
import type { Program } from './launch';

/** MiB beside the program's own heap: 45 for Node and the addon, the rest for what V8 needs to collect garbage and to compile. */
const OVERHEAD_MB = 112;
/** Heap of the child's own thread, which only forwards text. */
const FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1'];
const CHILDREN = join(__dirname, 'children');
const BUILDER = join(CHILDREN, 'build-world.cjs');
const BUILD_LIMIT_MS = 120_000;

export interface ProgramLimits {
  memoryMb: number;
  /** Characters kept of either end of the output. */
  keepChars: number;
  /** Characters printed in all after which a program is ended. */
  outputChars: number;
}

/** Describes the child of a JavaScript program. Makes the snapshot if this machine has none, in less than a second. */
export async function javascriptProgram({ memoryMb, keepChars, outputChars }: ProgramLimits): Promise<Program> {
  return {
    files: [join(CHILDREN, 'javascript.cjs'), addonOfIsolatedVm(), await world(), bundledScript('typescript')],
    companions: [join(CHILDREN, 'child.cjs'), join(CHILDREN, 'kept-text.cjs')],
    words: [String(memoryMb), String(keepChars), String(outputChars)],
    flags: FLAGS,
    processMb: memoryMb + OVERHEAD_MB,
  };
}

/** The snapshot of a program's globals. If it cannot be stored: the script, which each child then evaluates. */
async function world(): Promise<string> {
  const script = bundledScript('inside');
  const addon = addonOfIsolatedVm();
  const build = (folder: string) =>
    promisify(execFile)(
      process.execPath,
      ['--no-node-snapshot', '--no-warnings', BUILDER, addon, script, join(folder, 'world.bin')],
      { env: { TZ: 'UTC' }, timeout: BUILD_LIMIT_MS },
    );
  try {
    const folder = await buildOnce(
      `javascript-${fingerprint(script, addon)}`,
      async (partial) => void (await build(partial)),
    );
    return join(folder, 'world.bin');
  } catch {
    return script;
  }
}

/** Depends on all that a snapshot depends on: V8 ends the process for a snapshot of another version. */
function fingerprint(script: string, addon: string): string {
  const { size, mtimeMs } = statSync(addon);
  const { version, arch, platform, versions } = process;
  return shortHash([version, versions.v8, arch, platform, addon, `${size}`, `${mtimeMs}`], [script, BUILDER]);
}

/** Path of the addon's file for this platform: a child then needs no package folder. @throws SandboxRefused when there is none */
export function addonOfIsolatedVm(): string {
  try {
    const entry = require.resolve('isolated-vm');
    const { resolve } = createRequire(entry)('node-gyp-build') as { resolve: (folder: string) => string };
    return resolve(dirname(entry));
  } catch (error) {
    throw createFailure('SandboxRefused', nativeModuleProblem(error) ?? (error as Error).message, {
      cause: error as Error,
    });
  }
}
