import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalFolder, type JournalFile } from '../../src/runtime/journal-folder';
import { temporaryFolder } from '../temporary-folder';

const HOOK = join(__dirname, '../models/typescript-hook.cjs');
const owner = { namespace: 'default', workflowId: 'solve-1', runId: 'run-1', activityId: '7' };
const fresh = () => temporaryFolder('journal');
const results = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ text: `résultat ${i}\n`, usage: { calls: i } }));

const opened: JournalFile[] = [];
afterEach(() => Promise.all(opened.splice(0).map((file) => file.close(true))));

async function openFile(
  journals: JournalFolder,
  ...given: Parameters<JournalFolder['openFile']>
): Promise<JournalFile> {
  const file = await journals.openFile(...given);
  opened.push(file);
  return file;
}

async function write(journal: JournalFile, entries: readonly unknown[]): Promise<void> {
  for (const entry of entries) await journal.append(entry);
}

/** A folder in which a first attempt has written and was killed. */
async function afterKill(count: number): Promise<{ folder: string; path: string }> {
  const folder = fresh();
  await write(await openFile(await JournalFolder.open(folder), owner, 1, []), results(count));
  return { folder, path: join(folder, readdirSync(folder)[0] as string) };
}

const retry = async (folder: string, attempt = 2, known: readonly unknown[] = []) =>
  openFile(await JournalFolder.open(folder), owner, attempt, known);

test('a retry finds every result that was appended, in order', async () => {
  const { folder } = await afterKill(5);
  expect((await retry(folder)).entries).toEqual(results(5));
});

test('a line that a kill has torn is left out, at whatever byte it was torn', async () => {
  const whole = await afterKill(3);
  const bytes = readFileSync(whole.path);
  const start = bytes.subarray(0, -1).lastIndexOf('\n') + 1;
  for (let length = start; length < bytes.length; length += 1) {
    truncateSync(whole.path, length);
    expect((await retry(whole.folder)).entries).toEqual(results(2));
    writeFileSync(whole.path, bytes);
  }
  expect((await retry(whole.folder)).entries).toEqual(results(3));
});

test('a line with a flipped bit and all behind it are left out', async () => {
  const { folder, path } = await afterKill(4);
  const lines = readFileSync(path, 'utf8').split('\n');
  lines[3] = (lines[3] as string).replace('"calls":2', '"calls":3');
  writeFileSync(path, lines.join('\n'));
  expect((await retry(folder)).entries).toEqual(results(2));
});

test('zeros, as a power cut leaves them, are no results', async () => {
  const { folder, path } = await afterKill(2);
  appendFileSync(path, Buffer.alloc(4096));
  expect((await retry(folder)).entries).toEqual(results(2));
});

test('of file and heartbeat details the longer is taken, and a later retry finds it whole', async () => {
  const { folder } = await afterKill(2);
  expect((await retry(folder, 2, results(1))).entries).toEqual(results(2));
  const second = await retry(folder, 2, results(4));
  expect(second.entries).toEqual(results(4));
  await second.append('more');
  expect((await retry(folder, 3)).entries).toEqual([...results(4), 'more']);
});

test('an attempt that was given up and still writes does not disturb the next', async () => {
  const folder = fresh();
  const journals = await JournalFolder.open(folder);
  const first = await openFile(journals, owner, 1, []);
  await write(first, results(2));
  const second = await openFile(journals, owner, 2, []);
  await first.append('late');
  await second.append('of the second');
  await first.append('later');
  expect((await retry(folder, 3)).entries).toEqual([...results(2), 'of the second']);
});

test.each(['namespace', 'workflowId', 'runId', 'activityId'] as const)(
  'what another activity wrote is not found: %s',
  async (part) => {
    const { folder, path } = await afterKill(2);
    const journals = await JournalFolder.open(folder);
    expect((await journals.openFile({ ...owner, [part]: 'other' }, 2, [])).entries).toEqual([]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('run-1', 'run-2'));
    expect((await journals.openFile(owner, 2, [])).entries).toEqual([]);
  },
);

test('a file goes when its activity has ended and the server surely knows; one that a retry needs stays', async () => {
  const folder = fresh();
  const journals = await JournalFolder.open(folder);
  const done = await journals.openFile(owner, 1, []);
  await write(done, results(1));
  const failed = await journals.openFile({ ...owner, activityId: '8' }, 1, []);
  await write(failed, results(1));
  await done.close(false);
  await failed.close(true);
  expect(readdirSync(folder)).toHaveLength(2);
  await journals.close();
  expect(readdirSync(folder)).toHaveLength(1);
  expect((await journals.openFile({ ...owner, activityId: '8' }, 2, [])).entries).toEqual(results(1));
});

test('without a call there is no file', async () => {
  const folder = fresh();
  await (await (await JournalFolder.open(folder)).openFile(owner, 1, [])).close(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('what dead activities left is removed at the start, and nothing else', async () => {
  const { folder, path } = await afterKill(1);
  const aWeek = 7 * 24 * 3600;
  const old = Date.now() / 1000 - aWeek - 60;
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  utimesSync(join(folder, 'notes.txt'), old, old);
  utimesSync(path, old + 120, old + 120);
  await JournalFolder.open(folder);
  expect(readdirSync(folder)).toHaveLength(2);
  utimesSync(path, old, old);
  await JournalFolder.open(folder);
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});

test('a folder that cannot be used is named, and how to name another', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'file'), '');
  await expect(JournalFolder.open(join(folder, 'file'))).rejects.toThrow(/journalFolder/);
});

test('a process that is killed while it writes has lost nothing that it was told is kept', async () => {
  const folder = fresh();
  const program = `
    const { JournalFolder } = require(${JSON.stringify(require.resolve('../../src/runtime/journal-folder'))});
    (async () => {
      const file = await (await JournalFolder.open(${JSON.stringify(folder)})).openFile(${JSON.stringify(owner)}, 1, []);
      for (let i = 0; ; i += 1) { await file.append({ i, filler: 'x'.repeat(2000) }); require('node:fs').writeSync(1, i + '\\n'); }
    })();`;
  const child = spawn(process.execPath, ['--require', HOOK, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
      if (told.split('\n').length > 50) child.kill('SIGKILL');
    });
    child.once('close', () => resolve());
  });
  const last = Number(told.trim().split('\n').at(-1));
  const { entries } = await retry(folder);
  expect(entries.length).toBeGreaterThan(last);
  expect(entries).toEqual(Array.from({ length: entries.length }, (_, i) => ({ i, filler: 'x'.repeat(2000) })));
});
