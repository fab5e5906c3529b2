/**
 * Running programs that nobody vouches for.
 *
 * @module
 */

export type SandboxLanguage = 'javascript' | 'python';

/** The guarantees, weakest first. docs/security.md says what each promises and what it does not. */
export type SandboxLevel = 'isolate' | 'process' | 'namespace';

export interface SandboxOptions {
  /** The weakest guarantee that is accepted; what cannot be met is refused at start. @default 'process' */
  require?: SandboxLevel;
  /** Warm children kept ready per language. @default 1 for JavaScript, 1 for Python once Python is used */
  spares?: number;
  /** Programs at a time. @default 4 */
  concurrency?: number;
  /** Wall-clock limit in milliseconds where a run names none. @default 10000 (Husky-v1) */
  timeoutMs?: number;
  /** Memory limit in MiB where a run names none. @default 128 for JavaScript, 512 for Python */
  memoryMb?: number;
  /** Characters of output kept; the middle is cut and the full length named. @default 4000 */
  maxOutputChars?: number;
  /** What output means. `husky-v1`: as the reference reads it (stderr empties, one float rounded, `[FAIL]` for nothing). @default 'default' */
  outputProfile?: 'default' | 'husky-v1';
}

export interface RunRequest {
  language: SandboxLanguage;
  code: string;
  timeoutMs?: number;
  memoryMb?: number;
  signal?: AbortSignal;
}

export interface RunResult {
  /** The program ran to its end without an error and within its limits. */
  ok: boolean;
  stdout: string;
  stderr: string;
  /** Value of the last expression, when nothing was printed. */
  value?: string;
  error?: { name: string; message: string; traceback?: string };
  /** Which limit ended the program. */
  limit?: 'time' | 'memory' | 'output' | 'crash';
  durationMs: number;
  /** Output was cut; the text says where and how long it was. */
  truncated: boolean;
}

export interface Sandbox {
  /** The guarantee in force. */
  readonly level: SandboxLevel;
  run(request: RunRequest): Promise<RunResult>;
  /** Ends all children. */
  close(): Promise<void>;
}
