/** The user's own tools as a configuration names them: `tools:` and the tools of `mcp:` servers, which are asked for their lists. */
import { createRequire } from 'node:module';
import { loadConfig } from '../config';
import type { CustomTool } from '../contract/profile';
import { registeredName } from '../contract/registered-name';
import type * as Mcp from '../tools/mcp/mcp-servers';

const load = createRequire(__filename);

/**
 * @param path configuration file
 * @param tell is given one sentence for each server or tool that is left out
 * @throws ConfigurationInvalid as `loadConfig`
 */
export async function configuredTools(path: string, tell: (line: string) => void): Promise<CustomTool[]> {
  const { tools, mcp } = loadConfig({ path });
  if (Object.keys(mcp).length === 0) return tools;
  // Loaded where a configuration names servers: the SDK takes its time.
  const { McpServers } = load('../tools/mcp/mcp-servers') as typeof Mcp;
  const servers = new McpServers({ servers: mcp });
  try {
    const listed = await servers.list(registeredName('callMcpTool'));
    listed.problems.forEach(tell);
    return [...tools, ...listed.tools];
  } finally {
    await servers.close();
  }
}
