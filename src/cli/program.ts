/**
 * All commands together, and what every one of them does with errors.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { registerDev } from './dev';
import { registerDoctor } from './doctor';
import { explainError } from './explain-error';
import { registerList } from './list';
import { registerReplay } from './replay';
import { registerShow } from './show';
import { registerSolve } from './solve';
import { registerWatch } from './watch';
import { registerWorker } from './worker';

const COMMANDS = [
  registerSolve,
  registerDev,
  registerWorker,
  registerWatch,
  registerShow,
  registerList,
  registerReplay,
  registerDoctor,
];

const HELP = `
Exit codes: 0 success, 1 the work failed, 2 wrong use, 3 server, model or sandbox missing, 130 left with Ctrl-C.
husky <command> --help tells all options. HUSKY_DEBUG=1 shows where an unforeseen error came from.`;

export function createProgram(): Command {
  const program = new Command('husky')
    .description('Husky: multi-step questions solved by small expert models, as durable Temporal workflows')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError(false)
    .addHelpText('after', HELP)
    .exitOverride();
  for (const register of COMMANDS) register(program);
  return program;
}

function packageVersion(): string {
  const manifest = readFileSync(join(__dirname, '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Runs one command line. @returns the exit code */
export async function runProgram(argv: readonly string[]): Promise<number> {
  endQuietlyWhenNobodyReads();
  const program = createProgram();
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { message, exitCode, stack } = explainError(error);
    process.stderr.write(`husky: ${message}\n`);
    if (stack && process.env.HUSKY_DEBUG) process.stderr.write(`${stack}\n`);
    return exitCode;
  }
}

/** `husky list | head` is no error. */
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
