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
  mcpservers: 'mcp',
  'mcp.type': 'command for a program, url for streamable HTTP',
  'mcp.transport': 'command for a program, url for streamable HTTP',
  'mcp.headers': 'headersEnv, which names the environment variable of each value',
  'mcp.serverurl': 'url',
  'mcp.httpurl': 'url',
  'mcp.timeout': 'timeoutMs',
};

/** @param whole name of the input itself, used when the problem has no path */
export function describeIssue(issue: core.$ZodIssue | undefined, whole: string): string {
  const message = issue?.message ?? 'is invalid';
  const isMissing = issue?.code === 'invalid_type' && message.endsWith('received undefined');
  if (issue?.code === 'unrecognized_keys') {
    const named = issue.keys.map((key) => key.toLowerCase().replace(/[_-]/g, ''));
    const ours = named.flatMap((key) => OURS[`${String(issue.path[0])}.${key}`] ?? OURS[key] ?? []);
    return `${issue.path.join('.') || whole}: ${message}${ours.length > 0 ? `; here it is ${ours.join(', ')}` : ''}`;
  }
  if (issue?.code === 'invalid_key')
    return `${issue.path.join('.')}: a name has ${issue.issues.map(({ message: told }) => told).join('; ')}`;
  return `${issue?.path.join('.') || whole}: ${isMissing ? 'missing' : message}`;
}
