/** Reads the failure of a call, where it ends one question or sample and not the whole workflow. */
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { CallFailure } from '../../contract/batch';
import type { AdvanceFailureDetail } from '../../contract/payloads';
import type { Usage } from '../../trajectory/step';

/** @throws the error itself if it is a cancellation, or not the failure of a call */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof ApplicationFailure) return { type: error.type ?? 'Error', message: error.message };
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : (cause?.name ?? 'Error');
  return { type, message: cause?.message ?? error.message };
}

/** What the solution had used when an activity of several steps failed; undefined for other errors. */
export function usageUntil(error: unknown): Usage | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return (detail as AdvanceFailureDetail | undefined)?.usage;
}

/** Why a child workflow failed; undefined if no ApplicationFailure says so. */
export function failureOfChild(error: unknown): CallFailure | undefined {
  let cause = error;
  while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
  return cause instanceof ApplicationFailure ? { type: cause.type ?? 'Error', message: cause.message } : undefined;
}
