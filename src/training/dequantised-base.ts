/**
 * Where the sft trainer keeps the dequantised weights of a GGUF file. The folder is named after the file's content
 * (trainer/src/temporal_husky_trainer/sft/base.py), so that it is found without asking the trainer.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../files/fingerprint';
import { userFolder } from '../files/user-folders';

const DIGITS = 24;

/** Folder of all dequantised bases: HUSKY_BASES, or `bases` in the user's cache. */
function basesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.HUSKY_BASES || join(userFolder('cache', env), 'bases');
}

/** @returns the folder of the weights of a GGUF file, or undefined if the file or the weights are not on this machine */
export async function dequantisedBase(file: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const hash = await sha256OfFile(file).catch(() => undefined);
  const folder = hash && join(basesFolder(env), hash.slice(0, DIGITS));
  return folder && existsSync(join(folder, 'config.json')) ? folder : undefined;
}
