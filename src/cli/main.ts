#!/usr/bin/env node
/**
 * The command `husky`.
 *
 * @module
 */
import './node-version';
import { runProgram } from './program';

void runProgram(process.argv).then((exitCode) => {
  // What a library may have left open must not keep the command alive; pipes are written out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
});
