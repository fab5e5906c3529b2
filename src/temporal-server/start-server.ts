/** Starts a local Temporal server with fast settings: eager activities, one partition for each queue, a write-ahead log. */
import { createServer } from 'node:net';
import { basename, dirname, resolve } from 'node:path';
import { pause } from '../process/abort';
import { diskFull, saysDiskFull } from '../process/full-disk';
import { ProgramError } from '../process/program-error';
import { startGuardedServer } from '../process/guarded-server';
import { WORD_AFTER_MS } from './answer-limit';
import { ensureTemporalCli } from './find-cli';
import { removeHalfMade } from './half-made-database';
import { openPlainServer } from './plain-call';
import { describeNamespace } from './plain-messages';

export interface TemporalServerOptions {
  /** In memory; nothing survives the server. @default false when `databaseFile` is given, else true */
  ephemeral?: boolean;
  /** SQLite file of the server; its folder must exist. */
  databaseFile?: string;
  /** Serve the web UI. @default true */
  ui?: boolean;
  /** gRPC port; taken when it is free. @default a free port */
  preferredPort?: number;
  /** Port of the web UI; taken when it is free. @default a free port */
  preferredUiPort?: number;
  /** Dynamic configuration on top of the tuned settings: key to JSON value. */
  dynamicConfig?: Record<string, string>;
  /** Typed search attributes to register: name to type. */
  searchAttributes?: Record<string, string>;
  /** The Temporal CLI. @default found, downloaded or built */
  binary?: string;
  /** Environment in which the Temporal CLI is looked for, and built. @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Removed by the guardian when the server has ended. */
  stateFile?: string;
  /** Called with progress lines when it takes long. @default stderr */
  onProgress?: (line: string) => void;
}

export interface TemporalServer {
  /** `host:port` of the gRPC service. */
  address: string;
  /** Undefined when the UI is off. */
  uiUrl: string | undefined;
  /** Process id of the server itself. */
  pid: number;
  /** The process that ends the server when its owners are gone. */
  guardianPid: number;
  /** Loopback port at which another process can hold the server, too. */
  holdPort: number;
  /** Rejects with a ProgramError when the server ends by itself. */
  failed: Promise<never>;
  /** Releases the server, which ends if no other process holds it. Resolves when it has ended or others still hold it. */
  stop(): Promise<void>;
}

/** Tuned settings: together a factor of three (docs/architecture.md, "What durability costs"). */
const TUNED: Record<string, string> = {
  'system.enableActivityEagerExecution': 'true',
  // Without it a server of 1.29 knows no priorities: a person's question waits behind a whole batch.
  'matching.useNewMatcher': 'true',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
};
const PRAGMAS = ['journal_mode=wal', 'synchronous=normal'];
const HOST = '127.0.0.1';
/** Milliseconds until a server must answer; a busy machine needs several seconds. */
const START_LIMIT = 90_000;

/**
 * Starts a server that ends with this process, however this process ends.
 *
 * @throws ProgramError (3) saying what the server said, when it does not start
 */
export async function startTemporalServer(options: TemporalServerOptions = {}): Promise<TemporalServer> {
  const { onProgress = (line) => process.stderr.write(`${line}\n`) } = options;
  const binary = options.binary ?? (await ensureTemporalCli({ env: options.env, onProgress }));
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.preferredPort);
    const uiPort = options.ui === false ? undefined : await freePort(options.preferredUiPort, port);
    try {
      return await launch(binary, port, uiPort, options);
    } catch (error) {
      // Another process may have taken the free port meanwhile.
      if (attempt === 3 || !/address already in use/i.test((error as Error).message)) throw error;
    }
  }
}

async function launch(
  binary: string,
  port: number,
  uiPort: number | undefined,
  options: TemporalServerOptions,
): Promise<TemporalServer> {
  const address = `${HOST}:${port}`;
  if (options.databaseFile !== undefined) removeHalfMade(options.databaseFile);
  const guardian = await startGuardedServer({
    command: binary.includes('/') ? resolve(binary) : binary,
    args: serverArguments(port, uiPort, options),
    stateFile: options.stateFile,
    databaseFile: options.databaseFile,
    cwd: isEphemeral(options) || !options.databaseFile ? undefined : dirname(options.databaseFile),
    disposable: isEphemeral(options),
  });
  const waiting = new AbortController();
  try {
    await Promise.race([untilHealthy(address, START_LIMIT, waiting.signal), guardian.failed]);
  } catch (error) {
    await guardian.release();
    const told = withDatabase(error, options.databaseFile);
    throw saysDiskFull((error as Error).message) ? told : withProgram(told, binary);
  } finally {
    waiting.abort();
  }
  return {
    address,
    uiUrl: uiPort === undefined ? undefined : `http://${HOST}:${uiPort}`,
    pid: guardian.serverPid,
    guardianPid: guardian.pid,
    holdPort: guardian.holdPort,
    failed: guardian.failed,
    stop: () => guardian.release(),
  };
}

/** Adds the file's name, which helps to find a file of another release or missing permissions, and tells a full disk. */
function withDatabase(error: unknown, databaseFile: string | undefined): unknown {
  if (databaseFile === undefined || !(error instanceof ProgramError)) return error;
  if (saysDiskFull(error.message)) return new ProgramError(diskFull(databaseFile), error.exitCode);
  const isBroken = /not a database|malformed|no such table/.test(error.message);
  const way = isBroken ? ' Move it away, with its -wal and -shm, and a new one is made, without its solutions.' : '';
  return new ProgramError(`${error.message} Its database is ${databaseFile}.${way}`, error.exitCode);
}

/** Adds what was started: another program may be called temporal, or the CLI may be too old for our flags. */
function withProgram(error: unknown, binary: string): unknown {
  if (!(error instanceof ProgramError)) return error;
  return new ProgramError(
    `${error.message} The program was ${binary}; if that is not the Temporal CLI, or an old one, name another in TEMPORAL_CLI_PATH.`,
    error.exitCode,
  );
}

const isEphemeral = ({ databaseFile, ephemeral = databaseFile === undefined }: TemporalServerOptions) => ephemeral;

function serverArguments(port: number, uiPort: number | undefined, options: TemporalServerOptions): string[] {
  const { dynamicConfig, searchAttributes = {}, databaseFile } = options;
  const args = ['server', 'start-dev', '--ip', HOST, '--port', `${port}`, '--log-level', 'error'];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-port', `${uiPort}`]));
  for (const [key, value] of Object.entries({ ...TUNED, ...dynamicConfig }))
    args.push('--dynamic-config-value', `${key}=${value}`);
  for (const [name, type] of Object.entries(searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  if (!isEphemeral(options) && databaseFile) {
    // The CLI puts the name into a URI as it stands, where #, ? and % mean something else. In a path they would move the database.
    const name = basename(databaseFile);
    if (/[#?%]/.test(name)) throw new ProgramError(`The database file ${name} must not have #, ? or % in its name.`, 2);
    args.push('--db-filename', name);
    for (const pragma of PRAGMAS) args.push('--sqlite-pragma', pragma);
  }
  return args;
}

/** Resolves when the service answers and its default namespace exists. @throws ProgramError (3) after `limitMs` */
export async function untilHealthy(address: string, limitMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < deadline && !signal?.aborted) {
    const server = openPlainServer(address, Math.min(limitMs, WORD_AFTER_MS));
    try {
      await server.call('DescribeNamespace', describeNamespace('default'));
      return;
    } catch (error) {
      last = error;
      await pause(100);
    } finally {
      server.close();
    }
  }
  if (signal?.aborted) return;
  throw new ProgramError(
    `The Temporal server at ${address} did not answer within ${Math.round(limitMs / 1000)} s (${(last as Error)?.message ?? 'no reply'}). Run npx temporal-husky doctor, or start a server yourself and set TEMPORAL_ADDRESS.`,
    3,
  );
}

/** A free port of the loopback interface, if possible the preferred one. */
async function freePort(preferred = 0, taken?: number): Promise<number> {
  const port = await new Promise<number | undefined>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => (preferred === 0 ? reject(error) : resolve(undefined)));
    probe.listen(preferred, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
  return port === undefined || port === taken ? freePort() : port;
}
