/**
 * Where the command keeps what belongs to its user, by the XDG base directories: data that outlives it (the local server's database,
 * journals, the Temporal CLI that it built), a cache that can be made again, and the user's own settings (imported prompts).
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const FOLDERS = {
  data: { variable: 'XDG_DATA_HOME', usual: ['.local', 'share'] },
  cache: { variable: 'XDG_CACHE_HOME', usual: ['.cache'] },
  config: { variable: 'XDG_CONFIG_HOME', usual: ['.config'] },
} as const;

/** For example `$XDG_DATA_HOME/temporal-husky`, or `~/.local/share/temporal-husky`; as the XDG rules say, a path that is not absolute does not count. */
export function userFolder(kind: keyof typeof FOLDERS, env: NodeJS.ProcessEnv = process.env): string {
  const { variable, usual } = FOLDERS[kind];
  const named = env[variable];
  return join(named && isAbsolute(named) ? named : join(homedir(), ...usual), 'temporal-husky');
}

/** The data folder, created when absent. */
export function dataFolder(env?: NodeJS.ProcessEnv): string {
  const folder = userFolder('data', env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
