#!/usr/bin/env node
/**
 * The command `husky`.
 *
 * @module
 */
import './terminal/node-version';
import { runProgram } from './program';

// The SDK may retry a request after its connection was closed, when a command is leaving a server that is gone.
process.on('uncaughtException', (error) => {
  if (error.message === 'Channel has been shut down') return;
  process.stderr.write(`husky: ${error.stack ?? error.message}\n`);
  process.exit(1);
});

void runProgram(process.argv).then((exitCode) => {
  // What a library may have left open must not keep the command alive; pipes are written out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
});
