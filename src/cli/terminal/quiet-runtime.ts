/** Configures the SDK's runtime for commands: its messages go to standard error, because standard output is the command's result. */
import { DefaultLogger, Runtime, type LogEntry, type LogLevel, type LogMetadata } from '@temporalio/worker';
import { IllegalStateError } from '@temporalio/common';
import { ProgramError } from '../../process/program-error';
import { FAILED } from './failed-calls';
import { isJsonAsked, logLine } from './log-line';

let quiet = false;

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/**
 * Call it before using the worker's SDK; a second call changes nothing. Failures are shown with their solutions, and the command handles
 * signals itself. A runtime that a module of the user's installed before (`node --import`) stays as it is.
 *
 * The SDK's native core prints to standard output unless its lines are forwarded to the logger.
 *
 * @param level least level of lines that are shown. @default HUSKY_LOG, else 'ERROR'
 * @param tell called with each line. @default standard error, as JSON with HUSKY_LOG_FORMAT=json
 * @param metrics `host:port` at which Prometheus finds the metrics of the SDK. @default none
 * @param onFailedCall takes what the SDK tells of an attempt of an activity that failed, where such lines are not shown anyhow
 * @throws ProgramError where HUSKY_LOG or HUSKY_LOG_FORMAT cannot be read, or the port of the metrics cannot be had
 */
export function quietRuntime(
  level: LogLevel = askedLevel(),
  tell: Tell | undefined = askedForm(),
  metrics?: string,
  onFailedCall?: (meta: LogMetadata | undefined) => void,
): void {
  if (quiet) return;
  quiet = true;
  // Lines of the native core are for its developers: below warnings they come only where all lines are asked for.
  const core = level === 'INFO' ? 'WARN' : level;
  const shown = new DefaultLogger(level, tell);
  const logger =
    level === 'ERROR' && onFailedCall
      ? new DefaultLogger('WARN', ({ level: own, message, meta }) => {
          if (own === 'WARN' && message === FAILED) onFailedCall(meta);
          else shown.log(own, message, meta);
        })
      : shown;
  try {
    Runtime.install({
      logger,
      shutdownSignals: [],
      telemetryOptions: {
        logging: { filter: { core, other: core }, forward: {} },
        ...(metrics ? { metrics: { prometheus: { bindAddress: metrics } } } : {}),
      },
    });
  } catch (error) {
    if (metrics)
      throw new ProgramError(
        `The SDK's metrics cannot be served at ${metrics} (${(error as Error).message}). Choose another --metrics-port.`,
        2,
      );
    if (!(error instanceof IllegalStateError)) throw error;
  }
}

type Tell = (line: LogEntry) => void;

function askedLevel(asked = process.env['HUSKY_LOG'] ?? ''): LogLevel {
  const level = LEVELS.find((known) => known === asked.trim().toUpperCase());
  if (level || asked.trim() === '') return level ?? 'ERROR';
  throw new ProgramError(`HUSKY_LOG is ${asked}; it can be ${LEVELS.join(', ').toLowerCase()}.`, 2);
}

function askedForm(asked = process.env['HUSKY_LOG_FORMAT'] ?? ''): Tell | undefined {
  if (['', 'text'].includes(asked.trim())) return undefined;
  if (isJsonAsked())
    return ({ timestampNanos, level, message, meta }) =>
      void process.stderr.write(logLine(level, message, meta, new Date(Number(timestampNanos / 1_000_000n))));
  throw new ProgramError(`HUSKY_LOG_FORMAT is ${asked}; it can be text or json.`, 2);
}
