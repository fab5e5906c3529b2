/** Checks where the activities of the user's own tools are served. */
import type { HuskyConfig } from '../config';
import { createFailure } from '../failures';

/** @throws ConfigurationInvalid if a tool's call would go to a worker that has only Husky's activities */
export function requireToolQueues({ tools }: HuskyConfig): void {
  const homeless = tools.find(({ taskQueue }) => taskQueue === undefined);
  if (homeless)
    throw createFailure(
      'ConfigurationInvalid',
      `tools: ${homeless.name} names no taskQueue, and the workers of this command hold no activity ${homeless.activity}; name the queue of the worker that does.`,
    );
}
