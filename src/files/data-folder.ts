/**
 * Where the command keeps what outlives it: the local Temporal server's database, its state and the Temporal CLI that it built.
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_DATA_HOME/temporal-husky`, or `~/.local/share/temporal-husky`; created when absent. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  const folder = join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'temporal-husky');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
