/** A call that failed for good, where it is a question's result and not the workflow's end. */
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { CallFailure } from '../../contract/batch';

/** @throws the error itself when it is a cancellation, or no call's */
export function failureOf(error: unknown): CallFailure {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : (cause?.name ?? 'Error');
  return { type, message: cause?.message ?? error.message };
}

/** What a child workflow failed with, where it was a call or an ApplicationFailure of its own. */
export function failureOfChild(error: unknown): CallFailure | undefined {
  let cause = error;
  while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
  return cause instanceof ApplicationFailure ? { type: cause.type ?? 'Error', message: cause.message } : undefined;
}
