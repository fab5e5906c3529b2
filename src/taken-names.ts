/** What Husky registers beside what a worker has of its user's: neither replaces the other. */
import { createFailure } from './failures';

/**
 * @param ours by the name under which it is registered
 * @returns theirs and ours
 * @throws ConfigurationInvalid when the worker has something else of one of our names
 */
export function besideTheirs<Theirs extends object>(
  kind: 'activity' | 'sink',
  ours: object,
  theirs?: Theirs,
): Theirs & object {
  const taken = Object.entries(ours).find(([name, own]) => {
    const other: unknown = Reflect.get(theirs ?? {}, name);
    return other !== undefined && other !== own;
  });
  if (taken)
    throw createFailure(
      'ConfigurationInvalid',
      `The worker has ${kind} ${taken[0]} already, and Husky would replace it: rename yours, or give the worker one plugin of Husky's.`,
    );
  return { ...theirs, ...ours } as Theirs & object;
}
