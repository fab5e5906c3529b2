/** Stores imported wording in the user's configuration folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../../files/fingerprint';
import { createFailure } from '../../failures';
import { replaceFile } from '../../files/replace-file';
import { userFolder } from '../../files/user-folders';
import { LOOP_MODULES, type LoopModule } from '../../trajectory/modules';
import type { HuskyV1Wording } from './husky-v1-prompts';
import { wordingProblem } from './import-wording';

const storedSchema = z.object({ module: z.enum(LOOP_MODULES), sha256: z.string(), template: z.string() });

/** `$XDG_CONFIG_HOME/temporal-husky/prompts/husky-v1`, by default under `~/.config`. */
export function wordingFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(userFolder('config', env), 'prompts', 'husky-v1');
}

/** Writes one YAML file for each module. */
export function storeWording(wording: HuskyV1Wording, folder: string): void {
  for (const module of LOOP_MODULES) {
    const template = wording[module];
    const text = stringify({ module, sha256: sha256(template), template }, { lineWidth: 0 });
    replaceFile(join(folder, `${module}.yaml`), text);
  }
}

/**
 * Reads the wording and checks it again.
 *
 * @throws ConfigurationInvalid when it was never imported, or was changed since
 */
export function readWording(folder: string): HuskyV1Wording {
  return Object.fromEntries(LOOP_MODULES.map((module) => [module, readModule(folder, module)])) as HuskyV1Wording;
}

function readModule(folder: string, module: LoopModule): string {
  const path = join(folder, `${module}.yaml`);
  const advice =
    'Run: npx temporal-husky prompts import FOLDER, where FOLDER is a checkout of github.com/agent-husky/Husky-v1.';
  if (!existsSync(path))
    throw createFailure(
      'ConfigurationInvalid',
      `The wording of the husky-v1 prompts is not part of this package and was not imported yet (${path} is absent). ${advice}`,
    );
  const stored = storedSchema.safeParse(parse(readFileSync(path, 'utf8')));
  const problem = stored.success ? wordingProblem(module, stored.data.template) : 'the file is damaged';
  if (problem !== undefined || !stored.success)
    throw createFailure('ConfigurationInvalid', `${path}: ${problem}. ${advice}`);
  return stored.data.template;
}
