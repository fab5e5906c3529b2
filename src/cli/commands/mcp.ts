/**
 * `husky mcp`: Husky as an MCP server over standard input and output.
 *
 * @module
 */
import type { Command } from 'commander';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer } from '../../endpoint/mcp-server';
import type { HuskyClient } from '../../client';
import { aborted } from '../../process/abort';
import { openContext } from '../../runtime/open-context';
import { addConnectionOptions, readConfig, type ConnectionFlags } from '../options/command-config';
import { withSession, type Session } from '../session/session';
import { quietRuntime } from '../terminal/quiet-runtime';

const HELP = `
Tools: solve (with a notification for each step), search, run_program. The Temporal server and workers are found or started
when a client first has a question solved. What a client is told goes to standard output, everything else to standard error.

In the configuration of an MCP client:
  { "mcpServers": { "husky": { "command": "npx", "args": ["temporal-husky", "mcp", "--config", "/path/to/husky.yaml"] } } }

docs/tools.md tells more.`;

export function registerMcp(program: Command): void {
  const command = program.command('mcp').description('offer Husky to MCP clients, over standard input and output');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (flags: ConnectionFlags) => {
      process.exitCode = await serveMcp(flags);
    });
}

/** Serves until the client closes standard input, or a signal. @returns the exit code */
async function serveMcp(flags: ConnectionFlags): Promise<number> {
  quietRuntime();
  const { config } = readConfig(flags);
  const left = leaving();
  const solving = new LazySession(flags, left);
  const context = openContext(config);
  const server = createMcpServer({
    husky: () => solving.husky(),
    search: () => context.search(),
    sandbox: () => context.sandbox(),
    maxQuestionChars: config.limits.maxQuestionChars,
  });
  await server.connect(new StdioServerTransport());
  await left;
  await server.close();
  await solving.ended();
  await context.close();
  return 0;
}

/** Resolves when the client is gone, or at the first signal. */
function leaving(): Promise<void> {
  return new Promise((resolve) => {
    const leave = () => resolve();
    process.stdin.once('end', leave).once('close', leave);
    process.once('SIGINT', leave).once('SIGTERM', leave);
  });
}

/** Server, workers and client, opened for the first question; where that fails, the next question tries again. */
class LazySession {
  private opened: Promise<HuskyClient> | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly flags: ConnectionFlags,
    private readonly left: Promise<void>,
  ) {}

  husky(): Promise<HuskyClient> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  async ended(): Promise<void> {
    await this.running;
  }

  private open(): Promise<HuskyClient> {
    return new Promise((resolve, reject) => {
      const serve = async ({ husky, interrupted, failures }: Session) => {
        resolve(husky);
        await Promise.race([this.left, aborted(interrupted), ...failures]);
      };
      this.running = withSession({ flags: this.flags }, serve).catch((error: unknown) => {
        this.opened = undefined;
        reject(error as Error);
      });
    });
  }
}
