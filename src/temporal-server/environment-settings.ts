/** What Temporal's own configuration says: the environment and the profile of `@temporalio/envconfig`. */
import { existsSync, statSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ProgramError } from '../process/program-error';
import type { ServerSettings } from './connection-options';
import { aroundName } from './server-address';

export interface EnvironmentSettings {
  connection: Partial<ServerSettings>;
  namespace?: string;
}

const FILES = ['CLIENT_CERT', 'CLIENT_KEY', 'SERVER_CA_CERT'].map((part) => `TEMPORAL_TLS_${part}_PATH`);

/** @throws ProgramError (2) naming what cannot be read or is no text */
export function environmentSettings(env: NodeJS.ProcessEnv): EnvironmentSettings {
  // An empty variable counts as one that is not set.
  const overrideEnvVars = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => !!pair[1]));
  const { TEMPORAL_CONFIG_FILE: file } = overrideEnvVars;
  if (file !== undefined && !existsSync(file))
    throw new ProgramError(
      `TEMPORAL_CONFIG_FILE names ${file}, and there is no such file. Temporal's own programs would pass over it and ask another server; correct or unset the variable.`,
      2,
    );
  let read: ReturnType<typeof loadClientConnectConfig>;
  try {
    read = loadClientConnectConfig({ overrideEnvVars });
  } catch (error) {
    throw new ProgramError(
      `Temporal's configuration (TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE) cannot be read: ${whyUnread(error as Error, env)}. Correct it or unset it.`,
      2,
    );
  }
  const { address, apiKey } = read.connectionOptions;
  for (const [name, value] of Object.entries({ address, namespace: read.namespace, api_key: apiKey }))
    if (value !== undefined && typeof value !== 'string')
      throw new ProgramError(`The ${name} of the Temporal profile is ${JSON.stringify(value)}; it must be text.`, 2);
  return { connection: read.connectionOptions as Partial<ServerSettings>, namespace: read.namespace };
}

function whyUnread(error: Error, env: NodeJS.ProcessEnv): string {
  const folder = FILES.find((name) => isFolder(env[name]));
  if (folder) return `${folder} names a folder (${env[folder]}), not a file`;
  // The library looks into a table that is not there.
  if (error instanceof TypeError) return 'it has no table [profile.NAME]';
  // The rest shows lines of the file, which may hold a key.
  const { line } = error as { line?: number };
  const [reason = ''] = error.message.split('\n', 1);
  return `${reason.trim().replace(/\.$/, '')}${line === undefined ? '' : ` (line ${line})`}`;
}

function isFolder(path: string | undefined): boolean {
  return path !== undefined && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** @param where the variable or option that names it @throws ProgramError (2) for what has got around a name by mistake */
export function checkNamespace(namespace: string, where: string): string {
  const around = aroundName(namespace);
  if (around) throw new ProgramError(`${where} is ${JSON.stringify(namespace)}; ${around}. Correct it.`, 2);
  return namespace;
}
