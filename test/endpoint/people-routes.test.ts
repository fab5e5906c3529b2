/** What people tell a solution by the page's API, over a real Temporal server. */
import { setTimeout as pause } from 'node:timers/promises';
import { createEndpoint } from '../../src/endpoint/create-endpoint';
import type { SolutionList, SolutionView } from '../../src/endpoint/page-contract';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

let temporal: TestServer;
beforeAll(async () => {
  temporal = await startServer();
});
afterAll(() => temporal.stop());

const KEY = 'a-key-of-this-test';
const OTHER_KEY = 'another-key-of-this-test';

type Told = { status: number; body: { id?: string; error?: { message: string; code: string } } };

/** A caller of the API with a key. */
const callerOf = (fetch: (request: Request) => Response | Promise<Response>, key: string) => {
  const send = async (path: string, options: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return fetch(new Request(`http://localhost/api/solutions${path}`, { headers, ...options }));
  };
  return {
    read: async <T>(path: string) => (await (await send(path)).json()) as T,
    tell: async (path: string, body: object): Promise<Told> => {
      const response = await send(path, { method: 'POST', body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Told['body'] };
    },
  };
};
type Caller = ReturnType<typeof callerOf>;

async function withCallers(body: (mine: Caller, theirs: Caller) => Promise<void>): Promise<void> {
  await withWorkers(temporal, { parts: scriptSolutions([spiders]).parts }, async (husky) => {
    const { fetch } = createEndpoint({ husky, keys: [KEY, OTHER_KEY] });
    await body(
      callerOf((request) => fetch(request), KEY),
      callerOf((request) => fetch(request), OTHER_KEY),
    );
  });
}

const start = async ({ tell }: Caller, ...approval: string[]) =>
  (await tell('', { question: spiders.question, approval })).body.id ?? '';

/** The solution as soon as it looks so. */
async function until({ read }: Caller, id: string, looks: (view: SolutionView) => boolean): Promise<SolutionView> {
  for (;;) {
    const view = await read<SolutionView>(`/${id}`);
    if (looks(view)) return view;
    await pause(100);
  }
}
const waits = (step: string) => (view: SolutionView) => view.approvals[0]?.id === step;
const ended = ({ status }: SolutionView) => status !== 'running';

test('a step that waits is shown with its program and listed, and is decided under a name, once', async () => {
  await withCallers(async (mine) => {
    const id = await start(mine, 'programs', 'search');
    await until(mine, id, waits('1.1'));
    expect(await mine.tell(`/${id}/approve`, { by: 'Ada', approval: '1.1' })).toMatchObject({ status: 200 });
    const { approvals } = await until(mine, id, waits('1.4'));
    expect(approvals).toMatchObject([{ index: 3, tool: 'code', because: 'programs', code: spiders.steps[3]?.code }]);
    let listed: SolutionList['solutions'] = [];
    while (listed.length === 0) ({ solutions: listed } = await mine.read<SolutionList>('?status=waiting'));
    expect(listed).toMatchObject([{ id, status: 'running', waiting: '1.4 [code] Compute 12 times 6 plus 24.' }]);

    const late = await mine.tell(`/${id}/refuse`, { reason: 'No.', by: 'Bob', approval: '1.1' });
    expect([late.status, late.body.error?.code]).toEqual([409, 'ApprovalGone']);
    expect(late.body.error?.message).toMatch(/Step 1\.1 was approved by Ada.*These wait: 1\.4 \([^)]*\)\.$/);
    expect(await mine.tell(`/${id}/approve`, { approval: '1.9' })).toMatchObject({ status: 409 });

    expect(await mine.tell(`/${id}/approve`, { by: 'Bob' })).toMatchObject({ status: 200 });
    const { steps, answer, approvals: none } = await until(mine, id, ended);
    expect([answer, none]).toEqual(['96', []]);
    expect(steps.map(({ decisions = [] }) => decisions.map(({ kind, by }) => `${kind} by ${by}`))).toEqual([
      ['approved by Ada'],
      [],
      [],
      ['approved by Bob'],
    ]);
    expect(await mine.tell(`/${id}/approve`, { by: 'Bob' })).toMatchObject({
      status: 409,
      body: { error: { code: 'ended' } },
    });
  });
}, 120_000);

test('steps are refused, answered and edited; hints are taken; a pause is shown until it ends', async () => {
  await withCallers(async (mine) => {
    const id = await start(mine, 'always');
    await until(mine, id, waits('1.1'));
    expect(await mine.tell(`/${id}/pause`, { by: 'Ada' })).toMatchObject({ status: 200 });
    expect((await until(mine, id, ({ paused }) => paused !== undefined)).paused).toMatchObject({ by: 'Ada' });
    expect(await mine.tell(`/${id}/resume`, { by: 'Ada' })).toMatchObject({ status: 200 });
    expect((await mine.read<SolutionView>(`/${id}`)).paused).toBeUndefined();
    await mine.tell(`/${id}/refuse`, { reason: 'The jar is open, so take 12.', by: 'Ada' });
    await until(mine, id, waits('1.2'));
    await mine.tell(`/${id}/answer`, { answer: 'An insect has 6 legs.', by: 'Ada' });
    await until(mine, id, waits('1.3'));
    await mine.tell(`/${id}/edit`, { tool: 'commonsense', by: 'Ada' });
    await until(mine, id, ({ steps }) => steps.length > 2);
    expect(await mine.tell(`/${id}/hint`, { hint: 'Add them.', by: 'Bob' })).toMatchObject({ status: 200 });
    const { steps } = await mine.read<SolutionView>(`/${id}`);
    expect(steps.slice(0, 3).map(({ decisions }) => decisions?.[0]?.kind)).toEqual(['refused', 'answered', 'edited']);
    expect(steps[0]?.output).toContain('The jar is open, so take 12.');
    expect(await mine.tell(`/${id}/cancel`, {})).toMatchObject({ status: 200 });
  });
}, 120_000);

test('what does not fit is refused and changes nothing; another key may not decide', async () => {
  await withCallers(async (mine, theirs) => {
    const id = await start(mine, 'search');
    await until(mine, id, waits('1.1'));
    const status = async (path: string, body: object, caller = mine) =>
      (await caller.tell(`/${id}/${path}`, body)).status;
    expect(await status('edit', {})).toBe(400);
    expect(await status('edit', { tool: 'abacus' })).toBe(400);
    expect(await status('answer', { answer: ' ' })).toBe(400);
    expect(await status('refuse', {})).toBe(400);
    expect(await status('approve', { force: true })).toBe(400);
    expect(await status('resume', {})).toBe(400);
    for (const path of ['approve', 'refuse', 'edit', 'answer', 'hint', 'pause', 'resume'])
      expect(await status(path, { reason: 'x', answer: 'x', hint: 'x' }, theirs)).toBe(404);
    expect((await mine.read<SolutionView>(`/${id}`)).approvals).toHaveLength(1);
    expect((await theirs.read<SolutionList>('?status=waiting')).solutions).toEqual([]);
    await mine.tell(`/${id}/cancel`, {});
  });
}, 120_000);
