/** The tools of an MCP server. One that is not of the form that MCP asks for costs itself alone, or only the member that is wrong. */
import type { Client, Tool } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { isMisshapen } from './mcp-failure';

/** Pages of a list; a server may give every page a next one. */
const MOST_PAGES = 100;

const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: optional(z.string()) });

const toolSchema = z.object({
  name: z.string().min(1),
  title: optional(z.string()),
  description: optional(z.string()),
  // Servers leave it out for a tool without arguments, and the type where the members of a union have it.
  inputSchema: z
    .looseObject({})
    .catch({})
    .transform((schema) => ({ type: 'object', ...schema })),
  annotations: optional(z.object({ readOnlyHint: optional(z.boolean()), idempotentHint: optional(z.boolean()) })),
  execution: optional(z.looseObject({})),
});

/** @throws what the SDK throws @param timeout milliseconds of one request */
export async function listTools(client: Client, timeout: number): Promise<Tool[]> {
  // listTools would not ask a server that does not say that it has tools, and print that on standard output.
  if (!client.getServerCapabilities()?.tools) return listOneByOne(client, timeout);
  try {
    return (await client.listTools(undefined, { timeout })).tools;
  } catch (error) {
    if (isMisshapen(error)) return listOneByOne(client, timeout);
    throw error;
  }
}

async function listOneByOne(client: Client, timeout: number): Promise<Tool[]> {
  const tools = new Map<string, Tool>();
  const asked = new Set<string | undefined>();
  let cursor: string | undefined;
  while (!asked.has(cursor) && asked.size < MOST_PAGES) {
    asked.add(cursor);
    const params = cursor === undefined ? {} : { cursor };
    const page = await client.request({ method: 'tools/list', params }, pageSchema, { timeout });
    for (const listed of page.tools) {
      const tool = toolSchema.safeParse(listed).data as Tool | undefined;
      if (tool) tools.set(tool.name, tool);
    }
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  return [...tools.values()];
}
