/**
 * The product's worker of a measurement: a process of its own, so that its CPU can be told apart.
 * Environment: TEMPORAL_ADDRESS, SIMULATOR, PREFIX, STEPS_PER_ACTIVITY, JOURNAL, JOURNALS, QUEUES (separate: a queue a role),
 * WORKFLOW_SLOTS (workflow tasks at a time), WORKFLOW_POLLS (polls for them), TRACED (spans and metrics are made), and CPU_PROFILES for a CPU profile in that folder.
 *
 * @module
 */
import { DefaultLogger, NativeConnection, Runtime, bundleWorkflowCode } from '@temporalio/worker';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { parseConfig, type HuskyConfigInput } from '../../src/config';
import { createHuskyWorkers } from '../../src/worker';
import { TRACE_MODULE } from '../../src/runtime/trace-activities';
import { setUpTracing } from './set-up-tracing';
import { simulatedConfig, simulatedParts } from './product-parts';

async function main(): Promise<void> {
  const {
    TEMPORAL_ADDRESS,
    SIMULATOR = '',
    PREFIX = '',
    STEPS_PER_ACTIVITY = '0',
    WORKFLOW_SLOTS,
    WORKFLOW_POLLS,
    CPU_PROFILES,
  } = process.env;
  const logger = new DefaultLogger('WARN', ({ level, message }) => process.stderr.write(`${level} ${message}\n`));
  Runtime.install({ logger });
  if (process.env.TRACED) setUpTracing();
  const connection = await NativeConnection.connect({ address: TEMPORAL_ADDRESS });
  const config = simulatedConfig(SIMULATOR, Number(STEPS_PER_ACTIVITY));
  const workers = await createHuskyWorkers({
    connection,
    config: parseConfig({
      ...config,
      queues: { prefix: PREFIX, mode: process.env.QUEUES as 'separate' | undefined },
      journal: process.env.JOURNAL as HuskyConfigInput['journal'],
      journalFolder: process.env.JOURNALS,
    }),
    parts: simulatedParts,
    workerOptions: {
      ...(WORKFLOW_SLOTS ? { maxConcurrentWorkflowTaskExecutions: Number(WORKFLOW_SLOTS) } : {}),
      ...(WORKFLOW_POLLS ? { maxConcurrentWorkflowTaskPolls: Number(WORKFLOW_POLLS) } : {}),
    },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('../../src/workflows'),
      workflowInterceptorModules: [TRACE_MODULE],
      logger,
    }),
  });
  const profiler = CPU_PROFILES ? await startProfiler(CPU_PROFILES) : undefined;
  process.once('SIGTERM', () => workers.shutdown());
  const running = workers.run();
  process.stdout.write('ready\n');
  await running;
  await profiler?.();
  await connection.close();
}

async function startProfiler(folder: string): Promise<() => Promise<void>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `worker-${process.pid}.cpuprofile`), JSON.stringify(profile));
  };
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
