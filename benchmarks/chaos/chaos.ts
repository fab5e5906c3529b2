/**
 * Solutions under fire: a seeded schedule kills workers, endpoints, the Temporal server and sandbox children while they run.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { HuskyClient } from '../../src/client';
import type { Solution } from '../../src/trajectory/step';
import { cluster, developmentServer } from './engine';
import { audit, ordersOf, readLog, type Ledger } from './ledger';
import { createRandom, makeQuestions } from './questions';
import { descendants, leftBehind, type Supervised } from './supervised';
import { callsOf, configuration, endpointsOf, freePort, pause, workerOf } from './team';

export interface ChaosOptions {
  solutions: number;
  /** Solutions that run at a time. @default all */
  inFlight?: number;
  seed: number;
  /** 0: an activity a call, roles in three processes. More: steps share an activity, two processes with all roles. */
  stepsPerActivity: number;
  /** Milliseconds between disturbances, on average. */
  everyMs: number;
  /** Disturbances at most; what is left then ends undisturbed. */
  disturbances: number;
  /** Share of requests that endpoints misbehave to. @default 0.1 */
  trouble?: number;
  /** Folder of a cluster on PostgreSQL (engine.ts). @default the development server */
  clusterFolder?: string;
  onProgress?: (line: string) => void;
}

export interface ChaosReport {
  solutions: number;
  /** Solutions that ended with the steps and the answer of the undisturbed run. */
  equal: number;
  /** Ids of those that did not. */
  different: string[];
  /** Disturbances by what they hit. */
  kills: Record<string, number>;
  ledger: Ledger;
  /** Processes and temporary files that outlive the run. */
  left: string[];
  seconds: number;
}

/** What a run must not change: everything about a solution but its times and attempts. */
const essence = ({ answer, stopReason, steps }: Solution) =>
  JSON.stringify([answer, stopReason, steps.map((step) => [step.tool, step.step, step.code, step.query, step.output])]);

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, stepsPerActivity, trouble = 0.1, onProgress = () => undefined } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'husky-chaos-'));
  const temporary = join(scratch, 'temporary');
  mkdirSync(temporary);
  const questions = makeQuestions(options.solutions, seed);
  const files = { questions: join(scratch, 'questions.json'), database: join(scratch, 'temporal.db') };
  writeFileSync(files.questions, JSON.stringify(questions));
  const run = randomUUID();
  const marker = `HUSKY_CHAOS=${run}`;
  const port = await freePort();
  const sessions = new Set<number>();
  const startedAt = Date.now();

  const endpoints = (log: string, share: number) =>
    endpointsOf({ port, questions: files.questions, log, seed, trouble: share }, join(scratch, 'endpoints.txt'));
  const engine = await (options.clusterFolder ? cluster(options.clusterFolder) : developmentServer(files.database));
  const { address } = engine;
  /** A cluster keeps the queues of earlier runs. */
  const prefix = (name: string) => `${name}-${run.slice(0, 8)}`;
  const workers = (name: string) => {
    const config = join(scratch, `${name}.json`);
    writeFileSync(
      config,
      JSON.stringify(configuration(port, prefix(name), stepsPerActivity, name === 'calm' ? 60_000 : 3000)),
    );
    const roles =
      stepsPerActivity > 0
        ? [[], []]
        : [
            ['workflow', 'tool'],
            ['action', 'code'],
            ['math', 'query', 'commonsense'],
          ];
    const [variable = '', value] = marker.split('=');
    return roles.map((own, number) =>
      workerOf(
        `worker ${own.join(',') || number}`,
        ['--config', config, ...(own.length > 0 ? ['--roles', own.join(',')] : [])],
        { TEMPORAL_ADDRESS: address, TMPDIR: temporary, [variable]: value },
        join(scratch, `${name}-worker-${number}.txt`),
      ),
    );
  };
  const connection = await Connection.connect({ address });
  const husky = (name: string) =>
    new HuskyClient({ client: new Client({ connection }), taskQueue: `${prefix(name)}-husky` });

  let running: Supervised[] = [];
  const stopAll = async () => {
    await Promise.all(running.map((one) => one.stop()));
    for (const { sessions: own } of running) for (const session of own) sessions.add(session);
    running = [];
  };
  try {
    const calmLog = join(scratch, 'calm.jsonl');
    running = [endpoints(calmLog, 0), ...workers('calm')];
    onProgress('Undisturbed run');
    const calm = await Promise.all(questions.map(async ({ question }) => essence(await husky('calm').solve(question))));
    const orders = ordersOf(readLog(calmLog));
    const due = questions.reduce((sum, { steps }) => sum + callsOf(steps), 0);
    if (orders.size !== due) throw new Error(`The undisturbed run made ${orders.size} calls instead of ${due}.`);
    await stopAll();

    const inFlight = Math.min(options.inFlight ?? Infinity, questions.length);
    onProgress(`Disturbed run: ${questions.length} solutions, ${inFlight} at a time`);
    const log = join(scratch, 'chaos.jsonl');
    const team = workers('chaos');
    const models = endpoints(log, trouble);
    running = [models, ...team];
    const ids = questions.map((_, number) => `${prefix('chaos')}-${number}`);
    const client = husky('chaos');
    let done = 0;
    const solve = async (number: number) => {
      const [workflowId = '', question = ''] = [ids[number], questions[number]?.question];
      await started(client, question, workflowId);
      const solution = await ending(() => client.get(workflowId).result());
      done += 1;
      return essence(solution);
    };
    const results = inLanes(questions.length, inFlight, solve);
    let over = false;
    void results.then(() => (over = true));

    const targets = ['worker', 'endpoints', ...Object.keys(engine.disturb), 'sandbox'];
    const kills = Object.fromEntries(targets.map((target) => [target, 0]));
    const random = createRandom(seed + 1);
    for (let count = 0; count < options.disturbances; count += 1) {
      await pause(options.everyMs * (0.5 + random()));
      if (over) break;
      const target = targets[count % targets.length] ?? 'worker';
      const victim = team[Math.floor(random() * team.length)];
      if (target === 'worker') victim?.kill();
      else if (target === 'endpoints') models.kill();
      else if (engine.disturb[target]) await engine.disturb[target]();
      else {
        const children = team.flatMap(({ pid }) => (pid === undefined ? [] : descendants(pid)));
        const child = children[Math.floor(random() * children.length)];
        if (child === undefined) continue;
        process.kill(child, 'SIGKILL');
      }
      kills[target] = (kills[target] ?? 0) + 1;
      onProgress(`${target} hit; ${done} of ${questions.length} solutions have ended`);
    }
    const ended = await results;
    await stopAll();
    const different = ids.filter((_, index) => ended[index] !== calm[index]);
    return {
      solutions: questions.length,
      equal: questions.length - different.length,
      different,
      kills,
      ledger: audit(readLog(log), orders),
      left: [...leftBehind(sessions, marker), ...readdirSync(temporary)],
      seconds: (Date.now() - startedAt) / 1000,
    };
  } finally {
    await stopAll();
    await connection.close();
    await engine.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What `work` makes of each number below `count`, at most `lanes` at a time. */
async function inLanes<T>(count: number, lanes: number, work: (number: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const waiting = Array.from({ length: count }, (_, number) => number).values();
  const lane = async () => {
    for (const number of waiting) results[number] = await work(number);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** Starts a solution, through the times when the server is down; a start whose answer was lost has started it. */
async function started(client: HuskyClient, question: string, workflowId: string): Promise<void> {
  for (;;) {
    try {
      return void (await client.start(question, { workflowId }));
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      await pause(500);
    }
  }
}

/** Waits through the times when the server is down. @throws what the solution itself ended with */
async function ending(wait: () => Promise<Solution>): Promise<Solution> {
  for (;;) {
    try {
      return await wait();
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw error;
      await pause(500);
    }
  }
}
