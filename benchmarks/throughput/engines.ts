/**
 * The engines that are compared. Each is warmed up with a few questions that are not counted, where it has a worker to warm.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { HuskyClient, type BatchHandle, type SolutionHandle } from '../../src/client';
import { carrierOf, TRACE_HEADER } from '../../src/contract/trace';
import type { Solution } from '../../src/trajectory/step';
import { askAll, startMeter, type Measurement, type RunRecord } from './measurement';
import { startChild } from './processes';
import { startNode, type Question, type Surroundings } from './surroundings';

export type Engine = (surroundings: Surroundings, count: number) => Promise<Measurement>;

/** Questions asked before the measurement, from the end of the table. */
const WARM_UP = 8;
/** Histories read after it. */
const HISTORIES = 20;
let runs = 0;

interface ProductOptions {
  stepsPerActivity: number;
  /** @default 'server' */
  journal?: 'server' | 'file';
  /** Questions of one workflow. @default 1 */
  batch?: number;
  /** Questions asked at a time. @default all */
  inFlight?: number;
  /** Each solution is a trace, and the worker measures: docs/tracing.md. @default false */
  traced?: boolean;
  /** Folder for CPU profiles of the worker. */
  cpuProfiles?: string;
}

const nameOf = ({ stepsPerActivity, journal, batch = 1, traced = false }: ProductOptions) =>
  [
    'product',
    ...(journal === 'file' ? ['throughput'] : stepsPerActivity > 0 ? [stepsPerActivity] : []),
    ...(batch > 1 ? [`batch${batch}`] : []),
    ...(traced ? ['traced'] : []),
  ].join('-');

/** Our product: server and worker processes of its own, all roles on one queue. */
export const product =
  ({
    stepsPerActivity,
    journal = 'server',
    batch = 1,
    traced = false,
    inFlight,
    cpuProfiles,
  }: ProductOptions): Engine =>
  async (surroundings, count) => {
    const { simulator, questions } = surroundings;
    const server = await surroundings.startServer();
    const prefix = `bench${(runs += 1)}`;
    const worker = await startNode(
      join(__dirname, 'product-worker.ts'),
      {
        TEMPORAL_ADDRESS: server.address,
        SIMULATOR: simulator,
        SIMULATOR_KEY: 'none',
        PREFIX: prefix,
        STEPS_PER_ACTIVITY: `${stepsPerActivity}`,
        JOURNAL: journal,
        JOURNALS: join(surroundings.scratch, `journals-${prefix}`),
        ...(traced ? { TRACED: 'yes' } : {}),
        ...(cpuProfiles ? { CPU_PROFILES: cpuProfiles } : {}),
      },
      /ready/,
    );
    const connection = await Connection.connect({ address: server.address });
    try {
      const client = new Client({ connection, interceptors: { workflow: traced ? [startTrace] : [] } });
      const husky = new HuskyClient({ client, taskQueue: `${prefix}-husky` });
      const handles: (SolutionHandle | BatchHandle)[] = [];
      const ask = async (asked: readonly Question[]) => {
        const [first, ...more] = asked.map(({ question }) => question) as [string, ...string[]];
        const solutions: Solution[] = [];
        if (more.length === 0) {
          const handle = await husky.start(first);
          handles.push(handle);
          solutions.push(await handle.result());
        } else {
          const handle = await husky.startBatch([first, ...more]);
          handles.push(handle);
          solutions.push(
            ...(await handle.results()).flatMap((outcome) => ('solution' in outcome ? [outcome.solution] : [])),
          );
        }
        return solutions.map(({ answer, steps }) => ({ answer, steps: steps.length }));
      };
      await askAll('warm-up', questions.slice(-WARM_UP), ask, { batch });
      handles.length = 0;
      const name = nameOf({ stepsPerActivity, journal, batch, traced });
      const meter = await startMeter(surroundings, name, { server: server.pid, worker: worker.pid });
      const record = await askAll(name, questions.slice(0, count), ask, { batch, inFlight });
      return { ...(await meter.read(record)), ...(await historyOf(handles, record)) };
    } finally {
      await connection.close();
      await worker.stop();
      await server.stop();
    }
  };

/** A trace without a span of its own: the asking process is not measured. */
const startTrace: WorkflowClientInterceptor = {
  start: (input, next) => {
    const place = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), flags: 1 };
    const header = defaultPayloadConverter.toPayload(carrierOf(place));
    return next({ ...input, headers: { ...input.headers, [TRACE_HEADER]: header } });
  },
};

async function historyOf(handles: readonly (SolutionHandle | BatchHandle)[], { questions }: RunRecord) {
  const sizes = await Promise.all(
    handles.slice(0, HISTORIES).map(async ({ workflow }) => {
      const info = (await workflow.describe()).raw.workflowExecutionInfo;
      return { events: Number(info?.historyLength), bytes: Number(info?.historySizeBytes) };
    }),
  );
  const sum = (key: 'events' | 'bytes') => sizes.reduce((total, size) => total + size[key], 0) / sizes.length;
  const steps = Object.values(questions).reduce((total, question) => total + question.steps, 0) / handles.length;
  return { eventsPerStep: sum('events') / steps, bytesPerStep: sum('bytes') / steps };
}

/** A Temporal loop with nothing around its activities, on the same tuned server; `fused`: a tool step is one activity. */
export const bareTemporal =
  (kind: 'apart' | 'fused'): Engine =>
  async (surroundings, count) => {
    const { bench, table, simulator, questions } = surroundings;
    const server = await surroundings.startServer();
    const env = {
      TEMPORAL_ADDRESS: server.address,
      OPENAI_BASE_URL: `${simulator}/v1`,
      SEARCH_URL: `${simulator}/search.json`,
      TABLE: table,
      QUEUE: `bare${(runs += 1)}`,
      POLLERS: '3',
      WFSLOTS: '200',
      PIDFILE: join(surroundings.scratch, `bare-${runs}.pid`),
    };
    const worker = await startChild(process.execPath, [join(bench, 'temporal/worker.ts')], { env });
    const drive = async (folder: string, from: number, many: number) => {
      const child = await startChild(
        process.execPath,
        [
          ...[join(bench, 'temporal/drive.ts'), '--table', table, '--first', `${from}`, '--n', `${many}`],
          ...['--out', folder, '--timeout', '900', '--histories', `${HISTORIES}`, '--eager'],
          ...(kind === 'fused' ? ['--fuse'] : []),
        ],
        { env },
      );
      await child.ended;
      return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as RunRecord & {
        history: { events_per_step: number; bytes_per_step: number };
      };
    };
    try {
      await drive(join(surroundings.scratch, 'warm-up'), questions.length - WARM_UP, WARM_UP);
      const meter = await startMeter(surroundings, `bare-${kind}`, { server: server.pid, worker: worker.pid });
      const record = await drive(meter.folder, 0, count);
      const measured = await meter.read({
        ...record,
        system: kind === 'apart' ? 'bare Temporal' : 'bare Temporal, fused',
      });
      const { events_per_step: eventsPerStep, bytes_per_step: bytesPerStep } = record.history;
      return { ...measured, eventsPerStep, bytesPerStep };
    } finally {
      await worker.stop();
      await server.stop();
    }
  };

/** LangGraph.js with its SQLite checkpointer, durability `sync`; run by the Node that its native packages were built for. */
export const langGraph =
  (node: string): Engine =>
  async (surroundings, count) => {
    const { bench, table, simulator, scratch } = surroundings;
    const built = join(bench, 'plain');
    await (
      await startChild(process.execPath, [join(bench, 'build-js.mjs'), built])
    ).ended;
    const meter = await startMeter(surroundings, 'langgraph', {});
    const child = await startChild(
      node,
      [
        ...[join(built, 'langgraph/run.js'), '--table', table, '--n', `${count}`, '--out', meter.folder],
        ...['--db', join(scratch, `langgraph-${Date.now()}.db`), '--durability', 'sync'],
      ],
      { env: { OPENAI_BASE_URL: `${simulator}/v1`, SEARCH_URL: `${simulator}/search.json` } },
    );
    await child.ended;
    const record = JSON.parse(readFileSync(join(meter.folder, 'result.json'), 'utf8')) as RunRecord & {
      cpu: { process: number };
    };
    const measured = await meter.read({ ...record, system: 'LangGraph.js' });
    return { ...measured, workerCpu: record.cpu.process };
  };

/** Husky-v1 as it was published, its models and search simulated; six processes that poll each other through files. */
export const huskyV1 =
  (folder: string, python: string): Engine =>
  async (surroundings, count) => {
    const { bench, table } = surroundings;
    const meter = await startMeter(surroundings, 'husky-v1', {});
    const run = ['--husky', folder, '--table', table, '--n', `${count}`, '--work', meter.folder, '--python', python];
    await (
      await startChild('python3', [join(bench, 'husky/run.py'), ...run])
    ).ended;
    const record = JSON.parse(readFileSync(join(meter.folder, 'result.json'), 'utf8')) as RunRecord & { cpu_s: number };
    const measured = await meter.read({ ...record, system: 'Husky-v1' });
    return { ...measured, workerCpu: record.cpu_s };
  };
