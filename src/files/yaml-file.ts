/** Reads YAML files. */
import { createRequire } from 'node:module';
import { ApplicationFailure } from '@temporalio/common';
import type * as Yaml from 'yaml';
import { createFailure, type FailureType } from '../failures';
import { readText } from './text-encoding';
import { whyUnreadable } from './why-unreadable';

const load = createRequire(__filename);

/**
 * @param what the file is, for messages: `configuration file`
 * @param type of the failure when it cannot be read, or is no YAML; another encoding is named with the way out
 */
export function readYaml(path: string, what: string, type: FailureType): unknown {
  let text: string;
  try {
    text = readText(path);
  } catch (cause) {
    if (cause instanceof ApplicationFailure) throw cause;
    throw createFailure(type, `The ${what} ${path} cannot be read (${whyUnreadable(cause)}).`);
  }
  // Loaded here: without a file a command starts a twentieth of a second sooner.
  const { parseDocument } = load('yaml') as typeof Yaml;
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw createFailure(type, `${path}: ${error.message.split('\n')[0]?.replace(/:$/, '')}.`);
  return document.toJS();
}
