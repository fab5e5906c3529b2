/**
 * Lets signals end a command that is the first process of a container. Linux drops the signals of that process which nobody handles: one that
 * comes before the command listens, or to a command that never does, would be lost, and the container would be killed at the end of its grace.
 */
import { constants } from 'node:os';

if (process.pid === 1)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      // A command that listens handles it itself.
      if (process.listenerCount(name) === 1) process.exit(128 + constants.signals[name]);
    });
