/** The form of activity bodies: one object in, one object out, and a signal that aborts them. */
import type { ActivityContext } from './activity-context';

export type ActivityBody<Input, Result> = (
  context: ActivityContext,
  input: Input,
  signal: AbortSignal,
) => Promise<Result>;
