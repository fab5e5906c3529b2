/** The MCP servers of a configuration: their tools as tools of the user's own, and calls of them. */
import type { Tool, ToolAnnotations } from '@modelcontextprotocol/client';
import type { CustomTool } from '../../contract/profile';
import type { CallMcpToolInput, ListedTools } from '../../contract/payloads';
import { createFailure } from '../../failures';
import { oneLine } from '../../trajectory/bounded-text';
import { argumentCheck } from '../argument-check';
import { offeredName, type McpServerConfig } from './mcp-config';
import { McpConnection, REACH_TRIES } from './mcp-connection';
import { toolFailure } from './mcp-failure';
import { usableSchema } from './usable-schema';

/** Characters of a description: it stands in every prompt of the action generator. */
const DESCRIPTION = 300;
/** Characters of one tool's schema, and of all tools of one solution: they are recorded, and travel with it. */
const SCHEMA = 16_000;
const ALL_TOOLS = 200_000;
/** Attempts of a call that may be repeated. */
const ATTEMPTS = 3;

export interface McpServersOptions {
  servers: Readonly<Record<string, McpServerConfig>>;
  /** Where keys are looked up. @default process.env */
  env?: NodeJS.ProcessEnv;
}

export class McpServers {
  private readonly connections: ReadonlyMap<string, McpConnection>;

  constructor(private readonly options: McpServersOptions) {
    const { servers, env = process.env } = options;
    this.connections = new Map(
      Object.entries(servers).map(([name, config]) => [name, new McpConnection(name, config, env)]),
    );
  }

  /** The tools of all servers that answer, and one sentence for each server or tool that is left out. */
  async list(activity: string): Promise<ListedTools> {
    const tools: CustomTool[] = [];
    const problems: string[] = [];
    let room = ALL_TOOLS;
    const servers = await Promise.all(
      [...this.connections].map(async ([server, connection]) => {
        const listed = await connection.tools().catch((error: Error) => error);
        return { server, listed };
      }),
    );
    for (const { server, listed } of servers) {
      if (listed instanceof Error) {
        problems.push(`${listed.message} Its tools are not offered.`);
        continue;
      }
      const config = this.options.servers[server] as McpServerConfig;
      const wanted = new Set(config.tools ?? listed.map(({ name }) => name));
      for (const name of wanted)
        if (!listed.some((tool) => tool.name === name)) problems.push(`The MCP server ${server} has no tool ${name}.`);
      for (const tool of listed.filter(({ name }) => wanted.has(name))) {
        const offered = this.asTool(server, config, tool, activity);
        const size = JSON.stringify(offered).length;
        const namesake = tools.find(({ name }) => name === offered.name)?.mcp;
        const why = namesake
          ? `${offered.name} is the tool ${namesake.tool} of ${namesake.server} already; name the one that you want in tools`
          : (whyUnusable(tool) ??
            (size > room ? `with it all tools would take more than ${ALL_TOOLS} characters` : undefined));
        if (why !== undefined) problems.push(`The tool ${tool.name} of the MCP server ${server} is left out: ${why}.`);
        else {
          tools.push(offered);
          room -= size;
        }
      }
    }
    return { tools, problems };
  }

  /** @throws McpUnavailable, McpRefused, ToolUnknown, ToolArgumentsInvalid, ToolFailed */
  async call({ server, tool, arguments: args }: CallMcpToolInput, signal?: AbortSignal): Promise<string> {
    const connection = this.connections.get(server);
    if (!connection)
      throw createFailure('ToolUnknown', `The configuration of this worker names no MCP server ${server}.`);
    const { text, isError } = await connection.call(tool, args, signal);
    if (isError) throw toolFailure(server, tool, text);
    // A model that is shown nothing takes the step again.
    return text.trim() === '' ? 'Done. The tool returned no text.' : text;
  }

  /** Ends connections and the programs that this process has started. */
  async close(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.close().catch(() => undefined)));
  }

  private asTool(server: string, config: McpServerConfig, tool: Tool, activity: string): CustomTool {
    const { connectTimeoutMs, timeoutMs, maxTimeoutMs, rewrite } = config;
    const maxAttempts = config.maxAttempts ?? (mayRepeat(tool.annotations) ? ATTEMPTS : 1);
    return {
      name: offeredName(server, tool.name),
      description: oneLine(tool.description || tool.title || tool.name, DESCRIPTION),
      activity,
      input: usableSchema(tool.inputSchema),
      // The connection has limits of its own, whose messages tell more than that of an activity that was ended.
      timeoutMs: Math.max(timeoutMs, maxTimeoutMs) + REACH_TRIES * connectTimeoutMs,
      maxAttempts,
      ...(rewrite ? { rewrite } : {}),
      mcp: { server, tool: tool.name },
    };
  }
}

/** A call whose outcome is unknown is made again only where that does no harm. By the protocol a tool that says nothing may do some. */
function mayRepeat({ readOnlyHint, idempotentHint }: ToolAnnotations = {}): boolean {
  return readOnlyHint === true || idempotentHint === true;
}

function whyUnusable({ inputSchema, execution }: Tool): string | undefined {
  if (execution?.taskSupport === 'required') return 'it can only be called as a task, which Husky does not do';
  if (JSON.stringify(inputSchema).length > SCHEMA) return `its schema has more than ${SCHEMA} characters`;
  if (inputSchema.type !== 'object') return `its schema is one of type ${String(inputSchema.type)}, not of an object`;
  try {
    argumentCheck(usableSchema(inputSchema));
    return undefined;
  } catch (error) {
    return `its schema cannot be used (${oneLine((error as Error).message, 200)})`;
  }
}
