/** Writes what serves the experts of a folder: `husky.yaml` and the scripts that it needs. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ServeStage } from '../contract/pipeline';
import { replaceFile } from '../files/replace-file';
import { isHubReference } from '../models/hub/hub-reference';
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
  const weights = server === 'vllm' ? await weightsOfBases(experts) : {};
  const plan = servingPlan({ server, experts, folder, style, weights, rest });
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

interface ModelFiles {
  path?: string;
  lora?: string;
  fallback?: ModelFiles[];
}

/** The members of a configuration that name files. */
interface Kept {
  search?: { index?: string };
  temporal?: { codec?: string };
  journalFolder?: string;
  mcp?: Record<string, { command?: string; cwd?: string }>;
  tools?: { model?: ModelFiles }[];
  judge?: ModelFiles;
}

/** A configuration without its models and prompts. Relative paths are rewritten, since they begin in the configuration's folder. */
async function keptSettings(path: string, folder: string): Promise<Kept> {
  const read = parse(await readFile(path, 'utf8')) as Kept & Record<'models' | 'prompts', unknown>;
  const { models: _models, prompts: _prompts, ...rest } = read;
  const move = <Name extends string>(holder: Partial<Record<Name, string>> | undefined, name: Name) => {
    const file = holder?.[name];
    if (!holder || file === undefined || isAbsolute(file) || isHubReference(file)) return;
    holder[name] = relative(folder, join(path, '..', file)) || '.';
  };
  const moveModel = (model: ModelFiles | undefined): void => {
    move(model, 'path');
    move(model, 'lora');
    model?.fallback?.forEach(moveModel);
  };
  move(rest.search, 'index');
  move(rest.temporal, 'codec');
  move(rest, 'journalFolder');
  for (const server of Object.values(rest.mcp ?? {}))
    if (server.command !== undefined) move(Object.assign(server, { cwd: server.cwd ?? '.' }), 'cwd');
  for (const { model } of rest.tools ?? []) moveModel(model);
  moveModel(rest.judge);
  return rest;
}
