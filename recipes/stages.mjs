/**
 * Commands in a row, each done once: what is finished is not done again, and nothing is begun that the time left cannot hold.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why a run ends before all is done. */
export class OutOfTime extends Error {}

export function createStages(place, { minutes }) {
  const began = Date.now();
  const until = began + minutes * 60_000;
  const folder = join(place.work, 'stages');
  const logs = join(place.work, 'logs');
  for (const path of [folder, logs]) mkdirSync(path, { recursive: true });
  const mark = (name) => join(folder, `${name}.json`);
  const failures = [];
  let running;

  /** The work's result, from its mark where it was done before. A failure is told and does not end the run. */
  async function stage(name, work) {
    if (existsSync(mark(name))) {
      console.log(`  ${name}: done before`);
      return JSON.parse(readFileSync(mark(name), 'utf8')).result;
    }
    if (Date.now() > until) throw new OutOfTime(name);
    const start = Date.now();
    process.stdout.write(`  ${name} ...`);
    try {
      const result = (await work()) ?? {};
      const seconds = Math.round((Date.now() - start) / 1000);
      writeFileSync(mark(name), JSON.stringify({ seconds, result }));
      console.log(` ${seconds} s`);
      return result;
    } catch (error) {
      if (error instanceof OutOfTime) throw error;
      console.log(` failed: ${error.message}`);
      failures.push(`${name}: ${error.message}`);
      return undefined;
    }
  }

  /** A husky command; its output goes into a log. @returns what --json printed */
  async function husky(name, ...args) {
    const out = join(logs, `${name}.json`);
    await run(name, process.execPath, [place.husky, ...args, '--json'], out);
    const text = readFileSync(out, 'utf8').trim().split('\n').at(-1) ?? '';
    return text === '' ? {} : JSON.parse(text);
  }

  /** Ends by itself, or with the time: husky commands go on where they were left. */
  function run(name, command, args, out) {
    const log = openSync(join(logs, `${name}.log`), 'a');
    const to = out ? openSync(out, 'w') : log;
    return new Promise((resolve, reject) => {
      const child = spawn(command, args.map(String), {
        cwd: place.work,
        env: place.environment,
        stdio: ['ignore', to, log],
        detached: true,
      });
      running = child;
      const timer = setTimeout(() => end(child), Math.max(0, until - Date.now()));
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        running = undefined;
        closeSync(log);
        if (out) closeSync(to);
        if (Date.now() > until) reject(new OutOfTime(name));
        else if (code === 0) resolve();
        else reject(new Error(`${args[1] ?? command} ended with ${code}; see ${join(logs, `${name}.log`)}`));
      });
    });
  }

  const servers = new Map();
  /** Serves for as long as `body` runs; a server of the same name that runs already is used. */
  async function serve(name, port, command, args) {
    if (servers.has(name)) return;
    const log = openSync(join(logs, `server-${name}.log`), 'a');
    const child = spawn(command, args.map(String), {
      cwd: place.work,
      env: place.environment,
      stdio: ['ignore', log, log],
      detached: true,
    });
    servers.set(name, child);
    let ended = false;
    child.once('close', () => (ended = true));
    while (!(await isHealthy(port))) {
      if (ended) throw new Error(`The server ${name} ended; see ${join(logs, `server-${name}.log`)}`);
      if (Date.now() > until) throw new OutOfTime(`server ${name}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  async function unserve(name) {
    const child = servers.get(name);
    servers.delete(name);
    if (child && child.exitCode === null) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      end(child);
      await closed;
    }
  }

  async function close() {
    if (running) end(running);
    for (const name of [...servers.keys()]) await unserve(name);
  }
  return { stage, husky, run, serve, unserve, close, failures, mark };
}

async function isHealthy(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).status === 200;
  } catch {
    return false;
  }
}

function end(child) {
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
