/** Waits that a signal can end. */
import { setTimeout } from 'node:timers/promises';

/** Resolves when the signal is aborted. Its listener stays, so use it once per command; loops use {@link undefinedOnAbort} or {@link pause}. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The result of `work`, or undefined when the signal is aborted first. Leaves no listener on the signal. */
export async function undefinedOnAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  let leave = () => {};
  const left = new Promise<undefined>((resolve) => (leave = () => resolve(undefined)));
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Resolves after `ms` milliseconds, or when the signal is aborted. Leaves no listener on the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

/** The result of `work`; rejects with the signal's reason when the signal is aborted first. The work itself goes on for other callers. */
export function rejectOnAbort<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  // Nobody waits for it any more when the signal was aborted before.
  work.catch(() => undefined);
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
