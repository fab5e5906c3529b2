/**
 * Ctrl-C: the first one leaves in good order, the second one at once.
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

/** Resolves when the signal is aborted. For one wait a command: what waits again and again takes {@link unlessAborted} or {@link pause}. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What the work comes to, or undefined when the signal is aborted first. Nothing of it stays with a signal that lives on. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
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

/** Resolves after so many milliseconds, or when the signal is aborted. Nothing of it stays with a signal that lives on. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
