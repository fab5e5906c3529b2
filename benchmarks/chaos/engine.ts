/**
 * The Temporal server under a chaos run, and what can be done to it: the development server in one process, or a cluster of four services on
 * PostgreSQL.
 *
 * @module
 */
import { closeSync, globSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { descendants, Supervised } from './supervised';

export interface Engine {
  address: string;
  /** Disturbances by what they hit. Each resolves when the next may follow; the part comes back by itself. */
  disturb: Record<string, () => Promise<void>>;
  stop(): Promise<void>;
}

/** Temporal's development server with its database in a file. Killed, it comes back at the same port. */
export async function developmentServer(
  databaseFile: string,
  dynamicConfig: Record<string, string> = {},
): Promise<Engine> {
  let server = await startTemporalServer({ databaseFile, ui: false, dynamicConfig });
  server.failed.catch(() => undefined);
  const { address } = server;
  return {
    address,
    disturb: {
      temporal: async () => {
        process.kill(server.pid, 'SIGKILL');
        await server.stop();
        const preferredPort = Number(address.split(':')[1]);
        server = await startTemporalServer({ databaseFile, ui: false, dynamicConfig, preferredPort });
        server.failed.catch(() => undefined);
        if (server.address !== address) throw new Error(`The server came back at ${server.address}, not ${address}.`);
      },
    },
    stop: () => server.stop(),
  };
}

const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;
/** Milliseconds for which PostgreSQL refuses every connection, or has no room. */
const OUTAGE_MS = 8000;
/** Milliseconds until a cluster must answer; it joins and takes its shards first. */
const START_MS = 180_000;

/**
 * Temporal's services, a process each, and PostgreSQL, started here and started again whenever they end.
 *
 * @param folder with the program `server`, `config/development.yaml`, and PostgreSQL's `data` with Temporal's schema and a namespace `default`;
 *   where `data` is a file system of its own, one of the disturbances fills it
 */
export async function cluster(folder: string): Promise<Engine> {
  const config = readFileSync(join(folder, 'config/development.yaml'), 'utf8');
  const port = found(config, /frontend: \{ rpc: \{ grpcPort: (\d+)/);
  const databasePort = found(config, /connectAddr: "127\.0\.0\.1:(\d+)"/);
  const data = join(folder, 'data');
  const [postgres] = globSync('/usr/lib/postgresql/*/bin/postgres').sort().reverse();
  if (!postgres) throw new Error('PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/postgres.');
  const log = (name: string) => join(folder, `chaos-${name}.log`);
  const { uid, gid } = statSync(data);
  const listen = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${data}`];
  const database = new Supervised(
    'PostgreSQL',
    [postgres, '-D', data, '-p', databasePort, ...listen, '-c', 'max_connections=200'],
    {},
    log('postgres'),
    process.getuid?.() === 0 ? { uid, gid } : {},
  );
  const options = ['--root', '.', '--config', 'config', '--env', 'development', '--allow-no-auth'];
  const services = SERVICES.map(
    (name) =>
      new Supervised(name, [join(folder, 'server'), ...options, 'start', '--service', name], {}, log(name), {
        cwd: folder,
      }),
  );
  const access = join(data, 'pg_hba.conf');
  const open = readFileSync(access, 'utf8');
  const filler = join(data, 'filler');
  rmSync(filler, { force: true });
  const engine: Engine = {
    address: `127.0.0.1:${port}`,
    disturb: {
      ...Object.fromEntries(services.map((one) => [`service ${one.name}`, async () => void one.kill()])),
      PostgreSQL: async () => void database.kill(),
      'PostgreSQL refuses': async () => {
        writeFileSync(access, 'host all all 127.0.0.1/32 reject\n');
        database.kill('SIGHUP');
        for (const pid of database.pid === undefined ? [] : descendants(database.pid)) endConnection(pid);
        await pause(OUTAGE_MS);
        writeFileSync(access, open);
        database.kill('SIGHUP');
      },
      ...(statSync(data).dev === statSync(folder).dev
        ? {}
        : {
            "PostgreSQL's disk": async () => {
              const end = Date.now() + OUTAGE_MS;
              // Room that PostgreSQL frees meanwhile is taken, too.
              for (; Date.now() < end; await pause(500)) fill(filler);
              rmSync(filler);
            },
          }),
    },
    stop: async () => {
      rmSync(filler, { force: true });
      writeFileSync(access, open);
      await Promise.all(services.map((one) => one.stop()));
      await database.stop('SIGINT');
    },
  };
  try {
    await untilAnswering(engine.address);
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

function found(text: string, pattern: RegExp): string {
  const [, value] = pattern.exec(text) ?? [];
  if (!value) throw new Error(`The cluster's config/development.yaml lacks ${pattern.source}.`);
  return value;
}

/** Ends a backend of PostgreSQL that serves a connection; its own helpers go on. */
function endConnection(pid: number): void {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('127.0.0.1(')) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}

/** Writes to the end of a file until its file system has no room. */
function fill(file: string): void {
  const output = openSync(file, 'a');
  try {
    for (const size of [1 << 24, 1 << 12]) {
      const part = Buffer.alloc(size, 1);
      while (hasRoom(() => writeSync(output, part)));
    }
  } finally {
    closeSync(output);
  }
}

function hasRoom(write: () => number): boolean {
  try {
    return write() > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

async function untilAnswering(address: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 5000 });
      try {
        await connection.workflowService.listWorkflowExecutions({ namespace: 'default', pageSize: 1 });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(1000);
    }
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
