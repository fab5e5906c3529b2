/**
 * The form of everything that activities do: thin, one object in, one object out, abortable.
 *
 * @module
 */
import type { ActivityContext } from './activity-context';

export type ActivityBody<Input, Result> = (
  context: ActivityContext,
  input: Input,
  signal: AbortSignal,
) => Promise<Result>;
