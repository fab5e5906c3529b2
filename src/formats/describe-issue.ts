/** Describes what a schema found wrong to the person who wrote the file. */
import type { core } from 'zod';

/** Options by the names that other programs give them, without case and underscores. */
const OURS: Record<string, string> = {
  apikey: 'apiKeyEnv, which names the environment variable of the key',
  baseurl: 'baseUrl',
  apibase: 'baseUrl',
  endpoint: 'baseUrl',
  modelname: 'model',
  maxtokens: 'maxTokens',
  topp: 'topP',
  numctx: 'contextTokens',
  contextlength: 'contextTokens',
  contextwindow: 'contextTokens',
  maxmodellen: 'contextTokens',
};

/** @param whole name of the input itself, used when the problem has no path */
export function describeIssue(issue: core.$ZodIssue | undefined, whole: string): string {
  const message = issue?.message ?? 'is invalid';
  const isMissing = issue?.code === 'invalid_type' && message.endsWith('received undefined');
  if (issue?.code === 'unrecognized_keys') {
    const ours = issue.keys.flatMap((key) => OURS[key.toLowerCase().replace(/[_-]/g, '')] ?? []);
    return `${issue.path.join('.') || whole}: ${message}${ours.length > 0 ? `; here it is ${ours.join(', ')}` : ''}`;
  }
  return `${issue?.path.join('.') || whole}: ${isMissing ? 'missing' : message}`;
}
