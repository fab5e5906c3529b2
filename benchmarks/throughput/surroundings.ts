/**
 * What all engines of a measurement share: the simulator, the table of questions, a copy of the baselines, a Temporal server.
 *
 * @module
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTemporalServer, type TemporalServer } from '../../src/temporal-server/start-server';
import { startChild, type Child } from './processes';

export const ROOT = resolve(__dirname, '../..');

/** One line of the simulator's table; only what is read here. */
export interface Question {
  id: string;
  question: string;
  answer: string;
}

export interface SurroundingsOptions {
  /** The folder of the baselines; its README says what it holds. */
  bench: string;
  /** Questions in the table. */
  questions: number;
  /** Times that the models are slower than 15 ms a token. @default 1 */
  slowdown?: number;
  /** Folder with the packages of LangGraph.js in node_modules; without it LangGraph.js is left out. */
  langGraph?: string;
}

export interface Surroundings {
  scratch: string;
  /** Copy of the baselines, with packages. */
  bench: string;
  table: string;
  questions: Question[];
  simulator: string;
  simulatorPid: number;
  /** A tuned server on a database file of its own. */
  startServer(): Promise<TemporalServer>;
  stop(): Promise<void>;
}

/** Set it to the shared baselines where they are not beside the repository. */
export const defaultBench = () => resolve(process.env.HUSKY_SHARED ?? resolve(ROOT, '../shared'), 'bench');

/** @throws when the baselines are not there */
export async function openSurroundings(options: SurroundingsOptions): Promise<Surroundings> {
  const { bench: from, questions, slowdown = 1 } = options;
  if (!existsSync(join(from, 'sim/sim_server.py')))
    throw new Error(`There are no baselines in ${from}; name their folder with --bench.`);
  const scratch = mkdtempSync(join(tmpdir(), 'husky-bench-'));
  const bench = join(scratch, 'bench');
  cpSync(from, bench, { recursive: true, mode: 0 });
  symlinkSync(join(options.langGraph ?? ROOT, 'node_modules'), join(bench, 'node_modules'));
  const table = join(scratch, 'table.jsonl');
  const generated = await startChild('python3', [
    join(bench, 'sim/gen_table.py'),
    '--n',
    `${questions}`,
    '--out',
    table,
  ]);
  await generated.ended;
  const port = await freePort();
  const simulator = await startChild(
    'python3',
    [
      ...[join(bench, 'sim/sim_server.py'), '--table', table, '--port', `${port}`],
      ...['--decode-ms', `${15 * slowdown}`, '--prefill-ms', `${0.05 * slowdown}`],
    ],
    { ready: /listening/ },
  );
  const servers: TemporalServer[] = [];
  return {
    scratch,
    bench,
    table,
    questions: readFileSync(table, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Question),
    simulator: `http://127.0.0.1:${port}`,
    simulatorPid: simulator.pid,
    startServer: async () => {
      const folder = mkdtempSync(join(scratch, 'server-'));
      const server = await startTemporalServer({ databaseFile: join(folder, 'temporal.db'), ui: false });
      servers.push(server);
      return server;
    },
    stop: async () => {
      await Promise.all([simulator.stop(), ...servers.map((server) => server.stop())]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** A Node program of this repository, in TypeScript. */
export function startNode(script: string, env: NodeJS.ProcessEnv, ready?: RegExp): Promise<Child> {
  return startChild(process.execPath, [join(ROOT, 'benchmarks/node-ts.cjs'), script], { env, ready });
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
