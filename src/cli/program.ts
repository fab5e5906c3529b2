/** The program with all commands, and their handling of errors. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import type { explainError as ExplainError } from '../explain-error';
import { packageVersion } from '../package-version';
import { asCalled, calledAs } from './names/called-as';
import { COMMANDS } from './names/command-files';
import { addDescribed, NotHelp, readDescriptions } from './help';
import { isJsonAsked, logLine } from './terminal/log-line';

type Register = (program: Command, name: string) => void;

const load = createRequire(__filename);

const HELP = `
Exit codes: 0 success, 1 the work failed, 2 wrong use, 3 server, model or sandbox missing, 130 left with Ctrl-C.
${calledAs()} <command> --help tells all options. HUSKY_DEBUG=1 shows where an unforeseen error came from.`;

/** @param name the command that is called; for any other word all are registered */
export function createProgram(name?: string): Command {
  const program = emptyProgram();
  for (const called of name !== undefined && COMMANDS[name] ? [name] : Object.keys(COMMANDS)) {
    const [file, register] = COMMANDS[called] as (typeof COMMANDS)[string];
    (load(file) as Record<string, Register>)[register]?.(program, called);
  }
  program.commands.forEach(nameListDefaults);
  return program;
}

/** Help shows the default of a list as it would be given, `action,code`; commander shows JSON. */
function nameListDefaults(command: Command): void {
  for (const option of command.options)
    if (Array.isArray(option.defaultValue)) option.defaultValueDescription ??= option.defaultValue.join(',') || 'none';
  command.commands.forEach(nameListDefaults);
}

function emptyProgram(): Command {
  return new Command(calledAs())
    .description('Husky: multi-step questions solved by small expert models, as durable Temporal workflows')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(--help tells all options)')
    .configureOutput({
      writeOut: (text) => process.stdout.write(asCalled(text)),
      writeErr: (text) => process.stderr.write(asCalled(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'husky: ')),
    })
    .addHelpText('after', HELP)
    .exitOverride();
}

/**
 * Shows help, the version, or that there is no such command; loads no command for it.
 *
 * @returns false if a command remains to be run
 */
function isAnsweredByHelp(argv: readonly string[]): boolean {
  const [name = '', ...rest] = argv.slice(2);
  if (COMMANDS[name] && !rest.some((word) => word === '--help' || word === '-h')) return false;
  const descriptions = readDescriptions();
  if (!descriptions) return false;
  const program = emptyProgram();
  addDescribed(program, descriptions);
  try {
    program.parse(argv);
    return true;
  } catch (error) {
    if (error instanceof NotHelp) return false;
    throw error;
  }
}

/** A question such as `- list three` or `-5 + 3 = ?` is no option, and none of an option's names: it has a space. It goes to the end, behind `--`. */
function textLast(argv: readonly string[], { commands }: Command): readonly string[] {
  const options = commands
    .flatMap((command) => command.options)
    .filter(({ required, optional }) => required || optional);
  const takesValue = (word?: string) =>
    options.some(({ long, short }) => word !== undefined && [long, short].includes(word));
  // commander would take the question for another name: `--approve programs "How many ...?"`.
  const followsNames = (index: number) => {
    const option = argv.slice(0, index).findLast((word) => word.startsWith('-'));
    return options.some(({ long, variadic }) => variadic && long === option);
  };
  const asksQuestion = commands.some(({ registeredArguments }) => registeredArguments.length > 0);
  const at = argv.findIndex(
    (word, index) =>
      index > 2 &&
      ((/^-[^\s=]*\s/.test(word) && !takesValue(argv[index - 1])) ||
        (asksQuestion && /\s/.test(word) && followsNames(index))),
  );
  return at < 0 || argv.includes('--') ? argv : [...argv.toSpliced(at, 1), '--', argv[at] as string];
}

/** Runs one command line. @returns the exit code */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    if (isAnsweredByHelp(argv)) return 0;
    const program = createProgram(argv[2]);
    await program.parseAsync(textLast(argv, program));
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { explainError } = load('../explain-error') as { explainError: typeof ExplainError };
    const { exitCode, stack, ...explained } = explainError(error);
    const message = asCalled(explained.message);
    process.stderr.write(isJsonAsked() ? logLine('ERROR', message) : `husky: ${message}\n`);
    if (stack && process.env.HUSKY_DEBUG) process.stderr.write(`${stack}\n`);
    return exitCode;
  }
}
