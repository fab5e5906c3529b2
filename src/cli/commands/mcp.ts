/** `husky mcp`: Husky as an MCP server, over standard input and output or over streamable HTTP. */
import type { Command } from 'commander';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { mcpOverHttp } from '../../endpoint/mcp-http';
import { createMcpServer, type HuskyMcpOptions } from '../../endpoint/mcp-server';
import type { HuskyClient } from '../../husky-client';
import { aborted } from '../../process/abort';
import { openContext } from '../../runtime/open-context';
import { addConnectionOptions, readConfig, type ConnectionFlags } from '../options/command-config';
import { port, wholeNumber } from '../options/option-values';
import { endpointKeys, openPort } from '../session/http-door';
import { withSession, type Session } from '../session/session';
import { quietRuntime } from '../terminal/quiet-runtime';
import { createTerminal } from '../terminal/terminal';
import { printJson } from '../terminal/output';

interface McpFlags extends ConnectionFlags {
  port?: number;
  host: string;
  rate: number;
  json?: boolean;
}

const HELP = `
Tools: solve (with a notification for each step), search, run_program. The Temporal server and workers are found or started
when a client first has a question solved. What a client is told goes to standard output, everything else to standard error.

In the configuration of an MCP client:
  { "mcpServers": { "husky": { "command": "npx", "args": ["temporal-husky", "mcp", "--config", "/path/to/husky.yaml"] } } }

With --port it serves many clients over HTTP instead, at /mcp. HUSKY_SERVE_KEY holds a key, or several separated by commas, which clients send
as Authorization: Bearer KEY. Without a key only this machine may ask.

  husky mcp --port 8401
  HUSKY_SERVE_KEY=secret husky mcp --port 8401 --host 0.0.0.0

docs/tools.md tells more.`;

export function registerMcp(program: Command): void {
  const command = program
    .command('mcp')
    .description('offer Husky to MCP clients, over standard input and output, or over HTTP')
    .option('--port <n>', 'serve over streamable HTTP at this port; 0 for a free one', port)
    .option('--host <address>', 'address to listen on, with --port', '127.0.0.1')
    .option('--rate <n>', 'requests of one key in a minute, with --port', wholeNumber(1), 600)
    .option('--json', 'print { url } on standard output when ready, with --port');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async ({ port, host, rate, json, ...flags }: McpFlags) => {
      process.exitCode = await serveMcp(flags, port === undefined ? overStdio : overHttp({ port, host, rate, json }));
    });
}

/** Serves for as long as its promise runs. @param left resolves at the first signal */
type Way = (options: HuskyMcpOptions, left: Promise<void>) => Promise<void>;

/** Until the client closes standard input. */
const overStdio: Way = async (options, left) => {
  const server = serveStdio(() => createMcpServer(options));
  await Promise.race([left, new Promise((gone) => process.stdin.once('end', gone).once('close', gone))]);
  await server.close();
};

/** @throws ProgramError when others could ask without a key, or nothing can listen there */
function overHttp({ port, host, rate, json }: Pick<McpFlags, 'host' | 'rate' | 'json'> & { port: number }): Way {
  const keys = endpointKeys(host);
  return async (options, left) => {
    const server = (caller: string | undefined) => createMcpServer({ ...options, caller });
    const served = mcpOverHttp({ server, keys, requestsPerMinute: rate });
    const door = await openPort(served.fetch, keys, { port, host });
    const url = `${door.url}/mcp`;
    createTerminal(process.stderr).line(`MCP  ${url}  (${door.access}). Ctrl-C ends it.`);
    if (json) printJson({ url });
    await left;
    await served.close();
    door.close();
  };
}

/** @returns the exit code */
async function serveMcp(flags: ConnectionFlags, way: Way): Promise<number> {
  quietRuntime();
  const { config } = readConfig(flags);
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const solving = new LazySession(flags, left);
  const context = openContext(config);
  try {
    const options = {
      husky: () => solving.husky(),
      search: () => context.search(),
      sandbox: () => context.sandbox(),
      maxQuestionChars: config.limits.maxQuestionChars,
    };
    await way(options, left);
  } finally {
    leave();
    await solving.ended();
    await context.close();
  }
  return 0;
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
