/**
 * A local OpenAI-compatible server that behaves as it is told, well or badly, and remembers what it was asked.
 *
 * @module
 *
 * @example
 * ```ts
 * const server = await startMisbehavingServer((_request, nth) =>
 *   nth === 0 ? status(429, { headers: { 'retry-after': '1' } }) : answer('[finish] The answer is 4.'),
 * );
 * const model = createOpenAIModel({ baseUrl: server.url, model: 'any' });
 * ...
 * await server.close();
 * ```
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface RecordedRequest {
  /** As `/v1/completions`. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** The prompt, or the messages' contents joined by newlines. */
  prompt: string;
  /** Resolves when the connection closes before the answer is complete. */
  abandoned: Promise<void>;
}

/** Takes care of one request: ends its response, or doesn't. */
export type Behaviour = (request: RecordedRequest, response: ServerResponse) => void;

export interface MisbehavingServer {
  /** Where the API begins: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** In the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** TCP connections accepted so far. */
  readonly connections: number;
  /** The request with this number, counted from 0, as soon as it has arrived. */
  request(nth: number): Promise<RecordedRequest>;
  /** Cuts all connections, those in use too. */
  close(): Promise<void>;
}

/**
 * @param choose the behaviour towards each request; `nth` counts from 0
 * @param port of a server before, to come back where it was. @default a free one
 */
export async function startMisbehavingServer(
  choose: (request: RecordedRequest, nth: number) => Behaviour,
  port = 0,
): Promise<MisbehavingServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const arrivals: (() => void)[] = [];
  let connections = 0;

  const server = createServer((incoming, response) => {
    void receive(incoming, response).then((request) => {
      const nth = requests.push(request) - 1;
      for (const wake of arrivals.splice(0)) wake();
      choose(request, nth)(request, response);
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get connections() {
      return connections;
    },
    async request(nth) {
      while (requests.length <= nth) await new Promise<void>((resolve) => arrivals.push(resolve));
      return requests[nth] as RecordedRequest;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<RecordedRequest> {
  const abandoned = new Promise<void>((resolve) =>
    response.once('close', () => {
      if (!response.writableFinished) resolve();
    }),
  );
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
  const messages = Array.isArray(body.messages) ? (body.messages as { content: string }[]) : [];
  const prompt = typeof body.prompt === 'string' ? body.prompt : messages.map(({ content }) => content).join('\n');
  return { path: incoming.url ?? '', headers: incoming.headers, body, prompt, abandoned };
}

export interface AnswerOptions {
  /** Before the answer is sent. @default 0 */
  delayMs?: number;
  /** @default 'stop' */
  finishReason?: string;
  /** @default the name that was asked for */
  model?: string;
  /** @default 7 prompt and 3 completion tokens; null leaves it out */
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
}

/** Answers as the API promises, to completions and chat. */
export const answer =
  (text: string | ((request: RecordedRequest) => string), options: AnswerOptions = {}): Behaviour =>
  (request, response) => {
    const { delayMs = 0, finishReason = 'stop', usage = { prompt_tokens: 7, completion_tokens: 3 } } = options;
    const content = typeof text === 'string' ? text : text(request);
    const choice = request.path.endsWith('/chat/completions')
      ? { message: { role: 'assistant', content } }
      : { text: content };
    const body = {
      id: 'made-up',
      model: options.model ?? request.body.model,
      choices: [{ index: 0, ...choice, finish_reason: finishReason }],
      ...(usage === null ? {} : { usage }),
    };
    const send = () => sendJson(response, 200, body);
    if (delayMs === 0) return send();
    const timer = setTimeout(send, delayMs);
    response.once('close', () => clearTimeout(timer));
  };

/** Answers with a status and an error body. */
export const status =
  (code: number, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}): Behaviour =>
  (_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, code, body ?? { error: { message: `made-up error ${code}` } });
  };

/** Answers 200 with this text, whatever it is. */
export const raw =
  (text: string, contentType = 'application/json', code = 200): Behaviour =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': contentType }).end(text);
  };

/** Cuts the connection: before the status line, or in the middle of the body. */
export const drop =
  (when: 'at-once' | 'mid-body' = 'at-once'): Behaviour =>
  (_request, response) => {
    if (when === 'at-once') return void response.socket?.destroy();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"choices":[{"te', () => response.socket?.destroy());
  };

/** Never ends its body: chunks without a pause, as fast as they are taken. */
export const endless =
  (chunk = 'x'.repeat(65_536)): Behaviour =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const pour = () => {
      while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', pour);
    };
    pour();
  };

/** Says nothing, or after the headers nothing more. */
export const hang =
  (after: 'request' | 'headers' = 'request'): Behaviour =>
  (_request, response) => {
    if (after === 'headers') response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  };

function sendJson(response: ServerResponse, code: number, body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(code, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' }).end(text);
}
