/** Statuses of gRPC, with which calls to the Temporal server fail. */
export const GRPC = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** Whether an error, or one that caused it, has one of the statuses. */
export function failedWith(error: unknown, ...statuses: readonly unknown[]): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause)
    if (statuses.includes((inner as { code?: unknown }).code)) return true;
  return false;
}
