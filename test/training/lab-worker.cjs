/** Runs lab-worker.ts in a process of its own, compiled as jest compiles it. */
const { transformSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const Module = require('node:module');

const swc = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...swc, filename }).code, filename);
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  try {
    return resolve.call(this, request, ...rest);
  } catch (error) {
    if (!request.startsWith('.')) throw error;
    try {
      return resolve.call(this, `${request}.ts`, ...rest);
    } catch {
      return resolve.call(this, `${request}/index.ts`, ...rest);
    }
  }
};
require('./lab-worker.ts');
