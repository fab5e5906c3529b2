/** Finds the configuration file. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface LoadConfigOptions {
  /** Configuration file. @default HUSKY_CONFIG, then husky.yaml in the working directory, then environment, then bundled experts */
  path?: string;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** @default process.cwd() */
  directory?: string;
}

/** The file that is read as the configuration, if there is one. */
export function configFile({
  path,
  env = process.env,
  directory = process.cwd(),
}: LoadConfigOptions): string | undefined {
  const named = path ?? env.HUSKY_CONFIG;
  if (named) return resolve(directory, named);
  return ['husky.yaml', 'husky.yml'].map((name) => join(directory, name)).find((file) => existsSync(file));
}
