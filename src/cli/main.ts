#!/usr/bin/env node
/** The command `husky`. */
import './terminal/first-process';
import './terminal/git-hooks';
import './terminal/node-version';
import './terminal/compile-cache';
import './terminal/quiet-grpc';
import { flushTelemetry } from '../runtime/registered-telemetry';
import { runProgram } from './program';
import { isJsonAsked, logLine } from './terminal/log-line';
import { endWithoutOutput, flushOutput } from './terminal/output';

endWithoutOutput();

// The SDK may retry a request on a closed connection, when a command leaves a server that is gone.
process.on('uncaughtException', (error) => {
  if (error.message === 'Channel has been shut down') return;
  process.stderr.write(
    isJsonAsked() ? logLine('ERROR', error.message, { error }) : `husky: ${error.stack ?? error.message}\n`,
  );
  process.exit(1);
});

void runProgram(process.argv).then(async (exitCode) => {
  await flushTelemetry();
  await flushOutput();
  // Resources that a library left open must not keep the command alive.
  process.exit(exitCode);
});
