/**
 * Where the activities of the user's own tools are served.
 *
 * @module
 */
import type { HuskyConfig } from '../config';
import { createFailure } from '../failures';

/** @throws ConfigurationInvalid when a tool would be asked of a worker that holds Husky's activities alone */
export function requireToolQueues({ tools }: HuskyConfig): void {
  const homeless = tools.find(({ taskQueue }) => taskQueue === undefined);
  if (homeless)
    throw createFailure(
      'ConfigurationInvalid',
      `tools: ${homeless.name} names no taskQueue, and the workers of this command hold no activity ${homeless.activity}; name the queue of the worker that does.`,
    );
}
