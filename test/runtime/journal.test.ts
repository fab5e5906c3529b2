/** What a retry of `advance` takes from the record of the attempt before it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { openJournal, type Journal } from '../../src/runtime/journal';
import { JournalFolder } from '../../src/runtime/journal-folder';

/** Runs a body in the second attempt of an activity whose first one has left `details`. @returns what the server was told last */
async function retry(details: unknown[], files: JournalFolder | undefined, body: (journal: Journal) => Promise<void>) {
  let told: unknown[] = [];
  const tell = (entries: unknown[]) => void (told = structuredClone(entries));
  const context = {
    info: {
      heartbeatDetails: details,
      heartbeatTimeoutMs: 3_600_000,
      taskToken: new Uint8Array(),
      namespace: 'default',
      workflowExecution: { workflowId: 'solve-1', runId: 'run-1' },
      activityId: '7',
      attempt: 2,
    },
    cancellationSignal: new AbortController().signal,
    client: { activity: { heartbeat: async (_token: unknown, entries: unknown[]) => tell(entries) } },
    heartbeat: tell,
  } as unknown as Context;
  await asyncLocalStorage.run(context, async () => {
    const journal = await openJournal(undefined, files);
    try {
      await body(journal);
    } finally {
      await journal.close(new Error('killed'));
    }
  });
  return told;
}

const folder = mkdtempSync(join(tmpdir(), 'husky-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['server', 'file'])('recorded at the %s', (place) => {
  const files = async () => (place === 'file' ? JournalFolder.open(mkdtempSync(join(folder, 'run-'))) : undefined);

  test('a finished call is not made again', async () => {
    const made: string[] = [];
    const make = async (name: string) => {
      made.push(name);
      return { text: name };
    };
    await retry([['generateQuery', { query: 'q' }]], await files(), async (journal) => {
      expect(await journal.record('generateQuery', () => make('generateQuery'))).toEqual({ query: 'q' });
      await journal.record('search', () => make('search'));
    });
    expect(made).toEqual(['search']);
  });

  test("one call's result is never another's: a record of another loop is given up from there on", async () => {
    const known = [
      ['predictAction', { action: 1 }],
      ['generateCode', { code: 'c' }],
      ['executeCode', { text: '4' }],
    ];
    const journals = await files();
    const after = await retry(known, journals, async (journal) => {
      expect(await journal.record('predictAction', async () => ({ action: 2 }))).toEqual({ action: 1 });
      expect(await journal.record('executeCode', async () => ({ text: 'made' }))).toEqual({ text: 'made' });
      expect(await journal.record('generateCode', async () => ({ code: 'new' }))).toEqual({ code: 'new' });
    });
    const now = [
      ['predictAction', { action: 1 }],
      ['executeCode', { text: 'made' }],
      ['generateCode', { code: 'new' }],
    ];
    expect(after).toEqual(now);
    if (!journals) return;
    const owner = { namespace: 'default', workflowId: 'solve-1', runId: 'run-1', activityId: '7' };
    const file = await journals.openFile(owner, 3, []);
    expect(file.entries).toEqual(now);
    await file.close(true);
  });

  test('calls of steps beside each other are taken from the record each in their own order', async () => {
    const known = [
      ['predictAction', { action: 1 }],
      ['search', { text: 'B' }, 1],
      ['search', { text: 'A' }, 0],
      ['rewriteResult', { text: 'B.' }, 1],
    ];
    const made: string[] = [];
    const journals = await files();
    const after = await retry(known, journals, async (journal) => {
      const ask = (name: string, beside?: number) =>
        journal.record<unknown>(
          name,
          async () => {
            await new Promise(setImmediate);
            made.push(`${name} ${beside}`);
            return { made: `${name} ${beside}` };
          },
          beside,
        );
      await ask('predictAction');
      const step = async (beside: number) => [await ask('search', beside), await ask('rewriteResult', beside)];
      // The third was in flight when the worker died.
      expect(await Promise.all([step(0), step(1), step(2)])).toEqual([
        [{ text: 'A' }, { made: 'rewriteResult 0' }],
        [{ text: 'B' }, { text: 'B.' }],
        [{ made: 'search 2' }, { made: 'rewriteResult 2' }],
      ]);
      await ask('predictAction');
    });
    expect(made.toSorted()).toEqual(['predictAction undefined', 'rewriteResult 0', 'rewriteResult 2', 'search 2']);
    expect(after.slice(0, 4)).toEqual(known);
    expect(after).toHaveLength(8);
    if (!journals) return;
    const owner = { namespace: 'default', workflowId: 'solve-1', runId: 'run-1', activityId: '7' };
    const file = await journals.openFile(owner, 3, []);
    expect(file.entries).toEqual(after);
    await file.close(true);
  });

  test('results without names, as an older version left them, are taken by their place', async () => {
    await retry([{ query: 'q' }], await files(), async (journal) => {
      expect(await journal.record('generateQuery', async () => ({ query: 'again' }))).toEqual({ query: 'q' });
    });
  });
});

test('a call that its workflow has let go of before the activity began is not made', async () => {
  const context = {
    info: { heartbeatDetails: undefined, heartbeatTimeoutMs: 3_600_000 },
    cancellationSignal: new AbortController().signal,
    client: {},
    heartbeat: () => undefined,
  } as unknown as Context;
  await asyncLocalStorage.run(context, async () => {
    const journal = await openJournal(AbortSignal.abort(new Error('left')), undefined);
    expect(journal.cancelled).toBe(true);
    expect(journal.signal.aborted).toBe(true);
    await journal.close();
  });
});
