/** The page and its own small API to ask, watch, decide, end and list. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono, type Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import type { HuskyClient, SolutionHandle } from '../husky-client';
import { MAX_SAMPLES } from '../contract/profile';
import { SOLUTION_STATUSES, waitingFor } from '../list-solutions';
import { pause } from '../process/abort';
import { oneLine } from '../trajectory/bounded-text';
import { LOCAL_CALLER } from './access';
import { parseBody, START_LIMIT } from './ask';
import { json, keptAlive, type Call, type Variables } from './call';
import type { ListedSolution, SolutionList, SolutionNews, SolutionView } from './page-contract';
import { PEOPLE_ROUTES, tellSolution } from './people-api';
import { refuse, Refusal, refusalOf } from './refusal';
import { findSolution, statusOf, viewSolution } from './view-solution';

/** Where `npm run build` puts the page. */
const BUILT = join(__dirname, '../page');
const FILES: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
};
/** The page may run only its own script and ask only its own server, so texts of models stay texts. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** Milliseconds between looks at a solution that is watched. */
const LOOK_MS = 400;
/** A search looks at so many solutions. */
const LOOKED_AT = 1000;

/** A status beside those of workflows: it runs, but waits for a person or is paused. */
const WAITING = 'waiting';

const askSchema = z.strictObject({
  question: z.string(),
  maxSteps: z.int().min(1).optional(),
  approval: z.array(z.string()).optional(),
  samples: z.int().min(1).max(MAX_SAMPLES).optional(),
  tokens: z.boolean().optional(),
});

/** @param folder where the page lies @default what the build has made */
export function pageFiles(folder = BUILT): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  const send = (call: Context, name: string) => {
    const path = join(folder, name);
    const type = FILES[name];
    if (type === undefined || !existsSync(path))
      throw new Refusal(404, 'The page is not there: npm run build makes it.', 'not_found');
    return call.body(readFileSync(path, 'utf8'), 200, {
      'content-type': type,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
  };
  app.get('/', (call) => send(call, 'index.html'));
  app.get('/page/:file', (call) => send(call, call.req.param('file')));
  return app;
}

/** Routes below `/api`, for callers that were checked before. */
export function pageApi(husky: HuskyClient): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  /** A caller with a key may see what was asked with that key. Without keys the person at this machine may see all. */
  const reader = (call: Call) => (memo: Record<string, unknown> | undefined) =>
    call.get('caller') === LOCAL_CALLER || memo?.caller === call.get('caller');
  const view = (call: Call) => viewSolution(husky, call.req.param('id') ?? '', reader(call));

  app.post('/solutions', async (call) => {
    const { question, maxSteps, approval, samples, tokens } = parseBody(askSchema, await json(call));
    const options = {
      memo: { caller: call.get('caller') },
      limits: maxSteps === undefined ? undefined : { maxSteps },
      ...{ approval, samples, tokens },
    };
    const handle = await husky.withDeadline(Date.now() + START_LIMIT, () => husky.start(question, options));
    return call.json({ id: handle.workflowId }, 201);
  });

  app.get('/solutions', async (call) => {
    const { text = '', status, limit = '30' } = call.req.query();
    if (status && status !== WAITING && !(status in SOLUTION_STATUSES)) {
      const offered = [...Object.keys(SOLUTION_STATUSES), WAITING].join(', ');
      throw new Refusal(400, `status is one of ${offered}.`, 'invalid_request');
    }
    const wanted = Math.min(Math.max(Number(limit) || 30, 1), 200);
    const wishes = {
      mayRead: reader(call),
      text: text.toLowerCase(),
      status: (status || undefined) as Search['status'],
      wanted,
    };
    return call.json(await husky.withDeadline(Date.now() + START_LIMIT, () => search(husky, wishes)));
  });

  app.get('/solutions/:id', async (call) => call.json(await view(call)));

  app.get('/solutions/:id/events', async (call) => {
    const first = await view(call);
    return streamSSE(call, (sse) =>
      keptAlive(call, sse, async (signal) => {
        let sent = '';
        let had = Number(call.req.query('from') ?? 0) || 0;
        let now: SolutionView | undefined = first;
        while (!signal.aborted) {
          // If the server is away for a moment, the stream waits for it.
          now ??= await view(call).catch(() => undefined);
          const data = now && JSON.stringify(now);
          if (now && data !== undefined && data !== sent) {
            const from = now.untold ? had : Math.min(had, now.steps.length);
            const news: SolutionNews = { ...now, from, steps: now.steps.slice(from) };
            await sse.writeSSE({ data: JSON.stringify(news) });
            sent = data;
            had = from + news.steps.length;
          }
          if (now && now.status !== 'running') return;
          now = undefined;
          await pause(LOOK_MS, signal);
        }
      }),
    );
  });

  const act = (path: string, work: (handle: SolutionHandle, body: unknown) => Promise<object | void>) =>
    app.post(`/solutions/:id/${path}`, async (call) => {
      const body = await json(call);
      const { handle, description } = await findSolution(husky, call.req.param('id') ?? '', reader(call));
      const status = statusOf(description.status.name);
      if (status !== 'running') throw new Refusal(409, `The solution has ended (${status}).`, 'ended');
      return call.json((await work(handle, body)) ?? { id: handle.workflowId });
    });
  act('finish', (handle) => handle.finishNow());
  act('cancel', (handle) => handle.cancel());
  for (const [path, tell] of Object.entries(PEOPLE_ROUTES))
    act(path, (handle, body) => tellSolution(handle, tell, body));

  app.onError((error, call) => refuse(call, refusalOf(error)));
  return app;
}

interface Search {
  mayRead: (memo: Record<string, unknown> | undefined) => boolean;
  text: string;
  status: keyof typeof SOLUTION_STATUSES | typeof WAITING | undefined;
  wanted: number;
}

/** Temporal cannot search the words of a question, so this looks at the newest solutions one by one. */
async function search(husky: HuskyClient, { mayRead, text, status, wanted }: Search): Promise<SolutionList> {
  const solutions: ListedSolution[] = [];
  let looked = 0;
  for await (const { workflow, question = '' } of husky.list({
    status: status === WAITING ? 'running' : status,
    batches: false,
  })) {
    if (solutions.length >= wanted || looked >= LOOKED_AT) return { solutions, looked, more: true };
    looked += 1;
    const { workflowId: id, startTime, closeTime, memo } = workflow;
    const waiting = workflow.status.name === 'RUNNING' ? waitingFor(memo) : undefined;
    if (status === WAITING && waiting === undefined) continue;
    if (!mayRead(memo) || !`${id}\n${question}`.toLowerCase().includes(text)) continue;
    solutions.push({
      id,
      status: statusOf(workflow.status.name),
      startedAt: startTime.toISOString(),
      closedAt: closeTime?.toISOString(),
      question: oneLine(question, 200),
      waiting,
    });
  }
  return { solutions, looked, more: false };
}
