/**
 * How long a person's question waits beside a synthesis until its first call reaches the model, and for what:
 * `node benchmarks/node-ts.cjs benchmarks/throughput/overtake.ts` (after npm run build).
 *
 * @module
 */
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { HuskyClient } from '../../src/client';
import { runPriority } from '../../src/contract/priority';
import { profileOf } from '../cluster/profiles';
import { startCores } from './cores';
import { askPeople, callsBetween, PARTS, waitsOf } from './people';
import { defaultBench, openSurroundings, startNode, type Surroundings } from './surroundings';

const HELP = `node benchmarks/node-ts.cjs benchmarks/throughput/overtake.ts [options]
  --address HOST:PORT  a cluster that runs already (default: a development server for each measurement)
  --postgres-port N    its database, for the processor time of each service
  --flood 300          questions of a synthesis; several, with commas, are several measurements
  --window 0           questions of it in flight at a time (0: all are started at once); each is a measurement
  --people 30          questions of persons, once the flood is in flight
  --gap 2000           milliseconds between them, whatever becomes of the one before
  --early              the persons ask while the flood is being started
  --profile call       settings of the worker: call, apart, steps, journal, batch
  --slots 16           workflow tasks that a worker has at a time; each is a measurement
  --polls N            polls for workflow tasks (default: the product's)
  --workers 1          processes of the worker
  --wait               waits for the end of the flood
  --slowdown 1         times that the models are slower than 15 ms a token
  --bench FOLDER       the baselines (default: shared/bench beside the repository)`;

interface Settings {
  address?: string;
  postgresPort?: number;
  flood: number;
  window: number;
  people: number;
  gap: number;
  early: boolean;
  wait: boolean;
  profile: string;
  slots: string;
  polls?: string;
  workers: number;
}

/** Starts in progress at a time where the whole flood is started at once. */
const LANES = 20;
/** Milliseconds from the start of the flood's last question to the first person. */
const SETTLE_MS = 5000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      address: { type: 'string' },
      'postgres-port': { type: 'string' },
      flood: { type: 'string', default: '300' },
      window: { type: 'string', default: '0' },
      people: { type: 'string', default: '30' },
      gap: { type: 'string', default: '2000' },
      early: { type: 'boolean', default: false },
      profile: { type: 'string', default: 'call' },
      slots: { type: 'string', default: '16' },
      polls: { type: 'string' },
      workers: { type: 'string', default: '1' },
      slowdown: { type: 'string', default: '1' },
      wait: { type: 'boolean', default: false },
      bench: { type: 'string', default: defaultBench() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const floods = values.flood.split(',').map(Number);
  const people = Number(values.people);
  const { address, polls, profile, early, wait } = values;
  const surroundings = await openSurroundings({
    bench: values.bench,
    questions: Math.max(...floods) + people + 1,
    slowdown: Number(values.slowdown),
  });
  process.stdout.write(
    `| profile | slots | flood | in flight | calls a second | first call after, s: p50 | p99 | longest | within 1 s | of it, p50 (longest): ${PARTS.join(' | ')} | cores busy | all answered after, s |\n|${'---|'.repeat(15)}\n`,
  );
  try {
    for (const slots of values.slots.split(','))
      for (const flood of floods)
        for (const window of values.window.split(',').map(Number)) {
          const row = await measure(surroundings, {
            ...{ address, polls, profile, early, wait, slots, flood, window, people },
            postgresPort: values['postgres-port'] ? Number(values['postgres-port']) : undefined,
            gap: Number(values.gap),
            workers: Number(values.workers),
          });
          const size = window ? `${flood}, ${window} at a time` : `${flood}`;
          process.stdout.write(`| ${profile} | ${slots} | ${size} | ${row.join(' | ')} |\n`);
        }
  } finally {
    await surroundings.stop();
  }
  const [model = 'unknown'] = cpus().map((cpu) => cpu.model.trim());
  process.stdout.write(
    `\n${cpus().length} cores (${model}), load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 16)}Z\n`,
  );
}

async function measure(surroundings: Surroundings, settings: Settings): Promise<string[]> {
  const { flood, people, profile } = settings;
  const address = settings.address ?? (await surroundings.startServer()).address;
  const prefix = `overtake-${profile}-${flood}-${Date.now()}`;
  const taskQueue = `${prefix}-husky`;
  const log = join(surroundings.scratch, `${prefix}.jsonl`);
  await fetch(`${surroundings.simulator}/reset?log=${encodeURIComponent(log)}`, { method: 'POST' });
  const workers = await Promise.all(
    Array.from({ length: settings.workers }, () =>
      startNode(
        require.resolve('./product-worker'),
        {
          TEMPORAL_ADDRESS: address,
          SIMULATOR: surroundings.simulator,
          SIMULATOR_KEY: 'none',
          PREFIX: prefix,
          JOURNALS: `${surroundings.scratch}/journals-${prefix}`,
          WORKFLOW_SLOTS: settings.slots,
          ...(settings.polls ? { WORKFLOW_POLLS: settings.polls } : {}),
          ...profileOf(profile).env,
        },
        /ready/,
      ),
    ),
  );
  const connections = await Promise.all([Connection.connect({ address }), Connection.connect({ address })]);
  const [client, ours] = connections.map((connection) => new Client({ connection })) as [Client, Client];
  const running = async () =>
    (await ours.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`)).count;
  try {
    const husky = new HuskyClient({ client: ours, taskQueue });
    // The first workflow of a process loads its code.
    await husky.solve((surroundings.questions[flood + people] as { question: string }).question);
    const began = Date.now();
    const batch = startFlood(new HuskyClient({ client, taskQueue }), surroundings, settings);
    if (!settings.early) {
      await batch.inFlight;
      await pause(SETTLE_MS);
    }
    const before = { running: await running(), at: Date.now() };
    const cores = startCores(
      {
        worker: workers.map(({ pid }) => pid),
        simulator: [surroundings.simulatorPid],
        client: [process.pid],
      },
      settings.postgresPort,
    );
    const asked = await askPeople(husky, surroundings.questions.slice(flood, flood + people), settings.gap);
    const busy = cores.read();
    const until = Date.now();
    const left = await running();
    const waits = await waitsOf(asked, log);
    batch.stop();
    const took = settings.wait ? await batch.done.then(() => Date.now() - began) : undefined;
    const all = waits.map(({ all }) => all);
    return [
      `${before.running} to ${left}`,
      (callsBetween(log, before.at, until) / ((until - before.at) / 1000)).toFixed(0),
      ...[0.5, 0.99, 1].map((share) => inSeconds(quantile(all, share))),
      `${all.filter((ms) => ms <= 1000).length} of ${people}`,
      ...PARTS.map((part) => partOf(waits.map((wait) => wait[part]))),
      busy,
      took === undefined ? '-' : (took / 1000).toFixed(1),
    ];
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    if (settings.address) await terminateAll(ours, taskQueue);
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** What is left of a measurement would burden the next one on the same cluster. */
async function terminateAll(client: Client, taskQueue: string): Promise<void> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  const left: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) left.push(workflowId);
  const waiting = left.values();
  const lane = async () => {
    for (const workflowId of waiting)
      await client.workflow
        .getHandle(workflowId)
        .terminate()
        .catch(() => undefined);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

interface Flood {
  /** All are started, or as many as may be in flight. */
  inFlight: Promise<void>;
  /** All are answered; known only where the flood has a window. */
  done: Promise<unknown>;
  /** Starts no more. */
  stop(): void;
}

/** Starts questions as a synthesis starts them. */
function startFlood(husky: HuskyClient, surroundings: Surroundings, { flood, window, profile, wait }: Settings): Flood {
  const { batch = 1 } = profileOf(profile);
  const asked = surroundings.questions.slice(0, flood).map(({ question }) => question);
  const groups = Array.from({ length: Math.ceil(flood / batch) }, (_, at) => asked.slice(at * batch, (at + 1) * batch));
  const waiting = groups.values();
  const priority = runPriority('synthesis', 'flood');
  let [started, stopped] = [0, false];
  let full: () => void = () => undefined;
  const isFull = new Promise<void>((resolve) => (full = resolve));
  const start = async ([first, ...more]: string[]): Promise<() => Promise<unknown>> => {
    if (batch === 1) {
      const handle = await husky.start(first as string, { priority });
      return () => handle.result();
    }
    const handle = await husky.startBatch([first as string, ...more], { priority });
    return () => handle.results();
  };
  const lane = async () => {
    for (const group of waiting) {
      if (stopped) return;
      const result = await start(group);
      started += group.length;
      if (started >= Math.min(window || flood, flood)) full();
      const end = window || wait ? result().catch(() => undefined) : undefined;
      if (window) await end;
      else if (end) ends.push(end);
    }
  };
  const ends: Promise<unknown>[] = [];
  if (flood === 0) full();
  const lanes = Promise.all(Array.from({ length: Math.ceil((window || LANES) / batch) }, lane));
  lanes.catch(() => undefined);
  return {
    inFlight: Promise.race([isFull, lanes.then(() => undefined)]),
    done: lanes.then(() => Promise.all(ends)),
    stop: () => void (stopped = !wait),
  };
}

const inSeconds = (ms: number) => (Number.isFinite(ms) ? (ms / 1000).toFixed(2) : 'never');

function partOf(all: (number | undefined)[]): string {
  const known = all.filter((ms) => ms !== undefined);
  return known.length === 0 ? '-' : `${inSeconds(quantile(known, 0.5))} (${inSeconds(quantile(known, 1))})`;
}

/** The value below which a share of them lies; the next higher one where none lies there. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  // Connections of what failed may be open.
  process.exit(1);
});
