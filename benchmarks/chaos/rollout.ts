/**
 * A rolling update under load: workers of version B start beside those of A, get half of the new solutions, then all of them, are rolled back,
 * get all of them again; A drains and its workers are stopped one by one. Meanwhile solutions are begun and end.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { HuskyClient } from '../../src/client';
import { WorkerDeployment } from './deployment';
import { cluster, developmentServer } from './engine';
import { audit, firstArrivals, readLog, type Ledger } from './ledger';
import { makeQuestions } from './questions';
import { leftBehind, type Supervised } from './supervised';
import { callsOf, COMMAND, configuration, endpointsOf, freePort, pause, workerOf } from './team';

export interface RolloutOptions {
  /** Solutions that run at a time. */
  inFlight: number;
  /** Questions at most; the load ends before them. */
  questions: number;
  seed: number;
  /** Worker processes of each set of roles, for each version. */
  perRole: number;
  /** Milliseconds of each phase after its change. */
  phaseMs: number;
  /** Milliseconds of a model's answer, on average. */
  modelMs: number;
  /** Folder of a cluster on PostgreSQL (engine.ts). @default the development server, which looks for drained versions every second */
  clusterFolder?: string;
  onProgress?: (line: string) => void;
}

type Version = 'A' | 'B';

interface Phase {
  name: string;
  seconds: number;
  /** Solutions that ended in it. */
  ended: number;
  /** Seconds of a solution that ended in it, at the median and the 99th percentile. */
  median: number;
  p99: number;
  /** Solutions that began in it, by the version that carried them. */
  begun: Record<Version, number>;
}

export interface RolloutReport {
  phases: Phase[];
  solutions: number;
  /** Solutions that failed, or ended otherwise than their script. Must be empty. */
  wrong: string[];
  /** Solutions of which two versions carried out steps of the workflow, or calls. Must be empty. */
  moved: string[];
  ledger: Ledger;
  /** Calls of the scripts of all solutions: what the endpoints must be asked. */
  due: number;
  /** Workers that ended by themselves. Must be empty. */
  fallen: string[];
  /** Whether `husky show` tells a solution of A when its workers are gone. */
  readable: boolean;
  /** Processes and temporary files that outlive the run. */
  left: string[];
  seconds: number;
}

const ROLES = ['workflow', 'tool', 'action,code,math,query,commonsense'];
/** Queues of all roles. */
const QUEUES = 7;
const DRAINAGE = {
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '"2s"',
  'matching.wv.VersionDrainageStatusRefreshInterval': '"1s"',
};

interface Run {
  workflowId: string;
  begunAt: number;
  endedAt: number;
  /** What is wrong with its end. */
  fault?: string;
}

export async function runRollout(options: RolloutOptions): Promise<RolloutReport> {
  const { seed, perRole, phaseMs, onProgress = () => undefined } = options;
  const startedAt = Date.now();
  const scratch = mkdtempSync(join(tmpdir(), 'husky-rollout-'));
  const temporary = join(scratch, 'temporary');
  mkdirSync(temporary);
  const questions = makeQuestions(options.questions, seed);
  const files = { questions: join(scratch, 'questions.json'), log: join(scratch, 'calls.jsonl') };
  writeFileSync(files.questions, JSON.stringify(questions));
  const run = randomUUID();
  const prefix = `rollout-${run.slice(0, 8)}`;
  const port = await freePort();
  const config = join(scratch, 'husky.json');
  writeFileSync(config, JSON.stringify(configuration(port, prefix, 0, 10_000)));
  const engine = await (options.clusterFolder
    ? cluster(options.clusterFolder)
    : developmentServer(join(scratch, 'temporal.db'), DRAINAGE));
  const teams: Record<Version, Supervised[]> = { A: [], B: [] };
  const models = endpointsOf(
    { port, questions: files.questions, log: files.log, seed, trouble: 0, delayMs: options.modelMs },
    join(scratch, 'endpoints.txt'),
  );
  const everyone = () => [models, ...teams.A, ...teams.B];
  const connection = await Connection.connect({ address: engine.address });
  const client = new Client({ connection });
  const deployment = new WorkerDeployment(client, prefix);

  const startWorker = async (version: Version, copy: number, roles: string) => {
    const output = join(scratch, `worker-${version}-${copy}-${roles}.txt`);
    const args = ['--config', config, '--roles', roles, '--deployment', prefix, '--deployment-version', version];
    const env = { TEMPORAL_ADDRESS: engine.address, TMPDIR: temporary, HUSKY_CHAOS: run };
    const worker = workerOf(`worker ${version} of ${roles}`, args, env, output);
    teams[version].push(worker);
    while (!readFileSync(output, 'utf8').includes('\nReady')) {
      if (worker.starts > 1) throw new Error(`A ${worker.name} ended: ${readFileSync(output, 'utf8')}`);
      await pause(100);
    }
  };
  /** A version's workers: a second one of each role when the first ones are ready. */
  const startTeam = async (version: Version) => {
    for (let copy = 0; copy < perRole; copy += 1)
      await Promise.all(ROLES.map((roles) => startWorker(version, copy, roles)));
    await deployment.untilServing(version, QUEUES);
  };

  const load = new Load(new HuskyClient({ client, taskQueue: `${prefix}-husky` }), questions, prefix, options.inFlight);
  const times: { name: string; from: number; to: number }[] = [];
  const phase = async (name: string, change: () => Promise<void>) => {
    onProgress(name);
    const from = Date.now();
    await change();
    await pause(phaseMs);
    times.push({ name, from, to: Date.now() });
  };
  const fallen = () => everyone().filter(({ starts }) => starts > 1);
  try {
    await startTeam('A');
    await deployment.makeCurrent('A');
    load.begin();
    await pause(phaseMs / 2);
    await phase('A alone', async () => {});
    await phase('workers of B start', () => startTeam('B'));
    await phase('B gets 50 %', () => deployment.ramp('B', 50));
    await phase('B is current', () => deployment.makeCurrent('B'));
    await phase('rolled back: A is current', () => deployment.makeCurrent('A'));
    await phase("B is current; half of A's workers stop", async () => {
      await deployment.makeCurrent('B');
      // The first copy of each role carries on what is pinned to A.
      for (const worker of teams.A.slice(ROLES.length)) await worker.stop();
    });
    await phase('A has drained; its last workers stop', async () => {
      await deployment.untilDrained('A');
      for (const worker of teams.A.slice(0, ROLES.length)) await worker.stop();
    });
    await phase('B alone', async () => {});
    const runs = await load.end();
    onProgress(`${runs.length} solutions have ended; reading their histories`);

    const versionOf = new Map<number, Version>();
    for (const version of ['A', 'B'] as const)
      for (const { sessions } of teams[version]) for (const pid of sessions) versionOf.set(pid, version);
    const carried = new Map<string, Set<string>>();
    for (const { workflowId } of runs) carried.set(workflowId, await carriersOf(client, workflowId, versionOf));
    const isOn = (version: Version) => (one: Run) => carried.get(one.workflowId)?.has(version) ?? false;
    const ofA = runs.find(isOn('A'));
    const readable = ofA !== undefined && (await isShown(ofA.workflowId, engine.address, config));
    const endedBy = fallen().map(({ name }) => name);
    const sessions = new Set(everyone().flatMap((one) => [...one.sessions]));
    await Promise.all(everyone().map((one) => one.stop()));
    const log = readLog(files.log);
    return {
      phases: times.map(({ name, from, to }) => {
        const within = (at: number) => at >= from && at < to;
        const ended = runs.filter(({ endedAt }) => within(endedAt));
        const begun = runs.filter(({ begunAt }) => within(begunAt));
        const lasted = ended.map((one) => (one.endedAt - one.begunAt) / 1000).sort((a, b) => a - b);
        const at = (share: number) => lasted[Math.min(lasted.length - 1, Math.floor(lasted.length * share))] ?? NaN;
        return {
          ...{ name, seconds: (to - from) / 1000, ended: ended.length, median: at(0.5), p99: at(0.99) },
          begun: { A: begun.filter(isOn('A')).length, B: begun.filter(isOn('B')).length },
        };
      }),
      solutions: runs.length,
      wrong: runs.flatMap(({ workflowId, fault }) => (fault ? [`${workflowId}: ${fault}`] : [])),
      moved: [...carried].filter(([, by]) => by.size !== 1).map(([id, by]) => `${id}: ${[...by].join(', ')}`),
      ledger: audit(log, firstArrivals(log)),
      due: questions.slice(0, runs.length).reduce((sum, { steps }) => sum + callsOf(steps), 0),
      fallen: endedBy,
      readable,
      left: [...leftBehind(sessions, `HUSKY_CHAOS=${run}`), ...readdirSync(temporary)],
      seconds: (Date.now() - startedAt) / 1000,
    };
  } finally {
    load.abandon();
    await Promise.all(everyone().map((one) => one.stop()));
    await connection.close();
    await engine.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Solutions in lanes: as one ends, the next begins, until the load is told to end. */
class Load {
  private readonly runs: Run[] = [];
  private lanes: Promise<unknown> = Promise.resolve();
  private over = false;

  constructor(
    private readonly husky: HuskyClient,
    private readonly questions: ReturnType<typeof makeQuestions>,
    private readonly prefix: string,
    private readonly inFlight: number,
  ) {}

  begin(): void {
    this.lanes = Promise.all(Array.from({ length: this.inFlight }, () => this.lane()));
    this.lanes.catch(() => undefined);
  }

  abandon(): void {
    this.over = true;
  }

  /** No new solutions. @returns all of them, when the last has ended */
  async end(): Promise<Run[]> {
    this.over = true;
    await this.lanes;
    return this.runs;
  }

  private async lane(): Promise<void> {
    while (!this.over) {
      const number = this.runs.length;
      const script = this.questions[number];
      if (!script) throw new Error(`All ${number} questions are asked and the update has not ended: --questions more.`);
      const one: Run = { workflowId: `${this.prefix}-${number}`, begunAt: Date.now(), endedAt: Infinity };
      this.runs.push(one);
      try {
        const started = await this.husky.start(script.question, { workflowId: one.workflowId });
        const { answer, steps, stopReason } = await started.result();
        const wrong = answer !== script.answer || steps.length !== script.steps.length;
        if (wrong) one.fault = `${steps.length} steps and the answer ${answer} (${stopReason})`;
      } catch (error) {
        one.fault = `${(error as Error).message}: ${((error as Error).cause as Error | undefined)?.message}`;
      }
      one.endedAt = Date.now();
    }
  }
}

/** Versions whose workers completed a solution's workflow tasks and began its calls, by the event's version and the worker's process. */
async function carriersOf(
  client: Client,
  workflowId: string,
  versionOf: ReadonlyMap<number, Version>,
): Promise<Set<string>> {
  const carriers = new Set<string>();
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  for (const { workflowTaskCompletedEventAttributes: task, activityTaskStartedEventAttributes: call } of events ?? []) {
    if (task) carriers.add(task.deploymentVersion?.buildId ?? 'no version');
    const pid = /^husky (\d+)@/.exec((task ?? call)?.identity ?? '')?.[1];
    if (pid) carriers.add(versionOf.get(Number(pid)) ?? 'a stranger');
  }
  return carriers;
}

/** Whether the command tells an ended solution, whose workers may be gone. */
async function isShown(workflowId: string, address: string, config: string): Promise<boolean> {
  const args = [COMMAND, 'show', workflowId, '--address', address, '--config', config];
  const shown = await promisify(execFile)(process.execPath, args).catch((error: Error) => error);
  return !(shown instanceof Error) && shown.stdout.includes('Answer');
}
