/**
 * Husky as an OpenAI-compatible endpoint. Every request is an ordinary, durable solution.
 *
 * @module
 */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { requestId } from 'hono/request-id';
import { streamSSE, type SSEStreamingApi } from 'hono/streaming';
import type { HuskyClient, SolutionHandle } from '../husky-client';
import { lastingWatch } from '../lasting-watch';
import { rejectOnAbort } from '../process/abort';
import type { SolutionProgress } from '../trajectory/step';
import { Access, type AccessOptions } from './access';
import { askedForm, forcedFunction, TEXT } from './answer-form';
import { ask, MODEL, parseBody, wantsTokens, type Common } from './ask';
import { json, keptAlive, plainPath, type Call, type Variables } from './call';
import { chatCompletion, chatSchema, ChatStream } from './chat-completions';
import { growingChunks } from './chat-tokens';
import { promptOf } from './conversation';
import { pageApi, pageFiles } from './page-api';
import { refuse, Refusal, refusalOf, unavailable } from './refusal';
import { findResponse, responseId, turnsOf } from './response-turns';
import { eventsOf, responseHead, responseOf, responsesSchema, type ResponseHead } from './responses';
import { LeftSolutions } from './left-solutions';
import { inTime } from './view-solution';
import { WorkflowStuckError } from '../workflow-trouble';

export interface EndpointOptions extends AccessOptions {
  husky: HuskyClient;
  /** Bytes of a request's body. @default 1 MiB */
  maxBodyBytes?: number;
  /** Folder of the page; false for no page. @default the page that the build has made */
  page?: string | false;
}

/**
 * Routes: `/v1/chat/completions`, `/v1/responses` (with retrieval, resumed streams and cancellation), `/v1/models`, `/health`; the page at `/`
 * with its API below `/api`.
 *
 * If a client goes away, its solution goes on. The same `Idempotency-Key`, or the id of the response, finds it again.
 *
 * @example
 * ```ts
 * import { serve } from '@hono/node-server';
 * serve({ fetch: createEndpoint({ husky, keys: ['secret'] }).fetch, port: 8400 });
 * ```
 */
export function createEndpoint({ husky, maxBodyBytes = 1024 * 1024, page, ...accessOptions }: EndpointOptions) {
  const access = new Access(accessOptions);
  const left = new LeftSolutions();
  const startedAt = Math.floor(Date.now() / 1000);
  const app = new Hono<{ Variables: Variables }>({ getPath: plainPath });

  app.onError((error, call) => refuse(call, refusalOf(error)));
  app.notFound((call) => refuse(call, new Refusal(404, nothingAt(call.req), 'not_found')));
  // Clients print it beside their errors; a gateway's own id is kept.
  app.use('/v1/*', requestId());
  app.get('/health', (call) => call.json({ status: 'ok' }));

  const checked = createMiddleware<{ Variables: Variables }>(async (call, next) => {
    const caller = access.caller(call.req.header('authorization'), call.req.header('host'));
    call.set('caller', caller);
    const leave = access.enter(caller);
    call.set('leave', leave);
    await next();
    // A stream leaves when it ends.
    if (!call.res.headers.get('content-type')?.startsWith('text/event-stream')) return leave();
    // A proxy such as nginx would hold the stream back until its buffer is full.
    call.header('X-Accel-Buffering', 'no');
  });
  const bounded = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (call) =>
      refuse(call, new Refusal(413, `The body has more than ${maxBodyBytes} bytes.`, 'body_too_large')),
  });
  app.use('/v1/*', checked, bounded);
  app.use('/api/*', checked, bounded);
  if (page !== false) {
    app.route('/api', pageApi(husky));
    app.route('/', pageFiles(page));
  }

  app.get('/v1/models', (call) => call.json({ object: 'list', data: [model(startedAt)] }));
  app.get('/v1/models/:id', (call) => {
    if (call.req.param('id') !== MODEL) throw new Refusal(404, `The only model here is ${MODEL}.`, 'model_not_found');
    return call.json(model(startedAt));
  });

  app.post('/v1/chat/completions', async (call) => {
    const body = parseBody(chatSchema, await json(call));
    const asked = await left.asked(call, body, (from) => ask(husky, body, body.messages, from));
    const { tools, tool_choice, response_format: wanted } = body;
    const said = wanted?.type === 'json_schema' ? wanted : askedForm(promptOf(body.messages));
    const form = forcedFunction(tools, tool_choice) ?? said ?? wanted ?? TEXT;
    if (!body.stream) return call.json(chatCompletion(asked, await awaited(call, asked.handle), form));
    return streamSSE(call, async (sse) => {
      const chunks = new ChatStream(asked, body.stream_options?.include_usage === true, form);
      const send = (objects: readonly object[]) =>
        sendAll(
          sse,
          objects.map((data) => ({ data })),
        );
      await keptAlive(call, sse, async (signal) => {
        await send(chunks.begin());
        try {
          const grow = wantsTokens(body) && form.type === 'text' ? growingChunks : wholeChunks;
          for await (const objects of grow(asked.handle, chunks, signal)) await send(objects);
          if (signal.aborted) return;
        } catch (error) {
          await send([refusalOf(error).body]);
        }
        await sse.writeSSE({ data: '[DONE]' });
      });
    });
  });

  app.post('/v1/responses', async (call) => {
    const body = parseBody(responsesSchema, await json(call));
    const turns = await turnsOf(husky, body, call.get('caller'));
    const mayWait = body.background === true;
    const { previous_response_id } = body;
    const memo = {
      ...(mayWait ? { background: true } : {}),
      ...(previous_response_id ? { previous_response_id } : {}),
      ...(body.text?.format && body.text.format.type !== 'text' ? { text: { format: body.text.format } } : {}),
    };
    const { handle, createdAt } = await left.asked(call, body, (from) =>
      ask(husky, body as Common, turns, { ...from, memo, mayWait }),
    );
    const head = responseHead(responseId(handle.workflowId), createdAt, body);
    if (body.stream) return streamEvents(call, handle, head, -1);
    if (body.background) return call.json(responseOf(head, undefined));
    return call.json(responseOf(head, await awaited(call, handle)));
  });

  const find = async (call: Call) => {
    const id = call.req.param('id') as string;
    const { handle, description } = await findResponse(husky, id, call.get('caller'));
    return { handle, head: responseHead(id, Math.floor(description.startTime.getTime() / 1000), description.memo) };
  };

  app.get('/v1/responses/:id', async (call) => {
    const { handle, head } = await find(call);
    if (call.req.query('stream') === 'true')
      return streamEvents(call, handle, head, Number(call.req.query('starting_after') ?? -1));
    return call.json(await responseNow(handle, head));
  });

  app.delete('/v1/responses/:id', async (call) => {
    const { head } = await find(call);
    throw new Refusal(
      405,
      `${head.id} cannot be deleted here: its workflow stays in Temporal until the retention of its namespace is over. Cancel it, or delete the workflow with Temporal's own tools.`,
      'not_supported',
    );
  });

  app.get('/v1/responses/:id/input_items', async (call) => {
    const { head } = await find(call);
    throw new Refusal(
      405,
      `The input of ${head.id} was not kept item by item: it became the question of one solution. Keep your own copy of the messages.`,
      'not_supported',
    );
  });

  app.post('/v1/responses/:id/cancel', async (call) => {
    const { handle, head } = await find(call);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    return call.json(await responseNow(handle, head));
  });

  return app;
}

const model = (created: number) => ({ id: MODEL, object: 'model', created, owned_by: 'temporal-husky' });

/** Waits for the solution, unless the client goes away first. */
const awaited = (call: Call, handle: SolutionHandle) => rejectOnAbort(handle.result(), call.req.raw.signal);

/** The response as it is now. One that has ended needs no worker to tell its steps. */
async function responseNow(handle: SolutionHandle, head: ResponseHead) {
  const { name: status } = (await handle.workflow.describe()).status;
  if (status === 'COMPLETED') return responseOf(head, await handle.result());
  const ask = () => (status === 'RUNNING' ? handle.progress() : handle.progressAtEnd());
  const progress = await inTime(handle, ask).catch((error: unknown) => {
    if (status !== 'RUNNING') return undefined;
    if (error instanceof WorkflowStuckError) throw unavailable(error.message, 'no_worker');
    throw unavailable(
      `No worker tells the steps of ${head.id}. It goes on when one runs; ask again then.`,
      'no_worker',
    );
  });
  if (status === 'RUNNING' || progress?.stopReason !== undefined) return responseOf(head, progress);
  if (status === 'CANCELLED') return { ...responseOf(head, undefined), status: 'cancelled' };
  return responseOf(head, progress, await handle.result().then(() => undefined, refusalOf));
}

/** A chunk for each step, and one for the answer. */
async function* wholeChunks(handle: SolutionHandle, chunks: ChatStream, signal: AbortSignal): AsyncGenerator<object[]> {
  for await (const { steps } of lastingWatch(handle, { signal })) yield chunks.steps(steps);
  if (!signal.aborted) yield chunks.end(await handle.result());
}

/** A base URL without `/v1` is the commonest mistake in the settings of a client. */
function nothingAt({ method, path }: Call['req']): string {
  if (/^\/v1(\/|$)/.test(path))
    return `There is no ${method} ${path} here. Husky has /v1/chat/completions, /v1/responses and /v1/models.`;
  return `There is no ${method} ${path} here. The API of OpenAI is below /v1: the base URL of a client ends with it.`;
}

/** @param after number of the last event that the client has; -1 for none */
function streamEvents(call: Call, handle: SolutionHandle, head: ResponseHead, after: number): Response {
  if (!Number.isInteger(after))
    throw new Refusal(400, 'starting_after must be the number of an event.', 'invalid_request');
  return streamSSE(call, async (sse) => {
    let sent = after;
    const send = async (events: ReturnType<typeof eventsOf>) => {
      const added = events.filter(({ sequence_number: number }) => number > sent);
      await sendAll(
        sse,
        added.map((data) => ({ data, event: data.type })),
      );
      sent = Math.max(sent, events.length - 1);
    };
    await keptAlive(call, sse, async (signal) => {
      await send(eventsOf(head, undefined));
      let known: SolutionProgress | undefined;
      try {
        for await (known of lastingWatch(handle, { signal })) await send(eventsOf(head, known));
      } catch (error) {
        if (signal.aborted) return;
        const refusal = refusalOf(error);
        // The solution itself has not failed. A client that asks again goes on after the last number.
        if (refusal.status === 503) await sse.writeSSE({ event: 'error', data: JSON.stringify(refusal.body) });
        else await send(eventsOf(head, known, refusal));
      }
    });
  });
}

async function sendAll(sse: SSEStreamingApi, messages: readonly { data: object; event?: string }[]): Promise<void> {
  for (const { data, event } of messages) await sse.writeSSE({ data: JSON.stringify(data), event });
}
