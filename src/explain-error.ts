/** Turns any error into one sentence and an exit code. */
import { ServiceError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { FAILURES } from './failures';
import { GRPC } from './temporal-server/grpc-status';
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

const failed = (message: string): Explanation => ({ message, exitCode: 1 });
const wrongUse = (message: string): Explanation => ({ message, exitCode: 2 });
const unable = (message: string): Explanation => ({ message, exitCode: 3 });

export function explainError(error: unknown): Explanation {
  const known = knownFailure(error);
  if (known) return known;
  if (error instanceof WorkflowFailedError) return explainWorkflowFailure(error);
  if (error instanceof WorkflowStuckError) return failed(error.message);
  if (!(error instanceof Error)) return failed(String(error));
  const missing = missingPackage(error) ?? nativeModuleProblem(error) ?? lostDatabase(error);
  if (missing) return unable(missing);
  if (isTheirDiskFull(error) && !isDiskFull(error)) return unable(SERVERS_DISK);
  const refused = error instanceof ServiceError ? serverRefusal(error) : undefined;
  return (
    refused ??
    explainFileError(error) ?? {
      ...failed(
        `${error.message || error.name}\nThis was not foreseen; npx temporal-husky doctor may tell what is wrong.`,
      ),
      stack: error.stack,
    }
  );
}

/** What a call of the file system failed with; undefined for other errors. */
function explainFileError(error: Error): Explanation | undefined {
  const { code, syscall, dest, path: touched } = error as NodeJS.ErrnoException & { dest?: string };
  // A file that is replaced as a whole is written beside itself.
  const path = touched?.replace(/\.\d+\.new$/, '');
  if (code === 'ENOENT' && syscall === 'uv_cwd')
    return wrongUse('The folder in which this command runs was removed; change into another.');
  if (code === 'ENOENT' && path) return wrongUse(`There is no file ${path}.`);
  if (code === 'EACCES' && path) return wrongUse(`${path} cannot be opened: permission denied.`);
  if (code === 'EROFS') return unable(`${path ?? 'That'} cannot be written: its file system is read-only.`);
  if (code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir'))
    return wrongUse(`${path ?? 'That'} is no folder: a file has the name of a folder on the way to it.`);
  if (code === 'EISDIR') return wrongUse(`${path ?? 'That'} is a folder, not a file.`);
  return isDiskFull(error) ? unable(diskFull(dest ?? path ?? 'what this command writes')) : undefined;
}

/** What the Temporal server answered, by gRPC's status; undefined for those that say nothing to a user. */
function serverRefusal({ cause }: ServiceError): Explanation | undefined {
  const { code, details = '' } = (cause ?? {}) as { code?: number; details?: string };
  const what = details.replace(/\.$/, '');
  switch (code) {
    case GRPC.INVALID_ARGUMENT:
      return wrongUse(`The Temporal server refuses this: ${what}.`);
    case GRPC.PERMISSION_DENIED:
    case GRPC.UNAUTHENTICATED:
      return unable(
        `The Temporal server does not allow this (${what}). Check the rights of the API key or certificate.`,
      );
    case GRPC.RESOURCE_EXHAUSTED:
      return unable(`The Temporal server limits calls (${what}). Try again, with fewer at a time.`);
    case GRPC.DEADLINE_EXCEEDED:
    case GRPC.UNAVAILABLE:
      return unable(`The Temporal server does not answer (${what}). npx temporal-husky doctor tells why.`);
    case GRPC.UNIMPLEMENTED:
      return unable(`The Temporal server does not know this call (${what}); it may be too old.`);
    default:
      return undefined;
  }
}

/** Why a solution failed, for the line of one question among many. */
export function explainSolutionFailure(error: unknown): { type: string; message: string } {
  const root = rootCause(error);
  const type = root instanceof ApplicationFailure ? (root.type ?? root.name) : root.name;
  return { type, message: explainError(error).message };
}

function explainWorkflowFailure(error: WorkflowFailedError): Explanation {
  const root = rootCause(error);
  if (root instanceof CancelledFailure) return failed('The work was cancelled.');
  if (root instanceof TerminatedFailure) return failed(`The work was terminated by hand (${root.message}).`);
  if (root instanceof TimeoutFailure)
    return failed(`A call did not end in time (${root.message}); see its activity in the Temporal UI.`);
  return knownFailure(root) ?? failed(`The work failed: ${root.message}`);
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
