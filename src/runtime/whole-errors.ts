/**
 * Keeps halves of characters out of failures. Temporal's core reads the words of a failure as strict UTF-8, and a worker that reports one with
 * half of a surrogate pair ends. Results and details travel as JSON, which escapes them.
 */
import { ApplicationFailure, ensureApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** An interceptor for all activities of a worker. */
export const wholeErrors: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute: (input, next) =>
      next(input).catch((error: unknown) => {
        throw wholeError(error);
      }),
  },
});

/** The error itself where it can travel, or one with the same words without halves of characters. */
export function wholeError(error: unknown): unknown {
  return isWhole(error) ? error : rewritten(error, new Set());
}

function isWhole(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
    seen.add(at);
    const { message, stack, type } = ensureApplicationFailure(at);
    if (![message, stack, type].every((text) => text?.isWellFormed() ?? true)) return false;
  }
  return true;
}

function rewritten(error: unknown, seen: Set<unknown>): ApplicationFailure {
  seen.add(error);
  const { message, stack, type, nonRetryable, details, cause, nextRetryDelay, category } =
    ensureApplicationFailure(error);
  const inner = cause === undefined || seen.has(cause) ? undefined : rewritten(cause, seen);
  const whole = new ApplicationFailure(
    message.toWellFormed(),
    type?.toWellFormed(),
    nonRetryable,
    details ?? undefined,
    inner,
    nextRetryDelay,
    category,
  );
  return Object.assign(whole, { stack: stack?.toWellFormed() });
}
