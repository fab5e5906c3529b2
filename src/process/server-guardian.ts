/**
 * A separate process that runs a server as long as another process holds it: the starter by a pipe, others by a loopback connection.
 * When the last holder ends, even by `kill -9`, the server ends too.
 *
 * This file is started as a script, in tests from its source, so it imports nothing of ours but a type.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { GuardianTask } from './guarded-server';

/** Characters of the server's last output that are reported when it ends by itself. */
const TAIL = 4000;
/** A Go program that panics prints stacks from here on; they would push its message out of the tail. */
const STACKS = /^goroutine \d+ \[/m;
/** Milliseconds that the server has to end by itself. */
const PATIENCE = 5000;
/** Milliseconds that a server's last output has to arrive. */
const LAST_WORDS = 1000;

const task = JSON.parse(process.argv[2] ?? '{}') as GuardianTask;
const output = task.visible ? 'inherit' : 'pipe';
// A process group of its own, so that its children can be ended with it.
const server = spawn(task.command, task.args, {
  cwd: task.cwd,
  detached: true,
  stdio: ['ignore', task.visible ? process.stderr : 'pipe', output],
});
/** The last that it said: `said` on standard error, `printed` on standard output. */
let said = '';
let printed = '';
let holders = 1;
let stopping = false;

const report = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
// A starter that was killed reads no more reports.
process.stdout.on('error', () => undefined);

function end(signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (server.pid) process.kill(-server.pid, signal);
  } catch {
    server.kill(signal);
  }
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  door.close();
  end(task.disposable ? 'SIGKILL' : 'SIGTERM');
  setTimeout(() => end('SIGKILL'), PATIENCE).unref();
}

function release(): void {
  holders -= 1;
  if (holders === 0) stop();
}

/** Merges the server's write-ahead log into its database, so that the file can be copied or moved alone. */
function settle(file: string): void {
  if (!existsSync(`${file}-wal`)) return;
  try {
    const database = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  } catch {
    // The disk is full or the file is no database. Both files stay; the next server reads or refuses them.
  }
}

function ended(reason: string): void {
  if (task.databaseFile) settle(task.databaseFile);
  if (task.stateFile) rmSync(task.stateFile, { force: true });
  if (!stopping) report({ ended: reason, tail: `${said}\n${printed}`.trim() });
  end('SIGKILL');
  process.exitCode = stopping ? 0 : 1;
  // Holders that are still connected must not keep this process alive.
  process.stdout.write('', () => process.exit());
}

const door = createServer((holder) => {
  holders += 1;
  holder.on('error', () => undefined);
  holder.on('close', release);
  holder.resume();
});
door.listen(0, '127.0.0.1', () => {
  const address = door.address();
  report({ serverPid: server.pid, holdPort: typeof address === 'object' ? address?.port : undefined });
});

process.stdin.on('error', () => undefined);
process.stdin.on('close', () => {
  release();
  report({ holders });
});
process.stdin.resume();
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);

let panicked = false;
server.stderr?.on('data', (chunk: Buffer) => {
  if (panicked) return;
  said += chunk.toString();
  const stacks = said.search(STACKS);
  panicked = stacks !== -1;
  said = (panicked ? said.slice(0, stacks) : said).slice(-TAIL);
});
// Temporal's web UI tells there, and nowhere else, that its port was taken.
server.stdout?.on('data', (chunk: Buffer) => {
  printed = (printed + chunk.toString()).slice(-TAIL);
});
server.on('error', (error) => ended(error.message));
server.on('exit', (code, signal) => {
  const reason = signal ? `signal ${signal}` : `exit code ${code}`;
  // Its last words may still be on their way, and a taken port is known by them. A child of it can keep their pipe open.
  const late = setTimeout(() => ended(reason), LAST_WORDS);
  server.once('close', () => {
    clearTimeout(late);
    ended(reason);
  });
});
