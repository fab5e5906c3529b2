/** The sandbox's interface: runs untrusted programs. */

export type SandboxLanguage = 'javascript' | 'python';

/** MiB below which a language cannot start. */
export const LEAST_MEMORY_MB: Record<SandboxLanguage, number> = { javascript: 8, python: 32 };

/** The levels, weakest first. docs/security.md says what each guarantees. */
export const SANDBOX_LEVELS = ['isolate', 'process', 'namespace'] as const;
export type SandboxLevel = (typeof SANDBOX_LEVELS)[number];

/**
 * What runs Python. `pyodide`: Pyodide in an isolate. `wasi`: CPython in WebAssembly with numpy and scipy, in a copy of a process that
 * has it started. `host`: the machine's CPython with numpy and scipy under bubblewrap. `auto`: `wasi` where it can be had, `pyodide`
 * otherwise and until it is ready, `host` for programs that need native code.
 */
export const PYTHON_BACKENDS = ['auto', 'pyodide', 'wasi', 'host'] as const;
export type PythonBackend = (typeof PYTHON_BACKENDS)[number];

/** How output is described to models (`describeRun`). */
export type OutputStyle = 'default' | 'husky-v1';

export interface SandboxOptions {
  /** The weakest level that is accepted; a machine without it is refused at start. The strongest available one is used. @default 'process' */
  require?: SandboxLevel;
  /** The strongest level that is used, to measure and test the weaker ones. @default 'namespace' */
  atMost?: SandboxLevel;
  /** Warm children kept ready per language. @default 1; fewer where memory is short */
  spares?: number;
  /** Languages whose spares are started at once, not with the first program. @default none */
  warm?: readonly SandboxLanguage[];
  /** Programs at once. Others wait; waiting does not count against their time. @default one for each processor, fewer if memory is short */
  concurrency?: number;
  /** Default limit of a run in milliseconds, of wall-clock time and of processor time. @default 10000 (Husky-v1) */
  timeoutMs?: number;
  /** Default memory limit of a run in MiB. @default 128 for JavaScript, 512 for Python */
  memoryMb?: number;
  /** Characters of output kept; the middle is cut and the full length named. @default 4000 */
  maxOutputChars?: number;
  /** @default 'default' */
  outputStyle?: OutputStyle;
  /** @default 'auto' */
  python?: PythonBackend;
  /** Called with lines for the log, such as that a snapshot is built or memory for spares is short. @default none */
  onNotice?: (message: string) => void;
}

export interface RunRequest {
  language: SandboxLanguage;
  /** A Markdown fence around the program is removed. */
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
  /** What to do, if the sandbox lacks what the program needs. */
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
  /** The level in force. */
  readonly level: SandboxLevel;
  /**
   * Runs a program. A program that fails is a result, not an error.
   *
   * @throws SandboxUnavailable when no child can be started, SandboxRefused when the language cannot run at this level or in so little memory
   */
  run(request: RunRequest): Promise<RunResult>;
  /** Ends all children. */
  close(): Promise<void>;
}
