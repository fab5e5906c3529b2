/** Ctrl-C: the first asks the command to end, the second ends it at once. */
import { ProgramError } from '../../process/program-error';

/** 128 + SIGINT, as shells report it. */
export const INTERRUPTED = 130;

export interface Interrupt {
  /**
   * Aborted by the first SIGINT, SIGTERM or SIGHUP. With its reason a command ends that is left before its work began:
   * `rejectOnAbort(preparing, signal)`.
   */
  signal: AbortSignal;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const interrupted = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new ProgramError('Left before its work began.', INTERRUPTED));
  };
  for (const name of SIGNALS) process.on(name, interrupted);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, interrupted);
    },
  };
}
