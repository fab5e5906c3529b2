/** Lets a pipeline skip a finished stage: its result is recorded under a key over all inputs. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createFailure } from '../failures';
import { readIfThere } from '../files/read-if-there';
import type { StageInputs, StageState } from '../contract/pipeline';
import { replaceJson } from '../files/replace-file';
import { sha256OfFile } from '../files/fingerprint';

/**
 * sha256 over the parameters and the content of all files, also in folders. A missing path counts as absent, so that its appearance
 * changes the key.
 */
async function stageKey({ stage, parameters, paths }: StageInputs): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify({ stage, parameters }));
  for (const path of paths) for (const entry of await contentOf(path)) hash.update(`\n${entry}`);
  return hash.digest('hex');
}

async function contentOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [`absent ${basename(path)}`];
  if (!found.isDirectory()) return [`${basename(path)} ${await sha256OfFile(path)}`];
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(names.map(async (name) => `${name.slice(path.length)} ${await sha256OfFile(name)}`));
}

const recordPath = (folder: string, stage: string) => join(folder, `${stage}.stage.json`);

/** The current key of a stage, and the result recorded under that key, if any. */
export async function stageState(inputs: StageInputs): Promise<StageState> {
  const key = await stageKey(inputs);
  const text = await readIfThere(recordPath(inputs.folder, inputs.stage));
  if (text === undefined) return { key };
  const record = parseRecord(text, recordPath(inputs.folder, inputs.stage));
  return record.key === key ? { key, result: record.result } : { key };
}

export function recordStage(folder: string, stage: string, key: string, result: unknown): void {
  replaceJson(recordPath(folder, stage), { key, result });
}

function parseRecord(text: string, path: string): { key: string; result: unknown } {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string')
    return { key: value.key, result: 'result' in value ? value.result : undefined };
  throw createFailure('InputInvalid', `${path} is not a stage record; remove it to run the stage again.`);
}
