/**
 * The user's folders, by the XDG base directories. `data`: the local server's database, journals, the built Temporal CLI. `cache`: what
 * can be built again. `config`: the user's settings, such as imported prompts.
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isDiskFull } from '../process/full-disk';
import { ProgramError } from '../process/program-error';

const FOLDERS = {
  data: { variable: 'XDG_DATA_HOME', usual: ['.local', 'share'] },
  cache: { variable: 'XDG_CACHE_HOME', usual: ['.cache'] },
  config: { variable: 'XDG_CONFIG_HOME', usual: ['.config'] },
} as const;

/** Absolute also where HOME is empty, or unset for a user who is in no list of users, so that nothing is written into the working directory. */
export function homeFolder(): string {
  try {
    return homedir() || '/';
  } catch {
    return '/';
  }
}

/** Nothing can be made below it, and Node's mkdir tries without end. */
const NO_FOLDERS = /^\/proc(?:\/|$)/;

/** Such as `$XDG_DATA_HOME/temporal-husky`, or `~/.local/share/temporal-husky`. The XDG rules ignore a variable with a relative path. */
export function userFolder(kind: keyof typeof FOLDERS, env: NodeJS.ProcessEnv = process.env): string {
  const { variable, usual } = FOLDERS[kind];
  const named = env[variable];
  const base = named && isAbsolute(named) ? named : join(homeFolder(), ...usual);
  return join(NO_FOLDERS.test(base) ? join('/', ...usual) : base, 'temporal-husky');
}

/**
 * The data folder, created when absent.
 *
 * @throws ProgramError (3) when it cannot be created, as in a container whose root is read-only
 */
export function dataFolder(env?: NodeJS.ProcessEnv): string {
  const folder = userFolder('data', env);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (isDiskFull(error)) throw error;
    throw new ProgramError(
      `The folder for data, ${folder}, cannot be created (${(error as Error).message}). Set XDG_DATA_HOME to a folder that can be written, or TEMPORAL_ADDRESS to a server.`,
      3,
    );
  }
  return folder;
}
