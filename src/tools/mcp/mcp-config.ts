/**
 * Options of an MCP server whose tools are offered.
 *
 * @module
 */
import { z } from 'zod';

const variable = z.string().regex(/^\w+$/, 'the name of an environment variable');

const mcpServerSchema = z
  .strictObject({
    /** Program that serves over its standard input and output. */
    command: z.string().min(1).optional(),
    /** Arguments of the program. */
    args: z.array(z.string()).default([]),
    /** Folder in which the program runs, relative to the configuration file. @default the worker's */
    cwd: z.string().min(1).optional(),
    /** Environment variables of the worker that the program is given, by name; PATH, HOME and the like it has anyway. */
    env: z.array(variable).default([]),
    /** Address of a server over streamable HTTP, in the place of `command`. */
    url: z.url({ protocol: /^https?$/ }).optional(),
    /** Environment variable that holds the key, sent as `Authorization: Bearer`. */
    apiKeyEnv: variable.optional(),
    /** Other headers: the name of each, and the environment variable that holds its value. */
    headersEnv: z.record(z.string(), variable).optional(),
    /** Tools that are offered, by the server's own names. @default all */
    tools: z.array(z.string()).min(1).optional(),
    /** Start-to-close of a call in milliseconds. @default 60000 */
    timeoutMs: z.number().int().positive().default(60_000),
    /** Attempts of a call; 1 for tools that must not be called twice. @default 3 */
    maxAttempts: z.number().int().positive().default(3),
    /** Whether a model makes a sentence of what its tools return. @default false */
    rewrite: z.boolean().default(false),
  })
  .refine(({ command, url }) => (command === undefined) !== (url === undefined), 'give either command or url')
  .refine(
    ({ command, apiKeyEnv, headersEnv }) => command === undefined || !(apiKeyEnv ?? headersEnv),
    'apiKeyEnv and headersEnv belong to url; a program is given variables by env',
  );

/** Servers by name; a tool is offered as `server_tool`. */
export const mcpSchema = z.record(z.string().regex(/^\w+$/, 'letters, digits and underscore'), mcpServerSchema);

export type McpServerConfig = z.output<typeof mcpServerSchema>;
