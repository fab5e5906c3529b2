/**
 * Imports the wording of the Husky-v1 prompts from a checkout of agent-husky/Husky-v1. Its code is not run. Only exact copies are
 * accepted, because the released checkpoints were trained on that wording.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../files/fingerprint';
import { createFailure } from '../../failures';
import { LOOP_MODULES, type LoopModule } from '../../trajectory/modules';
import type { HuskyV1Wording } from './husky-v1-prompts';
import { readStringConstants } from './python-strings';
import { TEMPLATES } from './templates';
import { wrap } from './wrap';

/** Where the prompts lie in the folder that the user names. */
const PLACES = ['husky/prompts', 'prompts', '.'];

/**
 * @param folder the checkout, its `husky` folder, or the folder of the prompt files
 * @throws InputInvalid naming every module whose wording is absent or not exact
 */
export function importWording(folder: string): HuskyV1Wording {
  const source = PLACES.map((place) => join(folder, place)).find((place) =>
    existsSync(join(place, TEMPLATES.action.file)),
  );
  if (source === undefined)
    throw createFailure(
      'InputInvalid',
      `${folder} holds no prompts of Husky-v1 (husky/prompts/${TEMPLATES.action.file}). Name a checkout of github.com/agent-husky/Husky-v1.`,
    );
  const read = LOOP_MODULES.map((module) => ({ module, ...readTemplate(source, module) }));
  const problems = read.flatMap(({ module, problem }) => (problem === undefined ? [] : [`${module}: ${problem}`]));
  if (problems.length > 0)
    throw createFailure('InputInvalid', `${problems.join('; ')}. Check out commit 1d5dca1 unchanged.`);
  return Object.fromEntries(read.map(({ module, template }) => [module, template])) as HuskyV1Wording;
}

function readTemplate(folder: string, module: LoopModule): { template?: string; problem?: string } {
  const { file, variable } = TEMPLATES[module];
  const path = join(folder, file);
  if (!existsSync(path)) return { problem: `the file ${file} is absent` };
  const template = readStringConstants(readFileSync(path, 'utf8')).get(variable);
  if (template === undefined) return { problem: `${file} holds no string ${variable}` };
  const problem = wordingProblem(module, template);
  return problem === undefined ? { template } : { problem };
}

/** Why a template is not the exact wording of a module, if it is not. */
export function wordingProblem(module: LoopModule, template: string): string | undefined {
  const facts = TEMPLATES[module];
  const hash = sha256(template);
  if (hash !== facts.sha256)
    return `the wording differs from Husky-v1's (sha256 ${hash.slice(0, 12)}..., expected ${facts.sha256.slice(0, 12)}...)`;
  return sha256(wrap(template, 'chat', facts)) === facts.chatSha256
    ? undefined
    : "the chat wrap differs from Husky-v1's";
}
