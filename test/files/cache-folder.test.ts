import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildOnce, cacheRoot } from '../../src/files/cache-folder';

const HOOK = join(__dirname, '../models/typescript-hook.cjs');
const home = mkdtempSync(join(tmpdir(), 'husky-cache-'));
const before = process.env.XDG_CACHE_HOME;
beforeAll(() => void (process.env.XDG_CACHE_HOME = home));
afterAll(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  rmSync(home, { recursive: true, force: true });
});

it('of two processes one builds, and both find the whole', async () => {
  const log = join(home, 'log');
  const code = `const { buildOnce } = require(${JSON.stringify(join(__dirname, '../../src/files/cache-folder'))});
    const { appendFileSync, writeFileSync } = require('node:fs');
    buildOnce('both', async (folder) => {
      appendFileSync(${JSON.stringify(log)}, 'built\\n');
      await new Promise((go) => setTimeout(go, 1500));
      writeFileSync(folder + '/part', 'whole');
    }).then((folder) => console.log(require('node:fs').readFileSync(folder + '/part', 'utf8')));`;
  const start = promisify(execFile);
  const run = () => start(process.execPath, ['-r', HOOK, '-e', code], { env: { ...process.env } });
  const [first, second] = await Promise.all([run(), run()]);
  expect([first.stdout, second.stdout]).toEqual(['whole\n', 'whole\n']);
  expect(readFileSync(log, 'utf8')).toBe('built\n');
});

it('a process that is killed while it builds holds up nobody', async () => {
  const code = `const { buildOnce } = require(${JSON.stringify(join(__dirname, '../../src/files/cache-folder'))});
    buildOnce('orphan', () => new Promise(() => setInterval(() => process.stdout.write('building'), 100)));`;
  const builder = spawn(process.execPath, ['-r', HOOK, '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env },
  });
  await once(builder.stdout, 'data');
  builder.kill('SIGKILL');
  const folder = await buildOnce('orphan', async (partial) => writeFileSync(join(partial, 'part'), '1'));
  expect(readdirSync(folder)).toEqual(['part']);
  // What it had begun is gone, too.
  expect(readdirSync(cacheRoot()).filter((name) => name.startsWith('orphan.partial'))).toEqual([]);
});

it('a build that fails leaves nothing, and the next one is tried', async () => {
  const failing = buildOnce('broken', async (partial) => {
    writeFileSync(join(partial, 'half'), '1');
    throw new Error('no network');
  });
  await expect(failing).rejects.toThrow('no network');
  expect(readdirSync(cacheRoot()).filter((name) => /^broken(?!\.lock)/.test(name))).toEqual([]);
  expect(existsSync(await buildOnce('broken', async () => undefined))).toBe(true);
});

it('what another version made and nobody has used for a month is removed by the next build', async () => {
  const monthsAgo = new Date(Date.now() - 90 * 24 * 3_600_000);
  for (const name of ['kept-aa11', 'kept-bb22', 'kept-host-cc33']) {
    mkdirSync(join(cacheRoot(), name), { recursive: true });
    utimesSync(join(cacheRoot(), name), monthsAgo, monthsAgo);
  }
  await buildOnce('kept-bb22', async () => undefined);
  await buildOnce('kept-dd44', async () => undefined);
  expect(
    readdirSync(cacheRoot())
      .filter((name) => /^kept-(?!.*\.lock)/.test(name))
      .sort(),
  ).toEqual(['kept-bb22', 'kept-dd44', 'kept-host-cc33']);
});

it('a cache that cannot be written is refused with what to set', async () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  process.env.XDG_CACHE_HOME = file;
  try {
    await expect(buildOnce('any', async () => undefined)).rejects.toThrow(/set XDG_CACHE_HOME/);
  } finally {
    process.env.XDG_CACHE_HOME = home;
  }
});
