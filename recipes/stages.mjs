/**
 * Commands in a row, each done once: what is finished is not done again, and nothing is begun that the time left cannot hold.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Why a run ends before all is done. */
export class OutOfTime extends Error {}
/** Why a stage ends before the run does: it has a time of its own. */
export class StageLimit extends Error {}

/** A child that does not end by SIGTERM is ended by SIGKILL after so long. */
const GRACE_MS = 20_000;

export function createStages(place, { minutes }) {
  const until = Date.now() + minutes * 60_000;
  const folder = join(place.work, 'stages');
  const logs = join(place.work, 'logs');
  for (const path of [folder, logs]) mkdirSync(path, { recursive: true });
  const mark = (name) => join(folder, `${name}.json`);
  const failures = [];
  const running = new Set();
  let limit = Infinity;

  /**
   * The work's result, from its mark where it was done before. A failure is told and does not end the run.
   *
   * @param options.minutes what the stage may take in all runs together; then `options.cut` tells its result
   */
  async function stage(name, work, { minutes: own, cut } = {}) {
    if (existsSync(mark(name))) {
      console.log(`  ${name}: done before`);
      return JSON.parse(readFileSync(mark(name), 'utf8')).result;
    }
    if (Date.now() > until) throw new OutOfTime(name);
    const start = Date.now();
    const seconds = () => Math.round((Date.now() - start) / 1000);
    const spentFile = join(folder, `${name}.spent`);
    const spent = existsSync(spentFile) ? Number(readFileSync(spentFile, 'utf8')) : 0;
    // No other stage runs beside one that has a time of its own.
    if (own !== undefined) limit = start + own * 60_000 - spent * 1000;
    console.log(`  ${name} ...`);
    try {
      const result = (await work()) ?? {};
      writeFileSync(mark(name), JSON.stringify({ seconds: spent + seconds(), result }));
      console.log(`  ${name}: ${seconds()} s`);
      return result;
    } catch (error) {
      if (own !== undefined) writeFileSync(spentFile, String(spent + seconds()));
      if (error instanceof OutOfTime) throw error;
      const result = error instanceof StageLimit ? cut?.() : undefined;
      if (result !== undefined) {
        writeFileSync(mark(name), JSON.stringify({ seconds: spent + seconds(), cut: true, result }));
        console.log(`  ${name}: cut after ${own} minutes; what it has so far is taken`);
        return result;
      }
      console.log(`  ${name}: failed: ${error.message}`);
      failures.push(`${name}: ${error.message}`);
      return undefined;
    } finally {
      if (own !== undefined) limit = Infinity;
    }
  }

  /** A husky command; its output goes into a log. @returns what --json printed */
  const husky = (name, ...args) => huskyIn({}, name, ...args);

  /** The same with more in its environment. */
  async function huskyIn(environment, name, ...args) {
    const out = join(logs, `${name}.json`);
    await run(name, process.execPath, [place.husky, ...args, '--json'], { out, environment });
    const text = readFileSync(out, 'utf8').trim().split('\n').at(-1) ?? '';
    return text === '' ? {} : JSON.parse(text);
  }

  /** Ends by itself, or with the time: husky commands go on where they were left. */
  function run(name, command, args, { out, environment = {} } = {}) {
    const file = join(logs, `${name}.log`);
    const log = openSync(file, 'a');
    const to = out ? openSync(out, 'w') : log;
    return new Promise((resolve, reject) => {
      const child = spawn(command, args.map(String), {
        cwd: place.work,
        env: { ...place.environment, ...environment },
        stdio: ['ignore', to, log],
        detached: true,
      });
      running.add(child);
      const isOwnLimit = limit < until;
      let isOver = false;
      let killer;
      const timer = setTimeout(
        () => {
          isOver = true;
          end(child, 'SIGTERM');
          killer = setTimeout(() => end(child, 'SIGKILL'), GRACE_MS);
        },
        Math.min(2 ** 31 - 1, Math.max(0, Math.min(until, limit) - Date.now())),
      );
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        clearTimeout(killer);
        running.delete(child);
        closeSync(log);
        if (out) closeSync(to);
        if (code === 0) resolve();
        else if (isOver) reject(isOwnLimit ? new StageLimit(name) : new OutOfTime(name));
        else reject(new Error(`${args[1] ?? command} ended with ${code}: ${lastLine(file)} (${file})`));
      });
    });
  }

  const servers = new Map();
  const pidFile = (name) => join(folder, `server-${name}.pid`);

  /** Ends a server that a killed run left behind. @throws Error if another program has the port */
  async function claim(name, port) {
    if (servers.has(name)) return;
    await endLeftOver(pidFile(name), place.work);
    if (!(await isFree(port)))
      throw new Error(`Port ${port}, which the server ${name} needs, is taken by another program; end that first`);
  }

  /** Starts a server on a port that `claim` has seen free, and waits for its health. */
  async function serve(name, port, command, args) {
    if (servers.has(name)) return;
    await claim(name, port);
    const file = join(logs, `server-${name}.log`);
    const log = openSync(file, 'a');
    const child = spawn(command, args.map(String), {
      cwd: place.work,
      env: place.environment,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    let ended = false;
    child.once('error', () => (ended = true));
    child.once('close', () => (ended = true));
    if (child.pid) writeFileSync(pidFile(name), String(child.pid));
    servers.set(name, child);
    while (!(await isHealthy(port))) {
      if (ended) {
        servers.delete(name);
        throw new Error(`The server ${name} ended: ${lastLine(file)} (${file})`);
      }
      if (Date.now() > until) throw new OutOfTime(`server ${name}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /**
   * The same server several times, behind one port. No copy loads its model before all ports are seen free.
   *
   * @param commandOf command and arguments of the copy that listens on a port
   */
  async function serveCopies(name, port, copies, commandOf) {
    if (copies === 1) return serve(name, port, ...commandOf(port));
    const ports = Array.from({ length: copies }, (_, at) => port + 100 * (at + 1));
    await claim(name, port);
    for (const [at, own] of ports.entries()) await claim(`${name}.${at + 1}`, own);
    await Promise.all(ports.map((own, at) => serve(`${name}.${at + 1}`, own, ...commandOf(own))));
    await serve(name, port, process.execPath, [join(import.meta.dirname, 'balance.mjs'), port, ...ports]);
  }

  async function unserve(name) {
    for (const copy of [...servers.keys()].filter((one) => one.startsWith(`${name}.`))) await unserve(copy);
    const child = servers.get(name);
    servers.delete(name);
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      end(child, 'SIGTERM');
      const killer = setTimeout(() => end(child, 'SIGKILL'), GRACE_MS);
      await closed;
      clearTimeout(killer);
    }
    rmSync(pidFile(name), { force: true });
  }

  async function close() {
    for (const child of running) end(child, 'SIGTERM');
    for (const name of [...servers.keys()]) await unserve(name);
  }
  return { stage, husky, huskyIn, run, serve, serveCopies, unserve, close, failures, mark };
}

/** A process of an earlier run that was killed, if it is still there and works in the same folder. */
async function endLeftOver(file, work) {
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  rmSync(file, { force: true });
  const isOurs = () => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HUSKY_RECIPE=${work}\0`);
    } catch {
      return false;
    }
  };
  if (!isOurs()) return;
  end({ pid }, 'SIGTERM');
  for (let wait = 0; isOurs() && wait < GRACE_MS; wait += 200) await new Promise((resolve) => setTimeout(resolve, 200));
  if (isOurs()) end({ pid }, 'SIGKILL');
}

/** Whether nothing listens on the port of this machine. */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function isHealthy(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).status === 200;
  } catch {
    return false;
  }
}

function lastLine(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
}

function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}
