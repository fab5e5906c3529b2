/**
 * Makes the Python environment of a trainer back end: `node trainer/setup.mjs [tiny|sft]`. Prints the path of its Python.
 * PyTorch and what it needs take 5 GB and some minutes, once; an interrupted installation begins again.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const BACKENDS = { tiny: ['.venv', 'requirements.lock'], sft: ['.venv-sft', 'requirements-sft.lock'] };

const name = process.argv[2] ?? 'tiny';
if (!(name in BACKENDS)) fail(`There is no back end ${name}; there are ${Object.keys(BACKENDS).join(', ')}.`);
const [environment, lock] = BACKENDS[name];
const venv = join(folder, environment);
const python = join(venv, 'bin', 'python');
const mark = join(venv, 'installed');
const wanted = createHash('sha256').update(readFileSync(join(folder, lock))).digest('hex');

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
  const system = process.env.HUSKY_PYTHON ?? 'python3';
  process.stderr.write(`Installing the Python side of trainer ${name} into trainer/${environment} (5 GB, some minutes, once) ...\n`);
  rmSync(venv, { recursive: true, force: true });
  run(system, ['-m', 'venv', venv], `${system} with its venv module is needed; name another with HUSKY_PYTHON.`);
  // Modules are compiled when they are first imported; compiling all of them takes a quarter of the time.
  const packages = ['--quiet', '--require-hashes', '-r', join(folder, lock)];
  // uv links what it has downloaded before, in seconds. If it is absent, or reaches no index, pip does the same.
  const linked = spawnSync('uv', ['pip', 'install', '--python', python, ...packages], { stdio: 'ignore' });
  if (linked.status !== 0)
    run(python, ['-m', 'pip', 'install', '--no-compile', '--disable-pip-version-check', ...packages], 'Is the package index reachable, and is there room on the disk? Run the same command again.');
  writeFileSync(mark, wanted);
}
process.stdout.write(`${python}\n`);

function run(command, args, advice) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error || status !== 0) fail(`${command} ${args.slice(0, 3).join(' ')} failed${error ? ` (${error.message})` : ''}. ${advice}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(3);
}
