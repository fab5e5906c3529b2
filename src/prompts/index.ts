/**
 * The door of the room: a set of prompts by style.
 *
 * @module
 */
import type { ModuleName } from '../trajectory/modules';
import { compactPrompts } from './compact';
import { expertPrompts } from './expert';
import { loadFewShotPrompts } from './few-shot/few-shot-prompts';
import { createHuskyV1Prompts } from './husky-v1/husky-v1-prompts';
import { readWording, wordingFolder } from './husky-v1/wording-store';
import type { PromptSet, PromptStyle } from './prompt';

export { importWording } from './husky-v1/import-wording';
export { storeWording, wordingFolder } from './husky-v1/wording-store';
export { PROMPT_STYLES } from './prompt';
export type { PromptFields, PromptSet, PromptStyle, RenderedPrompt } from './prompt';

export interface LoadPromptsOptions {
  /** Where imported wording of style `husky-v1` is looked up. @default the user's configuration folder */
  wordingFolder?: string;
}

/** @throws ConfigurationInvalid when the wording of style `husky-v1` was not imported */
export function loadPrompts(style: PromptStyle, options: LoadPromptsOptions = {}): PromptSet {
  if (style === 'compact') return compactPrompts;
  if (style === 'expert') return expertPrompts;
  if (style === 'husky-v1') return createHuskyV1Prompts(readWording(options.wordingFolder ?? wordingFolder()));
  return loadFewShotPrompts();
}

/** sha256 of each module's prompt in a style, as recorded in every solution. */
export function promptHashes(style: PromptStyle, options?: LoadPromptsOptions): Record<ModuleName, string> {
  return loadPrompts(style, options).hashes;
}
