/** A call that failed for good, where it is a question's result and not the workflow's end. */
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { CallFailure } from '../../contract/batch';
import type { AdvanceFailureDetail } from '../../contract/payloads';
import type { Usage } from '../../trajectory/step';

/** @throws the error itself when it is a cancellation, or no call's */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof ApplicationFailure) return { type: error.type ?? 'Error', message: error.message };
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : (cause?.name ?? 'Error');
  return { type, message: cause?.message ?? error.message };
}

/** Usage of the whole solution, if the failed call was one of several in an activity. */
export function usageUntil(error: unknown): Usage | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return (detail as AdvanceFailureDetail | undefined)?.usage;
}

/** What a child workflow failed with, where it was a call or an ApplicationFailure of its own. */
export function failureOfChild(error: unknown): CallFailure | undefined {
  let cause = error;
  while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
  return cause instanceof ApplicationFailure ? { type: cause.type ?? 'Error', message: cause.message } : undefined;
}
