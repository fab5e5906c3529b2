/**
 * The user's local Temporal server, which all running husky commands share. The first starts it, others find it by its state file and hold
 * it too, and it ends with the last.
 */
import { readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file';
import { pause } from '../process/abort';
import { ProgramError } from '../process/program-error';
import { dataFolder } from '../files/user-folders';
import { withProcessLock } from '../process/process-lock';
import { ANSWER_LIMIT_MS } from './answer-limit';
import { startTemporalServer, untilHealthy } from './start-server';
import { alive } from '../process/alive';

export interface LocalServer {
  address: string;
  uiUrl: string | undefined;
  /** Whether this process started it. */
  started: boolean;
  /** Rejects when the server ends while it is held. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

export interface LocalServerOptions {
  env?: NodeJS.ProcessEnv;
  onProgress?: (line: string) => void;
}

interface State {
  address: string;
  uiUrl?: string;
  serverPid: number;
  guardianPid: number;
  holdPort: number;
}

/** Ports that are used if they are free, so that addresses in the UI stay the same. */
const USUAL_PORTS = { preferredPort: 7233, preferredUiPort: 8233 };
const ENDING_LIMIT = 20_000;
/** Milliseconds for another server to answer. */
const OTHER_LIMIT = 1000;

/** Finds the running local server, or starts it on the user's database file. @throws ProgramError (3) */
export async function openLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { env = process.env } = options;
  const folder = dataFolder(env);
  const running = await joinRunning(folder);
  if (running) return running;
  return withProcessLock(
    join(folder, 'server.lock'),
    async () => (await joinRunning(folder)) ?? start(folder, options),
  );
}

async function start(folder: string, options: LocalServerOptions): Promise<LocalServer> {
  const stateFile = join(folder, 'server.json');
  const server = await startTemporalServer({
    env: options.env,
    databaseFile: join(folder, 'temporal.db'),
    stateFile,
    onProgress: options.onProgress,
    ...USUAL_PORTS,
  });
  const state: State = {
    address: server.address,
    uiUrl: server.uiUrl,
    serverPid: server.pid,
    guardianPid: server.guardianPid,
    holdPort: server.holdPort,
  };
  replaceFile(stateFile, JSON.stringify(state));
  const other = options.onProgress && (await otherServer(server.address));
  if (other) options.onProgress?.(other);
  return { address: server.address, uiUrl: server.uiUrl, started: true, failed: server.failed, stop: server.stop };
}

/**
 * A sentence about a Temporal server of the user's own at the usual port, such as `temporal server start-dev`; programs with a worker of their
 * own use it if they do not say another one.
 *
 * @returns undefined if there is none, or `ours` is that one
 */
export async function otherServer(ours: string, port = USUAL_PORTS.preferredPort): Promise<string | undefined> {
  const usual = `127.0.0.1:${port}`;
  if (ours === usual) return undefined;
  const answers = await untilHealthy(usual, OTHER_LIMIT).then(
    () => true,
    () => false,
  );
  return answers
    ? `Another Temporal server runs at ${usual}, and this command has its own: TEMPORAL_ADDRESS=${usual} would use that one.`
    : undefined;
}

/** Holds the server that the state file names. If it is dead, cleans up and returns undefined. */
async function joinRunning(folder: string): Promise<LocalServer | undefined> {
  const stateFile = join(folder, 'server.json');
  const state = readState(stateFile);
  if (!state) return undefined;
  const socket = await hold(state.holdPort);
  if (!socket) {
    await untilGone(state);
    rmSync(stateFile, { force: true });
    return undefined;
  }
  let leaving = false;
  const failed = new Promise<never>((_, reject) => {
    socket.once('close', () => {
      if (!leaving) reject(new ProgramError('The local Temporal server ended; run the command again.', 3));
    });
  });
  failed.catch(() => undefined);
  const stop = async () => {
    leaving = true;
    socket.destroy();
  };
  try {
    await Promise.race([untilHealthy(state.address, ANSWER_LIMIT_MS), failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: state.address, uiUrl: state.uiUrl, started: false, failed, stop };
}

function readState(file: string): State | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as State;
    const { address, uiUrl, serverPid, guardianPid, holdPort } = state;
    const isWhole =
      typeof address === 'string' &&
      (uiUrl === undefined || typeof uiUrl === 'string') &&
      [serverPid, guardianPid, holdPort].every(Number.isInteger);
    return isWhole ? state : undefined;
  } catch {
    return undefined;
  }
}

function hold(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
    socket.resume();
  });
}

/** Waits for a server that is ending, because it has the database open; ends one whose guardian was killed. */
async function untilGone({ serverPid, guardianPid, address }: State): Promise<void> {
  if (!alive(guardianPid) && alive(serverPid) && (await answers(address))) process.kill(serverPid, 'SIGTERM');
  const deadline = Date.now() + ENDING_LIMIT;
  while (alive(guardianPid) || (alive(serverPid) && (await answers(address)))) {
    if (Date.now() > deadline)
      throw new ProgramError(
        `The local Temporal server of before (process ${serverPid}) does not end; end it and run the command again.`,
        3,
      );
    await pause(100);
  }
}

/** Whether the process is our server: a process id may belong to another program by now. */
async function answers(address: string): Promise<boolean> {
  return untilHealthy(address, 1000).then(
    () => true,
    () => false,
  );
}
