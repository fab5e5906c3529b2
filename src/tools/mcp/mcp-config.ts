/** Options of an MCP server whose tools are offered. */
import { z } from 'zod';
import { httpAddress } from '../../formats/http-address';

const variable = z.string().regex(/^\w+$/, 'the name of an environment variable');

const mcpServerSchema = z
  .strictObject({
    /** Program that serves over its standard input and output. */
    command: z.string().min(1).optional(),
    /** Its arguments. */
    args: z.array(z.string()).default([]),
    /** Its folder, where relative paths in `command` and `args` begin. @default the folder of the configuration file */
    cwd: z.string().min(1).optional(),
    /** Environment variables of the worker that the program gets beside PATH, HOME and the like. */
    env: z
      .array(variable, 'a list of names, such as [TOKEN]; the values stand in the environment of the worker')
      .default([]),
    /** Or a server over streamable HTTP. */
    url: httpAddress().optional(),
    /** Environment variable with the key, sent as `Authorization: Bearer`. */
    apiKeyEnv: variable.optional(),
    /** Other headers: name, and environment variable with the value. */
    headersEnv: z.record(z.string(), variable).optional(),
    /** Tools that are offered. @default all */
    tools: z.array(z.string()).min(1).optional(),
    /** Milliseconds to start (`npx` may first download it), and then to list its tools. @default 30000 */
    connectTimeoutMs: z.number().int().positive().max(600_000).default(30_000),
    /** Milliseconds of a call without a report of progress. @default 60000 */
    timeoutMs: z.number().int().positive().default(60_000),
    /** Most milliseconds of a call. @default 600000 */
    maxTimeoutMs: z.number().int().positive().default(600_000),
    /** Attempts of a call. @default 3 for tools that say `readOnlyHint` or `idempotentHint`, else 1 */
    maxAttempts: z.number().int().positive().optional(),
    /** A model makes sentences of results. @default false */
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
