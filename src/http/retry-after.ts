/**
 * When a server wants to be asked again.
 *
 * @module
 */

/** A server that asks for more is asked again after this, so that a wrong clock can't hold a solution for days. */
const LONGEST_MS = 60 * 60 * 1000;

/**
 * `retry-after-ms` (OpenAI), else `Retry-After` in seconds or as an HTTP date (RFC 9110, section 10.2.3).
 *
 * @returns milliseconds from now, at most an hour; undefined where the server says nothing usable
 */
export function retryAfterMs(headers: Headers | undefined, now = Date.now()): number | undefined {
  const milliseconds = nonNegative(headers?.get('retry-after-ms'));
  if (milliseconds !== undefined) return Math.min(milliseconds, LONGEST_MS);
  const value = headers?.get('retry-after')?.trim();
  const seconds = nonNegative(value);
  if (seconds !== undefined) return Math.min(seconds * 1000, LONGEST_MS);
  const date = value ? Date.parse(value) : NaN;
  return Number.isNaN(date) || date <= now ? undefined : Math.min(date - now, LONGEST_MS);
}

function nonNegative(value: string | null | undefined): number | undefined {
  return value && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
