/** Writes what serves the experts of a folder: `husky.yaml` and the scripts that it needs. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ServeStage } from '../contract/pipeline';
import { replaceFile } from '../files/replace-file';
import { listExperts } from './experts';
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
  const plan = servingPlan({
    server,
    experts: await listExperts(folder),
    folder,
    style,
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
