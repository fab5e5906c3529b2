/**
 * JavaScript: isolated-vm in a child, with console and timers.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createFailure } from '../failures';
import { nativeModuleProblem } from '../process/native-module';
import type { Program } from './launch';

/** MiB beside the program's own heap: 45 for Node and the addon, the rest for what V8 needs to collect garbage and to compile. */
const OVERHEAD_MB = 112;
/** Heap of the child's own thread, which only passes text on. */
const FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1'];
const COMPANIONS = [
  ...['child', 'kept-text', 'inside'],
  ...['text-codecs', 'hashes', 'url', 'web', 'node-like', 'node-modules', 'table', 'as-module'],
];

export interface ProgramLimits {
  memoryMb: number;
  /** Characters kept of either end of the output. */
  keepChars: number;
  /** Characters printed in all after which a program is ended. */
  outputChars: number;
}

export function javascriptProgram({ memoryMb, keepChars, outputChars }: ProgramLimits): Program {
  return {
    files: [join(__dirname, 'children/javascript.cjs'), addonOfIsolatedVm(), require.resolve('node-inspect-extracted')],
    companions: COMPANIONS.map((name) => join(__dirname, 'children', `${name}.cjs`)),
    words: [String(memoryMb), String(keepChars), String(outputChars)],
    flags: FLAGS,
    processMb: memoryMb + OVERHEAD_MB,
  };
}

/** The one file of the addon for this platform, so that a child needs no package folder. @throws SandboxRefused when there is none */
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
