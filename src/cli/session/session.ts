/** The session of a command: configuration, server, workers and client, opened together and closed in order. */
import { HuskyClient } from '../../husky-client';
import type { HuskyConfig } from '../../config';
import { rejectOnAbort } from '../../process/abort';
import { readConfig, type SessionFlags } from '../options/command-config';
import { listenForInterrupt } from './interrupt';
import { findOrStartLab, findOrStartWorkers, workersFor, type LabNeeds, type SolveWorkers } from './solve-workers';
import { openTemporal, type TemporalAccess } from './temporal-access';
import { createTerminal } from '../terminal/terminal';

export interface Session {
  config: HuskyConfig;
  access: TemporalAccess;
  workers: SolveWorkers;
  husky: HuskyClient;
  /** Aborted by Ctrl-C. */
  interrupted: AbortSignal;
  /** Reject when server or workers end under the command. */
  failures: Promise<never>[];
}

export interface SessionOptions {
  flags: SessionFlags;
  /** Finds workers for a solution that exists already, or none if it has ended. @default workers for new solutions */
  taskQueue?: (access: TemporalAccess) => Promise<string | undefined>;
  /** Finds or starts workers of the lab, for synthesis, training and evaluation. */
  lab?: LabNeeds;
}

export async function withSession<T>(options: SessionOptions, body: (session: Session) => Promise<T>): Promise<T> {
  const { flags } = options;
  const { config, chosen } = readConfig(flags);
  const notes = createTerminal(process.stderr);
  const interrupt = listenForInterrupt();
  const unlessLeft = <Prepared>(preparing: Promise<Prepared>) => rejectOnAbort(preparing, interrupt.signal);
  const onProgress = (line: string) => notes.line(line);
  notes.status('looking for a Temporal server');
  let access: TemporalAccess | undefined;
  let workers: SolveWorkers | undefined;
  try {
    const { address, ephemeral } = flags;
    access = await unlessLeft(openTemporal({ address, ephemeral, works: !options.taskQueue, config, onProgress }));
    notes.status('starting workers');
    const needs = { access, config, chosen };
    workers = await unlessLeft<SolveWorkers>(
      options.taskQueue
        ? options.taskQueue(access).then((queue) => workersFor(queue, needs))
        : options.lab
          ? findOrStartLab(needs, options.lab)
          : findOrStartWorkers(needs),
    );
    notes.status(undefined);
    return await body({
      config,
      access,
      workers,
      husky: new HuskyClient({ client: access.client, taskQueue: workers.taskQueue }),
      interrupted: interrupt.signal,
      failures: [access.failed, workers.failed],
    });
  } finally {
    const isWaiting = workers !== undefined && interrupt.signal.aborted;
    notes.status(isWaiting ? 'letting calls in flight end (Ctrl-C again to leave at once)' : undefined);
    await workers?.stop();
    await access?.close();
    notes.status(undefined);
    interrupt.dispose();
  }
}
