/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/before-all.ts',
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Beside the other caches, since the folder of temporary files goes with the tests.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testTimeout: 180_000,
  // Twice the processors of a small machine: about half of the time of tests is waiting.
  maxWorkers: 4,
  testSequencer: '<rootDir>/test/longest-first.cjs',
  // A worker's exit takes longer than jest's half a second when the machine is busy; what is left open still shows after this.
  workerGracefulExitTimeout: 30_000,
};
