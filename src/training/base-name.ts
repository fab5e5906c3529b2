/** The base of a training: a folder or file of this machine, or a name at the Hugging Face hub. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createFailure } from '../failures';
import { isHubReference } from '../models/hub/hub-reference';
import { localModelPath } from '../models/hub/model-cache';

/** As the hub takes it; a name with a path's marks or of a file is a path with a mistake in it. */
const NAME = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;

/**
 * @param folder from which a relative path is read
 * @returns an absolute path, or the name
 * @throws InputInvalid for a path where there is nothing, before it would be looked up at a hub
 */
export function baseOf(base: string, folder = process.cwd()): string {
  if (base === '') return base;
  if (isHubReference(base)) return localModelPath(base);
  const path = resolve(folder, base);
  if (existsSync(path)) return path;
  if (NAME.test(base) && !/\.gguf$/i.test(base)) return base;
  throw createFailure(
    'InputInvalid',
    `There is no base model at ${base}; a base is a folder, a GGUF file (also hf:owner/repo:file.gguf, once pulled) or a name such as owner/model.`,
  );
}
