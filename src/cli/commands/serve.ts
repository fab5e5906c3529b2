/**
 * `husky serve`: Husky behind an OpenAI-compatible endpoint.
 *
 * @module
 */
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Command } from 'commander';
import { createEndpoint } from '../../endpoint/create-endpoint';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions, wholeNumber, type ConnectionFlags } from '../options/command-config';
import { aborted } from '../../process/abort';
import { withSession, type Session } from '../session/session';
import { createTerminal } from '../terminal/terminal';

interface ServeFlags extends ConnectionFlags {
  port: number;
  host: string;
  maxBody: number;
  rate: number;
  inFlight: number;
  json?: boolean;
}

const HELP = `
Keys: HUSKY_SERVE_KEY holds one, or several separated by commas. Without a key only this machine may ask.

Examples:
  husky serve
  HUSKY_SERVE_KEY=secret husky serve --host 0.0.0.0 --port 8400
  curl http://localhost:8400/v1/chat/completions -H 'Content-Type: application/json' \\
    -d '{"model":"husky","messages":[{"role":"user","content":"How many meters taller is Mount Everest than K2?"}]}'

Steps arrive as reasoning, the answer as content. A request that breaks off leaves its solution running: the same
Idempotency-Key, or GET /v1/responses/ID, finds it again. docs/endpoint.md has all routes and rules.`;

export function registerServe(program: Command): void {
  const command = program
    .command('serve')
    .description('answer questions over an OpenAI-compatible endpoint')
    .option('--port <n>', 'port; 0 for a free one', wholeNumber(0, 65_535), 8400)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--max-body <bytes>', 'longest body of a request', wholeNumber(1), 1024 * 1024)
    .option('--rate <n>', 'requests of one key in a minute', wholeNumber(1), 600)
    .option('--in-flight <n>', 'requests that are answered at a time', wholeNumber(1), 256)
    .option('--json', 'print { url } on standard output when ready');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      const keys = (process.env.HUSKY_SERVE_KEY ?? '')
        .split(',')
        .map((key) => key.trim())
        .filter(Boolean);
      if (keys.length === 0 && !isLoopback(flags.host))
        throw new ProgramError(
          `Others could ask at ${flags.host}, and there is no key: set HUSKY_SERVE_KEY, or leave out --host.`,
          2,
        );
      process.exitCode = await withSession({ flags }, (session) => answer(session, flags, keys));
    });
}

async function answer(session: Session, flags: ServeFlags, keys: readonly string[]): Promise<number> {
  const { husky, interrupted, failures, access } = session;
  const { port, host, maxBody, rate, inFlight } = flags;
  const terminal = createTerminal(process.stderr);
  const endpoint = createEndpoint({
    husky,
    keys,
    maxBodyBytes: maxBody,
    requestsPerMinute: rate,
    maxInFlight: inFlight,
  });
  const server = serve({ fetch: endpoint.fetch, port, hostname: host }) as Server;
  try {
    await listening(server, host, port);
    const address = server.address();
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${typeof address === 'object' ? address?.port : port}/v1`;
    terminal.line(
      `Endpoint     ${url}  (model husky, ${keys.length === 0 ? 'no key, this machine only' : `${keys.length} keys`})`,
    );
    if (access.uiUrl) terminal.line(`Temporal UI  ${access.uiUrl}`);
    terminal.line('Ready. Ctrl-C ends it; solutions that run go on when it is started again.');
    if (flags.json) process.stdout.write(`${JSON.stringify({ url })}\n`);
    await Promise.race([aborted(interrupted), ...failures]);
    return 0;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  if (server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'the port is taken; choose another with --port' : error.message;
      reject(new ProgramError(`Nothing can listen on ${host}:${port}: ${reason}.`, 3));
    });
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
