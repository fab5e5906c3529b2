/**
 * Ctrl-C: the first asks the command to end in good order, the second ends it at once.
 *
 * @module
 */
import { setTimeout } from 'node:timers/promises';

/** 128 + SIGINT, as shells report it. */
export const INTERRUPTED = 130;

export interface Interrupt {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const interrupted = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, interrupted);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, interrupted);
    },
  };
}

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
