/** JSON as it leaves to servers. */

/**
 * Half of a surrogate pair, such as a program's output may hold, becomes the replacement character: strict servers refuse a body with one,
 * whatever else it says.
 */
export const sentJson = (body: unknown): string =>
  JSON.stringify(body, (_name, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
