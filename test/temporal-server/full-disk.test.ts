/** A full disk under the local server, under files that grow and under an index: what is said, and that the same command goes on. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { explainError } from '../../src/explain-error';
import { appendLine } from '../../src/files/append-file';
import { replaceFile } from '../../src/files/replace-file';
import { isDiskFull, onDisk } from '../../src/process/full-disk';
import { withProcessLock } from '../../src/process/process-lock';
import { buildIndex } from '../../src/search';
import { watchDisk } from '../../src/temporal-server/disk-watch';
import { removeHalfMade } from '../../src/temporal-server/half-made-database';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { eventually } from '../cli/command';

jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), 'husky-disk-'));
const disk = mkdtempSync(join(tmpdir(), 'husky-small-disk-'));
const size = (megabytes: number, more: string[] = []) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', [...more, `size=${megabytes}m`].join(','), 'tmpfs', disk]).status === 0;
const isSmall = size(2);
// A disk that is really full needs the right to mount one.
const onSmallDisk = isSmall ? test : test.skip;

afterAll(() => {
  if (isSmall) spawnSync('umount', ['-l', disk]);
  for (const one of [folder, disk]) rmSync(one, { recursive: true, force: true });
});

beforeEach(() => rmSync(join(disk, 'fill'), { force: true }));

function fill(leave = 0): string {
  const file = join(disk, 'fill');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  return file;
}

const sentence = (path: string) =>
  `The disk that holds ${path} is full. Free some space and run the same command again`;

test("SQLite's and the file system's errors are told with the path; others pass", () => {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA max_page_count = 1');
  const overfill = () => database.exec("CREATE TABLE filled (text); INSERT INTO filled VALUES ('x')");
  expect(() => onDisk('/data/facts.db', overfill)).toThrow(sentence('/data/facts.db'));
  database.close();
  expect(() => onDisk('/data/facts.db', () => writeFileSync(join(folder, 'no', 'folder'), ''))).toThrow(/ENOENT/);
});

test('a server that has no room is told as the disk of the server', () => {
  const cause = new Error('13 INTERNAL: PersistenceError: database or disk is full');
  const { message, exitCode } = explainError(new Error('Failed to start Workflow', { cause }));
  expect(message).toMatch(/^The disk on which the Temporal server keeps its database is full\. Free some space there/);
  expect(exitCode).toBe(3);
});

test('a database that a server left half made is removed; one with a workflow, and any other file, stays', () => {
  const make = (name: string, script: string) => {
    const file = join(folder, name);
    const database = new DatabaseSync(file);
    database.exec(script);
    database.close();
    return file;
  };
  const begun = 'CREATE TABLE namespaces (name); CREATE TABLE executions (run_id);';
  const half = make('half.db', `${begun} INSERT INTO namespaces VALUES ('default')`);
  const used = make('used.db', `${begun} INSERT INTO executions VALUES ('a run')`);
  const others = make('others.db', 'CREATE TABLE letters (text)');
  const text = join(folder, 'text.db');
  writeFileSync(text, 'Dear Sir,');
  for (const file of [half, used, others, text, join(folder, 'absent.db')]) removeHalfMade(file);
  expect([half, used, others, text].map(existsSync)).toEqual([false, true, true, true]);
});

onSmallDisk(
  'files that grow, are replaced or are indexed name the full disk, and are whole when there is room',
  async () => {
    const filled = fill();
    const [lines, text, index, lock] = ['lines.jsonl', 'text.json', 'facts.db', 'a.lock'].map((name) =>
      join(disk, name),
    );
    if (!lines || !text || !index || !lock) throw new Error('unreachable');
    const documents = Array.from({ length: 50 }, (_, number) => ({ title: `${number}`, text: 'word '.repeat(50) }));
    await expect(appendLine(lines, '{"a":1}')).rejects.toThrow(`The disk that holds ${lines} is full; free some space`);
    expect(() => replaceFile(text, 'x'.repeat(5000))).toThrow(sentence(text));
    expect(() => buildIndex(index, documents)).toThrow(sentence(index));
    await expect(withProcessLock(lock, async () => 'held')).rejects.toThrow(sentence(lock));
    rmSync(filled);
    await appendLine(lines, '{"a":1}');
    replaceFile(text, 'x'.repeat(5000));
    expect(buildIndex(index, documents).built).toBe(true);
    expect(await withProcessLock(lock, async () => 'held')).toBe('held');
  },
);

onSmallDisk('a server that could not make its database starts on the same file when there is room', async () => {
  const databaseFile = join(disk, 'temporal.db');
  const filled = fill(400_000);
  await expect(startTemporalServer({ databaseFile, ui: false })).rejects.toThrow(sentence(databaseFile));
  rmSync(filled);
  expect(size(40, ['remount'])).toBe(true);
  const server = await startTemporalServer({ databaseFile, ui: false });
  await server.stop();
  expect(existsSync(databaseFile)).toBe(true);
});

onSmallDisk('the disk of the database is watched: told when it is full', async () => {
  const told: string[] = [];
  const end = watchDisk(disk, (line) => told.push(line));
  fill();
  await eventually(() => told.length === 1);
  end();
  expect(told[0]).toMatch(/The disk that holds .*, the Temporal server's database, is full\. Free some space/);
});

test('what Node says of a full disk is recognized behind other errors', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect([isDiskFull(full), isDiskFull(new Error('outer', { cause: full })), isDiskFull(new Error('x'))]).toEqual([
    true,
    true,
    false,
  ]);
});
