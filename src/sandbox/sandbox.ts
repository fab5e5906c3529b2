/**
 * Running programs that nobody vouches for.
 *
 * @module
 */

export type SandboxLanguage = 'javascript' | 'python';

/** MiB below which a language cannot even start. */
export const LEAST_MEMORY_MB: Record<SandboxLanguage, number> = { javascript: 8, python: 32 };

/** The guarantees, weakest first. docs/security.md says what each promises and what it does not. */
export const SANDBOX_LEVELS = ['isolate', 'process', 'namespace'] as const;
export type SandboxLevel = (typeof SANDBOX_LEVELS)[number];

/** Where Python runs: `pyodide` in the isolate, `host` as CPython with numpy and scipy under bubblewrap, `auto` the second where the first lacks a package. */
export type PythonBackend = 'auto' | 'pyodide' | 'host';

/** What output means: see `describeRun`. */
export type OutputStyle = 'default' | 'husky-v1';

export interface SandboxOptions {
  /** The weakest guarantee that is accepted; what cannot be met is refused at start. The strongest on offer is used. @default 'process' */
  require?: SandboxLevel;
  /** The strongest guarantee that is used, for measuring and testing the weaker ones. @default 'namespace' */
  atMost?: SandboxLevel;
  /** Warm children kept ready per language. @default 1; fewer where memory is short */
  spares?: number;
  /** Languages whose spares are started at once and not with their first program. @default none */
  warm?: readonly SandboxLanguage[];
  /** Programs at a time; others wait, and their time does not run. @default one for each processor, as far as memory reaches */
  concurrency?: number;
  /** Limit in milliseconds where a run names none, of wall-clock time and of processor time. @default 10000 (Husky-v1) */
  timeoutMs?: number;
  /** Memory limit in MiB where a run names none. @default 128 for JavaScript, 512 for Python */
  memoryMb?: number;
  /** Characters of output kept; the middle is cut and the full length named. @default 4000 */
  maxOutputChars?: number;
  /** @default 'default' */
  outputStyle?: OutputStyle;
  /** @default 'auto' */
  python?: PythonBackend;
  /** Told what is worth a log line: a snapshot being built, spares given up for want of memory. @default none */
  onNotice?: (message: string) => void;
}

export interface RunRequest {
  language: SandboxLanguage;
  /** A fence of three backticks around the whole program is taken off. */
  code: string;
  timeoutMs?: number;
  memoryMb?: number;
  /** Ends the program's process; `run` rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface RunError {
  name: string;
  message: string;
  /** The lines of the program that led there, with their numbers. */
  traceback?: string;
  /** What to do about it where the cause is what the sandbox lacks. */
  advice?: string;
}

export interface RunResult {
  /** The program ran to its end without an error and within its limits. */
  ok: boolean;
  stdout: string;
  stderr: string;
  /** Value of the last expression, when nothing was printed. */
  value?: string;
  error?: RunError;
  /** Which limit ended the program. */
  limit?: 'time' | 'memory' | 'output' | 'crash';
  /** Milliseconds from handing the program to a warm child to its answer. */
  durationMs: number;
  /** Output was cut; the text says where and how long it was. */
  truncated: boolean;
}

export interface Sandbox {
  /** The guarantee in force. */
  readonly level: SandboxLevel;
  /**
   * A program that fails is a result.
   *
   * @throws SandboxUnavailable when no child can be started, SandboxRefused when the language cannot run at this level or in so little memory
   */
  run(request: RunRequest): Promise<RunResult>;
  /** Ends all children. */
  close(): Promise<void>;
}
