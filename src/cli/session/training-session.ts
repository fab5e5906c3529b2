/** The session of training commands: a server, and workers in this process on the run's own queue (long-run.ts). */
import type { HostTeacherInput } from '../../activities/lab/pipeline';
import { loadConfig } from '../../config';
import { createTeacherHost, runLabWorker } from '../../teacher-host';
import type { ConnectionFlags } from '../options/command-config';
import { listenForInterrupt } from './interrupt';
import { followLongRun, longRunId, type LongRun } from './long-run';
import { rejectOnAbort } from '../../process/abort';
import { loadNativeCore } from '../../process/native-core';
import type { TemporalAccess } from './temporal-access';
import { withServer } from './with-server';
import { createTerminal } from '../terminal/terminal';

export interface TrainingFlags extends ConnectionFlags {
  json?: boolean;
}

export interface TrainingRun<Result> extends LongRun<Result> {
  /** The command's name, with which the run's id begins. */
  command: string;
  /** Teacher whose workers are needed, instead of those of the configuration. */
  teacher?: Omit<HostTeacherInput, 'taskQueue'>;
}

/** Starts or joins the run, and follows it. @returns the exit code */
export function runTraining<Result extends object>(flags: TrainingFlags, run: TrainingRun<Result>): Promise<number> {
  loadNativeCore();
  const terminal = createTerminal(process.stderr);
  const interrupt = listenForInterrupt();
  const train = async (access: TemporalAccess) => {
    const connection = await rejectOnAbort(access.native(), interrupt.signal);
    const { namespace } = access;
    const id = longRunId(run.command, run.out);
    const taskQueue = `husky-${id}`;
    terminal.status('starting workers');
    const workers = run.teacher
      ? await createTeacherHost(connection, namespace, access.codec)({ ...run.teacher, taskQueue })
      : await runLabWorker({ connection, namespace, config: loadConfig({ path: flags.config }), lab: { taskQueue } });
    terminal.status(undefined);
    const failures = [workers.failed, access.failed];
    try {
      const surroundings = { access, taskQueue, endsHere: true, interrupted: interrupt.signal, failures };
      return await followLongRun(id, run, surroundings, flags);
    } finally {
      await workers.stop();
    }
  };
  return withServer(flags, train, interrupt.signal).finally(interrupt.dispose);
}
