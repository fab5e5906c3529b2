/** `husky serve`: Husky behind an OpenAI-compatible endpoint, with a page to ask and watch. */
import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionFlags } from '../options/command-config';
import { port, wholeNumber } from '../options/option-values';
import { aborted } from '../../process/abort';
import { untilCredentialsChange } from '../session/changed-credentials';
import { endpointKeys, openHttpDoor } from '../session/http-door';
import { withSession, type Session } from '../session/session';
import { createTerminal } from '../terminal/terminal';
import { printJson } from '../terminal/output';

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
    .description('answer questions over an OpenAI-compatible endpoint, and on a page')
    .option('--port <n>', 'port; 0 for a free one', port, 8400)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--max-body <bytes>', 'longest body of a request', wholeNumber(1), 1024 * 1024)
    .option('--rate <n>', 'requests of one key in a minute', wholeNumber(1), 600)
    .option('--in-flight <n>', 'requests that are answered at a time', wholeNumber(1), 256)
    .option('--json', 'print { url, page } on standard output when ready');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      endpointKeys(flags.host);
      process.exitCode = await withSession({ flags }, (session) => answer(session, flags));
    });
}

async function answer(session: Session, flags: ServeFlags): Promise<number> {
  const { husky, interrupted, failures, access } = session;
  const { port, host, maxBody, rate, inFlight } = flags;
  const terminal = createTerminal(process.stderr);
  const limits = { maxBodyBytes: maxBody, requestsPerMinute: rate, maxInFlight: inFlight };
  const door = await openHttpDoor({ husky, port, host, ...limits });
  const over = new AbortController();
  try {
    terminal.line(`Page         ${door.url}/`);
    terminal.line(`Endpoint     ${door.url}/v1  (model husky, ${door.access})`);
    const uiUrl = await access.uiUrl();
    if (uiUrl) terminal.line(`Temporal UI  ${uiUrl}`);
    terminal.line('Ready. Ctrl-C ends it; solutions that run go on when it is started again.');
    if (flags.json) printJson({ url: `${door.url}/v1`, page: `${door.url}/` });
    await Promise.race([aborted(interrupted), untilCredentialsChange(process.env, over.signal), ...failures]);
    return 0;
  } finally {
    over.abort();
    door.close();
  }
}
