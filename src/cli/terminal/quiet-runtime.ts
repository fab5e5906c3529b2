/** Configures the SDK's runtime for commands: its messages go to standard error, because standard output is the command's result. */
import { DefaultLogger, Runtime, type LogEntry, type LogLevel } from '@temporalio/worker';

let quiet = false;

/**
 * Call it before using the worker's SDK; a second call changes nothing. Failures are shown with their solutions, and the command handles
 * signals itself.
 *
 * The SDK's native core prints to standard output unless its lines are forwarded to the logger.
 *
 * @param level least level of lines that are shown. @default 'ERROR'
 * @param tell called with each line. @default standard error
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
