/** `husky exec`: runs one program, of a file or from standard input, in the sandbox. */
import { extname } from 'node:path';
import type { Command } from 'commander';
import {
  createSandbox,
  describeRun,
  LEAST_MEMORY_MB,
  type PythonBackend,
  type RunResult,
  type Sandbox,
  type SandboxLanguage,
  type SandboxLevel,
} from '../../sandbox';
import { PYTHON_BACKENDS, SANDBOX_LEVELS } from '../../sandbox/sandbox';
import { ProgramError } from '../../process/program-error';
import { readText, textOf } from '../../files/text-encoding';
import { readFileConfig } from '../options/command-config';
import { choice, positiveUpTo } from '../options/option-values';
import { printJson, printNote } from '../terminal/output';

interface ExecFlags {
  language?: keyof typeof WRITTEN_IN;
  json?: boolean;
  timeout?: number;
  memory?: number;
  require?: SandboxLevel;
  python?: PythonBackend;
  config?: string;
}

/** Languages by their names and by the ends of files. */
const WRITTEN_IN = {
  javascript: 'javascript',
  python: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'javascript',
  py: 'python',
} as const satisfies Record<string, SandboxLanguage>;

/** Characters of a program that are read; a model's are a thousandth of it. */
const LONGEST_PROGRAM = 4_000_000;
const positive = positiveUpTo(86_400);

export function registerExec(program: Command): void {
  program
    .command('exec')
    .description('run a program in the sandbox')
    .argument('[file]', 'the program (default: standard input)')
    .addOption(
      choice(
        '-l, --language <language>',
        'what the program is written in (default: as the file ends)',
        Object.keys(WRITTEN_IN) as (keyof typeof WRITTEN_IN)[],
      ),
    )
    .option('--json', 'print { ok, stdout, stderr, value?, error?, limit?, durationMs, truncated }')
    .option('--timeout <seconds>', 'limit of wall-clock and of processor time (default: sandbox.timeoutMs)', positive)
    .option('--memory <MB>', 'limit of memory of the program (default: 128 for JavaScript, 512 for Python)', positive)
    .addOption(
      choice('--require <level>', 'weakest guarantee that is accepted (default: sandbox.require)', SANDBOX_LEVELS),
    )
    .addOption(
      choice(
        '--python <backend>',
        'what runs Python (default: sandbox.python, auto; docs/security.md)',
        PYTHON_BACKENDS,
      ),
    )
    .option('--config <file>', 'configuration whose sandbox: is used (default: HUSKY_CONFIG, husky.yaml)')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, flags: ExecFlags) => {
      const name = flags.language ?? (extname(file ?? '').slice(1) as keyof typeof WRITTEN_IN);
      const language = WRITTEN_IN[name] as SandboxLanguage | undefined;
      if (language === undefined)
        throw new ProgramError('Say what the program is written in: --language javascript or --language python.', 2);
      const least = LEAST_MEMORY_MB[language];
      if (flags.memory !== undefined && flags.memory < least)
        throw new ProgramError(`${language} needs ${least} MB of memory or more (--memory).`, 2);
      const code = file === undefined ? await readProgram() : readText(file);
      const result = await runOnce(code, language, flags);
      if (flags.json) printJson(result);
      else show(result);
      if (!result.ok) process.exitCode = 1;
    });
}

const HELP = `
Exit codes: 0 the program ran, 1 it failed, 2 wrong use, 3 the sandbox itself could not run.
The first Python program on a machine prepares Python, which takes about half a minute, and so does the first that uses numpy or scipy.
--python wasi prepares what workers use for many programs: 110 MB are fetched and compiled, which takes one to five minutes, once.

Examples:
  echo 'console.log(2 ** 64)' | husky exec --language javascript
  husky exec program.py
  echo 'from sympy import *; print(sqrt(8))' | husky exec --language python --json --timeout 5
`;

async function readProgram(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Reading the program from standard input; end it with Ctrl-D.\n');
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    // Stops reading here, because the writer may never end.
    if (length > LONGEST_PROGRAM)
      throw new ProgramError(`The program has more than the ${LONGEST_PROGRAM} characters that are accepted.`, 2);
  }
  const code = textOf(Buffer.concat(parts), 'Standard input');
  if (code.trim() === '') throw new ProgramError('There is no program on standard input; pipe one in.', 2);
  return code;
}

async function runOnce(code: string, language: SandboxLanguage, flags: ExecFlags): Promise<RunResult> {
  const settings = readFileConfig(flags)?.sandbox;
  let sandbox: Sandbox | undefined;
  const interrupted = new AbortController();
  const onSignal = () => interrupted.abort(new ProgramError('Interrupted; the program was ended.', 1));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    sandbox = createSandbox({
      ...settings,
      ...(flags.require && { require: flags.require }),
      ...(flags.python && { python: flags.python }),
      spares: 0,
      concurrency: 1,
      onNotice: (message) => printNote(message),
    });
    return await sandbox.run({
      language,
      code,
      timeoutMs: flags.timeout && Math.ceil(flags.timeout * 1000),
      memoryMb: flags.memory && Math.ceil(flags.memory),
      signal: interrupted.signal,
    });
  } catch (error) {
    if (error instanceof ProgramError) throw error;
    throw new ProgramError((error as Error).message, 3);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await sandbox?.close();
  }
}

/** Prints as an interpreter does: output on stdout, errors on stderr; the value of the last expression if nothing was printed. */
function show(result: RunResult): void {
  const { stdout, stderr, value, ok } = result;
  const out = stdout || (ok && value !== undefined ? `${value}\n` : '');
  process.stdout.write(out);
  process.stderr.write(stderr);
  const { errorText } = describeRun(result, 'default');
  if (!ok && errorText) printNote(errorText);
}
