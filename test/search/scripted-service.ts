/** A search service on 127.0.0.1 that answers as a test says and records what it was asked. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, or as it is when a string. */
  body?: unknown;
}

export type Reply = Answer | ((request: IncomingMessage, response: ServerResponse) => void);

export interface ScriptedService {
  url: string;
  asked: Asked[];
  /** The last entry answers all further requests. */
  replies: Reply[];
  close(): Promise<void>;
}

export async function startService(...replies: Reply[]): Promise<ScriptedService> {
  const asked: Asked[] = [];
  const service = { asked, replies };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      asked.push({
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://service'),
        headers: request.headers,
        body: text ? (JSON.parse(text) as unknown) : undefined,
      });
      const reply = service.replies.length > 1 ? service.replies.shift() : service.replies[0];
      if (typeof reply === 'function') return reply(request, response);
      const { status = 200, headers = {}, body = {} } = reply ?? {};
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...service,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
