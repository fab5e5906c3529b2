/**
 * The SDK's runtime as commands want it: what it has to say goes to standard error, since standard output is the command's result.
 *
 * @module
 */
import { DefaultLogger, Runtime, type LogEntry, type LogLevel } from '@temporalio/worker';

let quiet = false;

/**
 * To be called before anything of the worker's SDK; a second call changes nothing. Failures reach the terminal through the solutions
 * they belong to; signals are the command's own matter.
 *
 * The SDK's native side prints by itself, to standard output, unless its lines are forwarded to the logger.
 *
 * @param level from which lines are told. @default 'ERROR'
 * @param tell what is done with a line. @default standard error
 */
export function quietRuntime(level: LogLevel = 'ERROR', tell?: (line: LogEntry) => void): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({
    logger: new DefaultLogger(level, tell),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: level, other: level }, forward: {} } },
  });
}
