/**
 * Style `instruct`: instruction-tuned models as they are. Each module is asked in the form that such models know from their own
 * training, without examples where examples do harm; what has no file here is that of style `few-shot`.
 *
 * @module
 */
import { join } from 'node:path';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { byModule, compilePrompt } from '../few-shot/few-shot-prompts';
import { readPromptFile } from '../few-shot/prompt-file';
import { readOutput } from '../few-shot/read-output';
import type { PromptSet } from '../prompt';
import { compileConversation } from './conversation';

/** Folders of this package's files, in the order in which a module's is looked for. */
export const INSTRUCT_FOLDERS = [__dirname, join(__dirname, '../few-shot')];

/**
 * @param folder of the user's own files, which go before ours. @default ours alone
 * @throws ConfigurationInvalid naming file and field of a file that cannot be used
 */
export function loadInstructPrompts(folder?: string): PromptSet {
  const folders = [...(folder === undefined ? [] : [folder]), ...INSTRUCT_FOLDERS];
  const files = MODULES.map((module) => readPromptFile(module, folders));
  const renderers = byModule(files, (file) => (file.conversations ? compileConversation(file) : compilePrompt(file)));
  return {
    style: 'instruct',
    guided: true,
    hashes: byModule(files, ({ hash }) => hash),
    render: (module: ModuleName, fields) => renderers[module](fields),
    readOutput,
  };
}
