/**
 * How long a person's question waits beside a synthesis, and for what:
 * `node benchmarks/node-ts.cjs benchmarks/throughput/overtake.ts` (after npm run build).
 *
 * @module
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { HuskyClient, type SolutionHandle } from '../../src/client';
import { runPriority } from '../../src/contract/priority';
import { defaultBench, openSurroundings, startNode } from './surroundings';

const HELP = `node benchmarks/node-ts.cjs benchmarks/throughput/overtake.ts [options]
  --flood 300          questions of a synthesis in flight
  --people 5           questions of persons: the first right behind the flood, the others two seconds apart
  --slots 200,32       workflow tasks that a worker has at a time; each is a measurement
  --leave              does not wait for the end of the flood
  --slowdown 1         times that the models are slower than 15 ms a token
  --bench FOLDER       the baselines (default: shared/bench beside the repository)`;

/** Milliseconds between parts of a question's way to its first call, from the times that the server recorded. */
interface Wait {
  /** Until a worker took the first workflow task. */
  queued: number;
  /** Until that task was done, the profile recorded and the first call named. */
  task: number;
  /** Until a worker took the first call. */
  call: number;
  all: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      flood: { type: 'string', default: '300' },
      people: { type: 'string', default: '5' },
      slots: { type: 'string', default: '200,32' },
      slowdown: { type: 'string', default: '1' },
      leave: { type: 'boolean', default: false },
      bench: { type: 'string', default: defaultBench() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const [flood, people] = [Number(values.flood), Number(values.people)];
  const surroundings = await openSurroundings({
    bench: values.bench,
    questions: flood + people,
    slowdown: Number(values.slowdown),
  });
  process.stdout.write(
    '| workflow slots | flood in flight | first call after, s | queue | workflow task | call taken | flood done, s |\n|---|---|---|---|---|---|---|\n',
  );
  try {
    for (const slots of values.slots.split(',')) {
      const server = await surroundings.startServer();
      const worker = await startNode(
        require.resolve('./product-worker'),
        {
          TEMPORAL_ADDRESS: server.address,
          SIMULATOR: surroundings.simulator,
          SIMULATOR_KEY: 'none',
          WORKFLOW_SLOTS: slots,
        },
        /ready/,
      );
      const connection = await Connection.connect({ address: server.address });
      const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: 'husky' });
      const asked = surroundings.questions.map(({ question }) => question);
      const began = Date.now();
      const waiting = asked.slice(people).values();
      const flooded: SolutionHandle[] = [];
      const lane = async () => {
        for (const question of waiting)
          flooded.push(await husky.start(question, { priority: runPriority('synthesis', 'flood') }));
      };
      await Promise.all(Array.from({ length: 20 }, lane));
      const done: Promise<number> = Promise.all(flooded.map((handle) => handle.result())).then(
        () => Date.now() - began,
      );
      // Where nobody waits for it, it fails with its server.
      done.catch(() => undefined);
      const waits: Wait[] = [];
      for (const question of asked.slice(0, people)) {
        const handle = await husky.start(question);
        waits.push(await firstCall(handle));
        await pause(2000);
      }
      const took = values.leave ? undefined : await done;
      await worker.stop();
      await connection.close();
      const list = (name: keyof Wait) => waits.map((wait) => (wait[name] / 1000).toFixed(2)).join(' ');
      process.stdout.write(
        `| ${slots} | ${flood} | ${list('all')} | ${list('queued')} | ${list('task')} | ${list('call')} | ${took === undefined ? '-' : (took / 1000).toFixed(1)} |\n`,
      );
    }
  } finally {
    await surroundings.stop();
  }
  const [model = 'unknown'] = cpus().map((cpu) => cpu.model.trim());
  process.stdout.write(
    `\n${cpus().length} cores (${model}), load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 16)}Z\n`,
  );
}

async function firstCall(handle: SolutionHandle): Promise<Wait> {
  for (;;) {
    const { events = [] } = await handle.workflow.fetchHistory();
    const at = (attributes: string) => {
      const event = events?.find((one) => (one as Record<string, unknown>)[attributes]);
      return event && tsToMs(event.eventTime as Parameters<typeof tsToMs>[0]);
    };
    const begun = at('workflowExecutionStartedEventAttributes') ?? 0;
    const taken = at('workflowTaskStartedEventAttributes') ?? 0;
    const named = at('activityTaskScheduledEventAttributes') ?? 0;
    const called = at('activityTaskStartedEventAttributes');
    // The start of a call is written with its end.
    if (called !== undefined)
      return { queued: taken - begun, task: named - taken, call: called - named, all: called - begun };
    await pause(200);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
