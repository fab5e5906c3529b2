/** Configures the SDK's runtime for commands: its messages go to standard error, because standard output is the command's result. */
import { DefaultLogger, Runtime, type LogEntry, type LogLevel } from '@temporalio/worker';
import { ProgramError } from '../../process/program-error';

let quiet = false;

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/**
 * Call it before using the worker's SDK; a second call changes nothing. Failures are shown with their solutions, and the command handles
 * signals itself.
 *
 * The SDK's native core prints to standard output unless its lines are forwarded to the logger.
 *
 * @param level least level of lines that are shown. @default HUSKY_LOG, else 'ERROR'
 * @param tell called with each line. @default standard error, as JSON with HUSKY_LOG_FORMAT=json
 * @throws ProgramError where HUSKY_LOG or HUSKY_LOG_FORMAT cannot be read
 */
export function quietRuntime(level: LogLevel = askedLevel(), tell: Tell | undefined = askedForm()): void {
  if (quiet) return;
  quiet = true;
  // Lines of the native core are for its developers: below warnings they come only where all lines are asked for.
  const core = level === 'INFO' ? 'WARN' : level;
  Runtime.install({
    logger: new DefaultLogger(level, tell),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core, other: core }, forward: {} } },
  });
}

type Tell = (line: LogEntry) => void;

function askedLevel(asked = process.env['HUSKY_LOG'] ?? ''): LogLevel {
  const level = LEVELS.find((known) => known === asked.trim().toUpperCase());
  if (level || asked.trim() === '') return level ?? 'ERROR';
  throw new ProgramError(`HUSKY_LOG is ${asked}; it can be ${LEVELS.join(', ').toLowerCase()}.`, 2);
}

function askedForm(asked = process.env['HUSKY_LOG_FORMAT'] ?? ''): Tell | undefined {
  if (['', 'text'].includes(asked.trim())) return undefined;
  if (asked.trim() === 'json') return (line) => void process.stderr.write(`${asJson(line)}\n`);
  throw new ProgramError(`HUSKY_LOG_FORMAT is ${asked}; it can be text or json.`, 2);
}

/** One object a line: `time`, `level`, `message`, and what the line is about. */
function asJson({ timestampNanos, level, message, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return JSON.stringify({ time, level, message, ...meta }, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
  });
}
