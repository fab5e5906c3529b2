/** Writes what serves the experts of a folder: `husky.yaml` and the scripts that it needs. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ServeStage } from '../contract/pipeline';
import { replaceFile } from '../files/replace-file';
import { dequantisedBase } from './dequantised-base';
import { listExperts, type ExpertRecord } from './experts';
import { servingPlan } from './serving';

/**
 * @param style prompt style that the experts were trained in
 * @returns the path of the configuration
 * @throws InputInvalid when the folder holds no expert, or its experts cannot be served this way
 */
export async function writeServingFiles(
  folder: string,
  style: string,
  { server, rest, config: kept }: ServeStage,
): Promise<string> {
  const experts = await listExperts(folder);
  const plan = servingPlan({
    server,
    experts,
    folder,
    style,
    weights: server === 'vllm' ? await weightsOfBases(experts) : {},
    ...(rest === undefined ? {} : { rest }),
  });
  const before = kept === undefined ? {} : await keptSettings(kept, folder);
  const path = join(folder, 'husky.yaml');
  replaceFile(
    path,
    `# Written by husky experts. husky solve --config ${relative('.', path) || 'husky.yaml'} uses these experts.\n${stringify({ ...before, ...plan.config })}`,
  );
  const scripts = { 'serve.sh': plan.script, 'reload.sh': plan.reload, 'convert.sh': plan.conversion };
  for (const [name, script] of Object.entries(scripts)) if (script) replaceFile(join(folder, name), script, 0o755);
  return path;
}

/** The dequantised weights of bases that are GGUF files, as far as they are on this machine. */
async function weightsOfBases(experts: readonly ExpertRecord[]): Promise<Record<string, string>> {
  const files = new Set(experts.map(({ base }) => base).filter((base) => base.endsWith('.gguf')));
  const found = await Promise.all([...files].map(async (file) => [file, await dequantisedBase(file)] as const));
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A configuration without its models and prompts. The index's path is rewritten relative to the new folder. */
async function keptSettings(path: string, folder: string): Promise<Record<string, unknown>> {
  const {
    models: _models,
    prompts: _prompts,
    ...rest
  } = parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const search = rest.search as { index?: string } | undefined;
  if (search?.index) search.index = relative(folder, join(path, '..', search.index));
  return rest;
}
