/** Turns any error into one sentence and an exit code. */
import { ServiceError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { FAILURES } from './failures';
import { diskFull, isDiskFull, isTheirDiskFull } from './process/full-disk';
import { missingPackage } from './process/missing-package';
import { nativeModuleProblem } from './process/native-module';
import { ProgramError } from './process/program-error';
import { lostDatabase } from './temporal-server/lost-database';
import { WorkflowStuckError } from './workflow-trouble';

export interface Explanation {
  message: string;
  exitCode: number;
  /** The stack of an unexpected error. */
  stack?: string;
}

const SERVERS_DISK =
  'The disk on which the Temporal server keeps its database is full. Free some space there and run the same command again: it goes on from what is recorded.';

/** Exit codes of failures by wrong use and by a missing environment; all others are failures of the work. */
const EXIT_CODES: Record<string, number> = {
  ConfigurationInvalid: 2,
  InputInvalid: 2,
  IdTaken: 2,
  ToolUnknown: 2,
  TrainingDeviceMissing: 3,
  TrainingDiskFull: 3,
  SandboxUnavailable: 3,
  SandboxRefused: 3,
};

export function explainError(error: unknown): Explanation {
  const known = knownFailure(error);
  if (known) return known;
  if (error instanceof WorkflowFailedError) return explainWorkflowFailure(error);
  if (error instanceof WorkflowStuckError) return { message: error.message, exitCode: 1 };
  if (!(error instanceof Error)) return { message: String(error), exitCode: 1 };
  const missing = missingPackage(error) ?? nativeModuleProblem(error);
  if (missing) return { message: missing, exitCode: 3 };
  const lost = lostDatabase(error);
  if (lost) return { message: lost, exitCode: 3 };
  if (isTheirDiskFull(error) && !isDiskFull(error)) return { message: SERVERS_DISK, exitCode: 3 };
  const refused = error instanceof ServiceError ? serverRefusal(error) : undefined;
  if (refused) return refused;
  const { code, syscall, dest, path: touched } = error as NodeJS.ErrnoException & { dest?: string };
  // A file that is replaced as a whole is written beside itself.
  const path = touched?.replace(/\.\d+\.new$/, '');
  if (code === 'ENOENT' && syscall === 'uv_cwd')
    return { message: 'The folder in which this command runs was removed; change into another.', exitCode: 2 };
  if (code === 'ENOENT' && path) return { message: `There is no file ${path}.`, exitCode: 2 };
  if (code === 'EACCES' && path) return { message: `${path} cannot be opened: permission denied.`, exitCode: 2 };
  if (code === 'EROFS')
    return { message: `${path ?? 'That'} cannot be written: its file system is read-only.`, exitCode: 3 };
  if (code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir'))
    return {
      message: `${path ?? 'That'} is no folder: a file has the name of a folder on the way to it.`,
      exitCode: 2,
    };
  if (code === 'EISDIR') return { message: `${path ?? 'That'} is a folder, not a file.`, exitCode: 2 };
  if (isDiskFull(error)) return { message: diskFull(dest ?? path ?? 'what this command writes'), exitCode: 3 };
  return {
    message: `${error.message || error.name}\nThis was not foreseen; husky doctor may tell what is wrong.`,
    exitCode: 1,
    stack: error.stack,
  };
}

/** What the Temporal server answered, by gRPC's status code; undefined for codes that say nothing to a user. */
function serverRefusal({ cause }: ServiceError): Explanation | undefined {
  const { code, details = '' } = (cause ?? {}) as { code?: number; details?: string };
  const what = details.replace(/\.$/, '');
  if (code === 3) return { message: `The Temporal server refuses this: ${what}.`, exitCode: 2 };
  if (code === 7 || code === 16)
    return {
      message: `The Temporal server does not allow this (${what}). Check the rights of the API key or certificate.`,
      exitCode: 3,
    };
  if (code === 8)
    return { message: `The Temporal server limits calls (${what}). Try again, with fewer at a time.`, exitCode: 3 };
  if (code === 4 || code === 14)
    return { message: `The Temporal server does not answer (${what}). husky doctor tells why.`, exitCode: 3 };
  if (code === 12)
    return { message: `The Temporal server does not know this call (${what}); it may be too old.`, exitCode: 3 };
  return undefined;
}

/** Why a solution failed, for the line of one question among many. */
export function explainSolutionFailure(error: unknown): { type: string; message: string } {
  const root = rootCause(error);
  const type = root instanceof ApplicationFailure ? (root.type ?? root.name) : root.name;
  return { type, message: explainError(error).message };
}

function explainWorkflowFailure(error: WorkflowFailedError): Explanation {
  const root = rootCause(error);
  if (root instanceof CancelledFailure) return { message: 'The work was cancelled.', exitCode: 1 };
  if (root instanceof TerminatedFailure)
    return { message: `The work was terminated by hand (${root.message}).`, exitCode: 1 };
  if (root instanceof TimeoutFailure)
    return {
      message: `A call did not end in time (${root.message}); see its activity in the Temporal UI.`,
      exitCode: 1,
    };
  return knownFailure(root) ?? { message: `The work failed: ${root.message}`, exitCode: 1 };
}

function knownFailure(error: unknown): Explanation | undefined {
  if (error instanceof ProgramError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof ApplicationFailure)
    return { message: error.message, exitCode: EXIT_CODES[error.type ?? ''] ?? 1 };
  return undefined;
}

/** The outermost failure of the table, which has the advice; else the innermost error. */
function rootCause(error: unknown): Error {
  let root = error instanceof Error ? error : new Error(String(error));
  while (!isTyped(root) && root.cause instanceof Error) root = root.cause;
  return root;
}

function isTyped(error: Error): boolean {
  return error instanceof ApplicationFailure && (error.type ?? '') in FAILURES;
}
