/**
 * What a fresh clone needs before anything runs: dependencies and a build. Each is made once and again only when it is out of date.
 * Runs on plain Node 20 with nothing installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trimModules } from './trim-modules.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
/** The Node that runs everything but the set-up: the host's, or the npm package `node` where that is too old. */
const NEEDED_NODE = 24;
// npm puts node_modules/.bin first on PATH, so after an `npm ci` the brought one may run this, and is still not the host's.
const isBrought = realpathSync(process.execPath).startsWith(realpathSync(root) + sep);
const ownNode = !isBrought && Number(process.versions.node.split('.')[0]) >= NEEDED_NODE;
const broughtNode = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
export const node = ownNode ? process.execPath : broughtNode;
/** Written after a whole installation, so that an interrupted one is not taken for one. */
const installed = join(root, 'node_modules', '.husky-installed');
/** Written after a build: of what runs, and of the declarations as well. */
const [built, declared] = ['.husky-built', '.husky-declared'].map((name) => join(root, 'dist', name));

/** npm's own variables (its Node, its lifecycle) would reach into what we start. */
const environment = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };

/** Installs and builds what is missing or out of date. @param declarations whether the types of the package are needed, too */
export async function setUp({ declarations }) {
  refuseOldNode();
  // The second: a clone that was set up by a newer Node than today's.
  if (outOfDate(installed, [join(root, 'package-lock.json')]) || !existsSync(node)) {
    // Where the host's Node is new enough, the package `node` need not fetch another, 120 MB that would be taken out again.
    const withoutScripts = ownNode ? ['--ignore-scripts'] : [];
    const install = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...withoutScripts];
    await step('Installing dependencies (npm ci)', 'npm', install);
    if (ownNode) await step('Preparing isolated-vm', 'npm', ['rebuild', 'isolated-vm', '--loglevel=error']);
    if (!existsSync(node)) await bringNode();
    trimModules(join(root, 'node_modules'), { ownNode });
    writeFileSync(installed, '');
  }
  const sources = ['src', 'package.json', 'tsconfig.json'].map((name) => join(root, name));
  const marks = declarations ? [built, declared] : [built];
  if (marks.some((mark) => outOfDate(mark, sources))) {
    const build = [join(root, 'scripts', 'build.mjs'), ...(declarations ? [] : ['--code'])];
    await step('Building', node, build);
    for (const mark of marks) writeFileSync(mark, '');
  }
}

/** The package `node` fetches its program while it is installed, and npm says nothing where that fails. */
async function bringNode() {
  await step('Fetching Node 24 once more', 'npm', ['rebuild', 'node', '--loglevel=error']).catch(() => undefined);
  if (!existsSync(node))
    throw new Error(
      `The npm package node came without its program (node_modules/node/bin is missing), as it does where a registry does not answer in time. Give the same command again, or run it with Node ${NEEDED_NODE}.`,
    );
}

function refuseOldNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20)
    throw new Error(
      `Node 20 or later is needed to set up (the rest runs on Node 24, which is installed here); this is ${process.versions.node}.`,
    );
}

/** Whether any source is newer than the mark, or the mark is missing. */
function outOfDate(mark, sources) {
  if (!existsSync(mark)) return true;
  const made = statSync(mark).mtimeMs;
  return sources.some((source) => newest(source) > made);
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stats.mtimeMs);
}

/** Runs the built command on Node 24. @returns its exit code */
export function husky(args) {
  return run(node, [join(root, 'dist', 'cli', 'main.js'), ...args], { stdio: 'inherit' }).code;
}

/** Runs a program of the set-up and says how long it took; its output is shown when it fails. */
async function step(title, command, args) {
  const startedAt = Date.now();
  process.stderr.write(`${title} ...\n`);
  const child = run(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setInterval(() => process.stderr.write(`  ${seconds(startedAt)} ...\n`), 15_000);
  const code = await child.code;
  clearInterval(timer);
  if (code !== 0) {
    process.stderr.write(child.output());
    throw new Error(
      `${title} failed (exit code ${code}); what it said is above. Correct it and run the same command again.`,
    );
  }
  process.stderr.write(`  done in ${seconds(startedAt)}\n`);
}

export function seconds(startedAt) {
  return `${Math.round((Date.now() - startedAt) / 1000)} s`;
}

/** Starts a program in the repository; signals that reach this process reach it as well, through the terminal or from here. */
export function run(command, args, { stdio, env = {}, onData } = {}) {
  const child = spawn(command, args, { cwd: root, stdio, env: { ...environment, ...env } });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      chunks.push(chunk);
      onData?.(chunk);
    });
  // Ctrl-C reaches the child by itself; this process waits for what it makes of it.
  const ignore = () => undefined;
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  const code = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.once('close', (status, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(signal ? 130 : status);
    });
  });
  return { child, code, output: () => Buffer.concat(chunks).toString() };
}
