/**
 * The sandbox room's door.
 *
 * @module
 *
 * @example
 * ```ts
 * const sandbox = createSandbox({ require: 'process' });
 * const result = await sandbox.run({ language: 'javascript', code: 'console.log(6 * 7)', timeoutMs: 2000 });
 * console.log(result.stdout); // 42
 * await sandbox.close();
 * ```
 */
export { createSandbox } from './create-sandbox';
export { describeRun, type RunDescription } from './describe-run';
export { describePython } from './python-choice';
export { LEAST_MEMORY_MB } from './sandbox';
export type {
  OutputStyle,
  PythonBackend,
  RunError,
  RunRequest,
  RunResult,
  Sandbox,
  SandboxLanguage,
  SandboxLevel,
  SandboxOptions,
} from './sandbox';
