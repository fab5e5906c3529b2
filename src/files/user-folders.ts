/**
 * The user's folders, by the XDG base directories. `data`: the local server's database, journals, the built Temporal CLI. `cache`: what
 * can be built again. `config`: the user's settings, such as imported prompts.
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const FOLDERS = {
  data: { variable: 'XDG_DATA_HOME', usual: ['.local', 'share'] },
  cache: { variable: 'XDG_CACHE_HOME', usual: ['.cache'] },
  config: { variable: 'XDG_CONFIG_HOME', usual: ['.config'] },
} as const;

/** Such as `$XDG_DATA_HOME/temporal-husky`, or `~/.local/share/temporal-husky`. The XDG rules ignore a variable with a relative path. */
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
