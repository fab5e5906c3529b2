/** Finds fetched models: in our cache, and in Hugging Face's own cache. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homeFolder } from '../../files/user-folders';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { createFailure } from '../../failures';
import { hubReference, isHubReference, partsOf, type HubReference } from './hub-reference';

const recordSchema = z.object({
  reference: z.string(),
  endpoint: z.string(),
  commit: z.string().optional(),
  /** The hub's checksum: sha256 of a large file, Git's id of a small one. */
  etag: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  pulledAt: z.string(),
});

/** The record of a fetched file, stored beside it as `<file>.json`. */
export type PulledFile = z.output<typeof recordSchema>;

export interface CachedModel extends PulledFile {
  path: string;
}

/** `HUSKY_MODELS`, or `temporal-husky/models` in the user's cache folder. */
export function modelFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HUSKY_MODELS) return env.HUSKY_MODELS;
  const named = env.XDG_CACHE_HOME;
  return join(named && isAbsolute(named) ? named : join(homeFolder(), '.cache'), 'temporal-husky', 'models');
}

export function cachePath({ repo, revision, file }: HubReference, env?: NodeJS.ProcessEnv): string {
  return join(modelFolder(env), repo.replace('/', '--'), revision.replaceAll('/', '--'), ...file.split('/'));
}

export const recordPath = (path: string) => `${path}.json`;

/** The file on this machine, of a split model the first part; undefined unless all parts lie in one folder. */
export function cachedFile(reference: HubReference, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const parts = partsOf(reference);
  for (const place of [cachePath, sharedPath]) {
    const paths = parts.map((part) => place(part, env));
    if (paths.every(existsSync)) return paths[0];
  }
  return undefined;
}

/** Folder of Hugging Face's tools. */
export const sharedHome = (env: NodeJS.ProcessEnv): string =>
  env.HF_HOME || join(env.XDG_CACHE_HOME || join(homeFolder(), '.cache'), 'huggingface');

/** Layout of Hugging Face's cache: `models--owner--repo/refs/<revision>` holds the commit, `snapshots/<commit>/<file>` the file. */
function sharedPath({ repo, revision, file }: HubReference, env: NodeJS.ProcessEnv): string {
  const folder = join(env.HF_HUB_CACHE || join(sharedHome(env), 'hub'), `models--${repo.replace('/', '--')}`);
  return join(folder, 'snapshots', lineOf(join(folder, 'refs', revision)) ?? revision, file);
}

/** The content of a file of one word; undefined if there is none. */
export function lineOf(path: string): string | undefined {
  try {
    return /^\w+$/.exec(readFileSync(path, 'utf8').trim())?.[0];
  } catch {
    return undefined;
  }
}

/** Resolves a path of the configuration. @throws ConfigurationInvalid for a hub's file that was not fetched */
export function localModelPath(path: string, env?: NodeJS.ProcessEnv): string {
  if (!isHubReference(path)) return path;
  const cached = cachedFile(hubReference(path), env);
  if (cached !== undefined) return cached;
  throw createFailure(
    'ConfigurationInvalid',
    `The model ${path} is not on this machine; fetch it with: npx temporal-husky models pull ${path}.`,
  );
}

/** All fetched files, by name. */
export async function listModels(env?: NodeJS.ProcessEnv): Promise<CachedModel[]> {
  const folder = modelFolder(env);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith('.json') && existsSync(join(folder, name.slice(0, -'.json'.length))))
      .map(async (name) => {
        const path = join(folder, name.slice(0, -'.json'.length));
        const record = await readRecord(path);
        return record && (await stat(path)).isFile() ? [{ ...record, path }] : [];
      }),
  );
  return found.flat().sort((a, b) => a.reference.localeCompare(b.reference));
}

export async function readRecord(path: string): Promise<PulledFile | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(path), 'utf8')));
  } catch {
    return undefined;
  }
}
