/** The room's door: loads a set of prompts by style. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createFailure } from '../failures';
import { MODULES } from '../trajectory/modules';
import { compactPrompts } from './compact';
import { expertPrompts } from './expert';
import { loadFewShotPrompts } from './few-shot/few-shot-prompts';
import { loadInstructPrompts } from './instruct/instruct-prompts';
import { createHuskyV1Prompts } from './husky-v1/husky-v1-prompts';
import { readWording, wordingFolder } from './husky-v1/wording-store';
import { PROMPT_STYLES, type PromptSet } from './prompt';

export { importWording } from './husky-v1/import-wording';
export { storeWording, wordingFolder } from './husky-v1/wording-store';
export { PROMPT_STYLES } from './prompt';
export { INSTRUCT_FOLDERS } from './instruct/instruct-prompts';
export type { PromptFields, PromptSet, PromptStyle } from './prompt';

export interface LoadPromptsOptions {
  /** Folder of the imported wording of style `husky-v1`. @default the user's configuration folder */
  wordingFolder?: string;
}

/**
 * @param style a style, or a folder of the user's own files, which replace files of style `instruct`
 * @throws ConfigurationInvalid when the wording of style `husky-v1` was not imported, or a file of the folder cannot be used
 */
export function loadPrompts(style: string, options: LoadPromptsOptions = {}): PromptSet {
  if (!PROMPT_STYLES.some((known) => known === style)) return loadPromptFolder(style);
  if (style === 'instruct') return loadInstructPrompts();
  if (style === 'compact') return compactPrompts;
  if (style === 'expert') return expertPrompts;
  if (style === 'husky-v1') return createHuskyV1Prompts(readWording(options.wordingFolder ?? wordingFolder()));
  return loadFewShotPrompts();
}

/** The prompts that a configuration names; `guidance.experts` has the loop look after trained experts, too. */
export function configuredPrompts({
  prompts,
  guidance,
}: {
  prompts: string;
  guidance: { experts?: boolean };
}): PromptSet {
  const loaded = loadPrompts(prompts);
  return loaded.style === 'expert' && guidance.experts ? { ...loaded, guided: true } : loaded;
}

/** Refuses a folder without any module's file, such as a wrong path. */
function loadPromptFolder(folder: string): PromptSet {
  if (MODULES.some((module) => existsSync(join(folder, `${module}.yaml`)))) return loadInstructPrompts(folder);
  throw createFailure(
    'ConfigurationInvalid',
    `prompts: ${folder} is no style (${PROMPT_STYLES.join(', ')}) and no folder with a module's file (${MODULES.map((module) => `${module}.yaml`).join(', ')}). npx temporal-husky prompts eject writes ours.`,
  );
}
