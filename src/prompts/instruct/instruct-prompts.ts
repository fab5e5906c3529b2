/**
 * Style `instruct`: prompts for untrained instruction-tuned models, in the form that they know, and without examples where those do harm.
 * A module without a file here uses the file of style `few-shot`.
 */
import { join } from 'node:path';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { byModule, compilePrompt } from '../few-shot/few-shot-prompts';
import { readPromptFile } from '../few-shot/prompt-file';
import { readOutput } from '../few-shot/read-output';
import { copiedStep } from '../copied-step';
import type { PromptSet } from '../prompt';
import { compileConversation } from './conversation';

/** Folders of this package's files, in order of search. */
export const INSTRUCT_FOLDERS = [__dirname, join(__dirname, '../few-shot')];

/**
 * @param folder of the user's own files, which replace ours. @default only ours
 * @throws ConfigurationInvalid naming file and field of a file that cannot be used
 */
export function loadInstructPrompts(folder?: string): PromptSet {
  const folders = [...(folder === undefined ? [] : [folder]), ...INSTRUCT_FOLDERS];
  const files = MODULES.map((module) => readPromptFile(module, folders));
  const action = files.find(({ module }) => module === 'action');
  const renderers = byModule(files, (file) => (file.conversations ? compileConversation(file) : compilePrompt(file)));
  return {
    style: 'instruct',
    guided: true,
    hashes: byModule(files, ({ hash }) => hash),
    render: (module: ModuleName, fields) => renderers[module](fields),
    isCopied: action && copiedStep(action),
    readOutput,
  };
}
