/**
 * What a question costs a real cluster: `npm run bench:cluster`. Processor time of each of Temporal's services and of PostgreSQL, of our
 * worker, and the time between two calls of a question, for each profile and number of questions in flight.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { HuskyClient } from '../../src/client';
import type { Solution } from '../../src/trajectory/step';
import { askAll, startMeter } from '../throughput/measurement';
import {
  defaultBench,
  openSurroundings,
  startNode,
  type Question,
  type Surroundings,
} from '../throughput/surroundings';
import { PROFILES, profileOf } from './profiles';
import { SERVICES, serviceSeconds, type Seconds } from './services';

const HELP = `node benchmarks/node-ts.cjs benchmarks/cluster/run.ts [options]
  --address 127.0.0.1:7833       frontend of a cluster whose services run on this machine
  --postgres-port 7853           its database
  --in-flight 1,10,50            questions at a time
  --questions 4                  questions for each one in flight, 8 at least
  --profiles call,apart,steps,journal,batch
  --slowdown 1                   times that the models are slower
  --bench FOLDER                 the baselines with the simulator; default: shared/bench beside the repository`;

const WARM_UP = 4;

interface Row {
  profile: string;
  inFlight: number;
  questions: number;
  correct: number;
  services: Seconds;
  worker: number;
  seconds: number;
  gaps: number[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      address: { type: 'string', default: '127.0.0.1:7833' },
      'postgres-port': { type: 'string', default: '7853' },
      'in-flight': { type: 'string', default: '1,10,50' },
      questions: { type: 'string', default: '4' },
      profiles: { type: 'string', default: Object.keys(PROFILES).join(',') },
      slowdown: { type: 'string', default: '1' },
      bench: { type: 'string', default: defaultBench() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const profiles = values.profiles.split(',');
  for (const name of profiles) profileOf(name);
  const counts = values['in-flight'].split(',').map(Number);
  const questionsOf = (inFlight: number) => Math.max(8, inFlight * Number(values.questions));
  const cluster = { address: values.address, postgresPort: Number(values['postgres-port']) };
  serviceSeconds(cluster.postgresPort);
  const surroundings = await openSurroundings({
    bench: resolve(values.bench),
    questions: Math.max(...counts.map(questionsOf)) + WARM_UP,
    slowdown: Number(values.slowdown),
  });
  const rows: Row[] = [];
  const idle = await idleCost(cluster.postgresPort);
  try {
    for (const profile of profiles)
      for (const inFlight of counts) {
        const row = await measure(surroundings, cluster, profile, inFlight, questionsOf(inFlight));
        rows.push(row);
        process.stderr.write(`${line(row)}\n`);
      }
  } finally {
    await surroundings.stop();
  }
  const [model = 'unknown'] = cpus().map((cpu) => cpu.model.trim());
  const idleTotal = SERVICES.reduce((sum, service) => sum + idle[service], 0);
  process.stdout.write(
    [
      `| profile | in flight | ${SERVICES.join(' | ')} | all services | our worker | p50 between calls | p99 | questions a second |`,
      `|---|${'---|'.repeat(SERVICES.length + 7)}`,
      ...rows.map(line),
      '',
      `CPU milliseconds a question; time between two calls of a question in milliseconds. Idle, the services use ${(idleTotal * 1000).toFixed(0)} ms a second. ${cpus().length} cores (${model}), load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, models ${values.slowdown}x slower, ${new Date().toISOString().slice(0, 16)}Z`,
      '',
    ].join('\n'),
  );
  const wrong = rows.filter(({ correct, questions }) => correct < questions);
  for (const { profile, inFlight, correct, questions } of wrong)
    process.stderr.write(`${profile} at ${inFlight} in flight: ${correct} of ${questions} answers are right\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

/** Seconds a second of each service while nothing is asked. */
async function idleCost(postgresPort: number): Promise<Seconds> {
  const seconds = 10;
  const before = serviceSeconds(postgresPort);
  await new Promise((done) => setTimeout(done, seconds * 1000));
  return each(serviceSeconds(postgresPort), (value, service) => (value - before[service]) / seconds);
}

const each = (all: Seconds, change: (value: number, service: keyof Seconds) => number) =>
  Object.fromEntries(SERVICES.map((service) => [service, change(all[service], service)])) as Seconds;

async function measure(
  surroundings: Surroundings,
  { address, postgresPort }: { address: string; postgresPort: number },
  profile: string,
  inFlight: number,
  count: number,
): Promise<Row> {
  const { env, batch = 1 } = profileOf(profile);
  const prefix = `cluster-${profile}-${inFlight}-${Date.now()}`;
  const worker = await startNode(
    join(__dirname, '../throughput/product-worker.ts'),
    {
      TEMPORAL_ADDRESS: address,
      SIMULATOR: surroundings.simulator,
      SIMULATOR_KEY: 'none',
      PREFIX: prefix,
      JOURNALS: join(surroundings.scratch, `journals-${prefix}`),
      ...env,
    },
    /ready/,
  );
  const connection = await Connection.connect({ address });
  try {
    const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: `${prefix}-husky` });
    const ask = async (asked: readonly Question[]) => {
      const [first, ...more] = asked.map(({ question }) => question) as [string, ...string[]];
      const solutions: Solution[] =
        more.length === 0
          ? [await husky.solve(first)]
          : (await (await husky.startBatch([first, ...more])).results()).flatMap((outcome) =>
              'solution' in outcome ? [outcome.solution] : [],
            );
      return solutions.map(({ answer, steps }) => ({ answer, steps: steps.length }));
    };
    await askAll('warm-up', surroundings.questions.slice(-WARM_UP), ask);
    const meter = await startMeter(surroundings, prefix, { worker: worker.pid });
    const before = serviceSeconds(postgresPort);
    const asked = await askAll(profile, surroundings.questions.slice(0, count), ask, { batch, inFlight });
    const services = each(serviceSeconds(postgresPort), (value, service) => value - before[service]);
    const { correct, workerCpu, makespan } = await meter.read(asked);
    const gaps = gapsIn(join(meter.folder, 'calls.jsonl'));
    return { profile, inFlight, questions: count, correct, services, worker: workerCpu, seconds: makespan, gaps };
  } finally {
    await connection.close();
    await worker.stop();
  }
}

/** Seconds from the end of a call to the arrival of the same question's next one; where a program runs in between, it is left out. */
function gapsIn(file: string): number[] {
  const calls = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { qid: string | null; role: string; arrive: number; end: number })
    .sort((a, b) => a.arrive - b.arrive);
  const last = new Map<string, { role: string; end: number }>();
  const gaps: number[] = [];
  for (const { qid, role, arrive, end } of calls) {
    if (qid === null) continue;
    const before = last.get(qid);
    if (before && before.role !== 'code') gaps.push(arrive - before.end);
    last.set(qid, { role, end });
  }
  return gaps.sort((a, b) => a - b);
}

function line({ profile, inFlight, questions, services, worker, seconds: makespan, gaps }: Row): string {
  const each = (seconds: number) => ((seconds * 1000) / questions).toFixed(0);
  const all = SERVICES.reduce((sum, service) => sum + services[service], 0);
  const quantile = (share: number) =>
    ((gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? 0) * 1000).toFixed(0);
  const cells = [
    ...SERVICES.map((service) => each(services[service])),
    each(all),
    each(worker),
    quantile(0.5),
    quantile(0.99),
    (questions / makespan).toFixed(1),
  ];
  return `| ${profileOf(profile).about} | ${inFlight} | ${cells.join(' | ')} |`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
