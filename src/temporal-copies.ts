/** Checks that there is one copy of Temporal's packages: a second one breaks workers with errors that do not name the cause. */
import { realpathSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createFailure } from './failures';

/** Packages whose objects meet in a worker. */
const PACKAGES = ['activity', 'common', 'nexus', 'plugin', 'worker', 'workflow'].map((name) => `@temporalio/${name}`);

interface Copy {
  name: string;
  version: string;
  folder: string;
}

/**
 * @param programs files of the user's whose copies have to be these: the program itself, the workflows module
 * @throws ConfigurationInvalid naming both versions and folders
 */
export function mustBeOneCopy(programs: readonly (string | undefined)[]): void {
  const ours = PACKAGES.flatMap((name) => copyOf(name, __filename) ?? []);
  const [first] = ours;
  const other = ours.find(({ version }) => release(version) !== release(first?.version ?? ''));
  const worker = ours.find(({ name }) => name === '@temporalio/worker');
  if (first && other && worker) {
    const all = [...PACKAGES, '@temporalio/client', '@temporalio/envconfig'].map((name) => `${name}@${worker.version}`);
    throw createFailure(
      'ConfigurationInvalid',
      `${first.name} is ${first.version} (${first.folder}) and ${other.name} is ${other.version} (${other.folder}); install one version of all @temporalio packages: npm install ${all.join(' ')}.`,
    );
  }
  for (const program of programs)
    for (const own of program === undefined ? [] : ours) {
      const theirs = copyOf(own.name, program as string);
      if (theirs && theirs.folder !== own.folder) throw twoCopies(own.name, [own, theirs]);
    }
}

/**
 * Where the user's `@temporalio/testing` lies, whose connections are made by a copy of the SDK of its own if its version differs.
 *
 * @param from a file of the user's
 */
export function testKitOf(from: string): string | undefined {
  try {
    return createRequire(from).resolve('@temporalio/testing');
  } catch {
    return undefined;
  }
}

/** @throws ConfigurationInvalid when workflow code was bundled with two copies of the SDK */
export function mustHoldOneCopy(bundle: string): void {
  const places = new Set(
    [...bundle.matchAll(/!\*{3} (\S*@temporalio\/workflow)\/lib\/workflow\.js \*{3}!/g)].map(([, folder]) => folder),
  );
  if (places.size > 1)
    throw twoCopies(
      '@temporalio/workflow',
      [...places].map((folder) => ({ folder: folder ?? '' })),
    );
}

function twoCopies(name: string, copies: readonly { version?: string; folder: string }[]): Error {
  const named = copies.map(({ version, folder }) => (version ? `${version} in ${folder}` : folder)).join(' and ');
  return createFailure(
    'ConfigurationInvalid',
    `There are two copies of ${name}: ${named}. Your project and temporal-husky must share one: install the same version of all @temporalio packages once (npm ls ${name} shows them; a linked clone brings its own).`,
  );
}

/** @returns undefined if `from` reaches none */
function copyOf(name: string, from: string): Copy | undefined {
  try {
    const manifest = realpathSync(createRequire(from).resolve(`${name}/package.json`));
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { name, version, folder: dirname(manifest) };
  } catch {
    return undefined;
  }
}

/** Major and minor version: packages of one release work together whatever their patch. */
function release(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
