/** Options of an MCP server whose tools are offered. */
import { z } from 'zod';

const variable = z.string().regex(/^\w+$/, 'the name of an environment variable');

const mcpServerSchema = z
  .strictObject({
    /** Program that serves over its standard input and output. */
    command: z.string().min(1).optional(),
    /** Arguments of the program. */
    args: z.array(z.string()).default([]),
    /** Folder in which the program runs, and where relative paths in `command` and `args` begin. @default the folder of the configuration file */
    cwd: z.string().min(1).optional(),
    /** Names of environment variables of the worker that the program gets beside PATH, HOME and the like. */
    env: z
      .array(variable, 'a list of names, such as [TOKEN]; the values stand in the environment of the worker')
      .default([]),
    /** Address of a server over streamable HTTP, instead of `command`. */
    url: z.url({ protocol: /^https?$/ }).optional(),
    /** Environment variable that holds the key, sent as `Authorization: Bearer`. */
    apiKeyEnv: variable.optional(),
    /** Other headers: the name of each, and the environment variable that holds its value. */
    headersEnv: z.record(z.string(), variable).optional(),
    /** Tools that are offered, by the server's own names. @default all */
    tools: z.array(z.string()).min(1).optional(),
    /** Milliseconds for the server to start, and then to list its tools. `npx` and `uvx` may first download it. @default 30000 */
    connectTimeoutMs: z.number().int().positive().max(600_000).default(30_000),
    /** Milliseconds of a call without an answer or a report of progress. @default 60000 */
    timeoutMs: z.number().int().positive().default(60_000),
    /** Most milliseconds of a call that reports progress. @default 600000 */
    maxTimeoutMs: z.number().int().positive().default(600_000),
    /** Attempts of a call. @default 3 for tools that say `readOnlyHint` or `idempotentHint`, else 1 */
    maxAttempts: z.number().int().positive().optional(),
    /** Whether a model makes a sentence of what its tools return. @default false */
    rewrite: z.boolean().default(false),
  })
  .refine(({ command, url }) => (command === undefined) !== (url === undefined), 'give either command or url')
  .refine(
    ({ command, apiKeyEnv, headersEnv }) => command === undefined || !(apiKeyEnv ?? headersEnv),
    'apiKeyEnv and headersEnv belong to url; a program is given variables by env',
  );

/** Servers by name; a tool is offered as `server_tool`. */
export const mcpSchema = z.record(z.string().regex(/^[\w-]+$/, 'letters, digits, - and _'), mcpServerSchema);

/** Under which a server's tool is offered: models are used to names without other signs. */
export const offeredName = (server: string, tool: string): string => `${server}_${tool}`.replace(/\W/g, '_');

export type McpServerConfig = z.output<typeof mcpServerSchema>;
