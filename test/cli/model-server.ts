/** One server that plays all experts (OpenAI format) and the search service (SearXNG format) of scripted solutions. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { EXPERTS } from '../../src/trajectory/modules';

export interface ModelServer {
  url: string;
  /** Configuration that leads here, as YAML (JSON is YAML). */
  config(extra?: object): string;
  /** Answered calls of an expert. */
  calls: string[];
  /** Status of every answer, when it is not 200. */
  refuse: number | undefined;
  /** Lets calls of an expert wait; the returned function lets them go on. */
  hold(expert: string): () => void;
  /** Resolves when a call of the expert waits. */
  held(): Promise<void>;
  close(): Promise<void>;
}

export async function startModelServer(solutions: readonly ScriptedSolution[]): Promise<ModelServer> {
  const { parts } = scriptSolutions(solutions);
  let gate: { expert: string; opened: Promise<void> } | undefined;
  let arrived: () => void = () => undefined;
  let arrival = new Promise<void>((resolve) => (arrived = resolve));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (server.refuse !== undefined) return void send(server.refuse, { error: { message: 'refused' } });
    if (url.pathname === '/v1/models')
      return void send(200, { object: 'list', data: EXPERTS.map((expert) => ({ id: `tiny-${expert}` })) });
    if (url.pathname === '/search') {
      const query = url.searchParams.get('q') ?? '';
      const text = (await parts.search?.search(query))?.text;
      return void send(200, {
        query,
        results: text ? [{ title: query, url: 'http://localhost/1', content: text }] : [],
      });
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    const { model, prompt } = JSON.parse(body) as { model: string; prompt: string };
    const expert = model.replace('tiny-', '');
    if (gate?.expert === expert) {
      arrived();
      await gate.opened;
    }
    if (typeof parts.model !== 'function') throw new Error('The script has a model for each expert.');
    const { text } = await parts.model(expert).generate({ prompt, maxTokens: 100, temperature: 0 });
    server.calls.push(expert);
    send(200, {
      id: '1',
      object: 'text_completion',
      model,
      choices: [{ index: 0, text, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    });
  };

  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: ModelServer = {
    url,
    calls: [],
    refuse: undefined,
    config: (extra = {}) =>
      JSON.stringify({
        prompts: 'few-shot',
        models: Object.fromEntries(
          EXPERTS.map((expert) => [expert, { provider: 'openai', baseUrl: `${url}/v1`, model: `tiny-${expert}` }]),
        ),
        search: { engine: 'searxng', baseUrl: url },
        ...extra,
      }),
    hold: (expert) => {
      let open: () => void = () => undefined;
      gate = { expert, opened: new Promise<void>((resolve) => (open = resolve)) };
      arrival = new Promise<void>((resolve) => (arrived = resolve));
      return () => {
        gate = undefined;
        open();
      };
    },
    held: () => arrival,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}
