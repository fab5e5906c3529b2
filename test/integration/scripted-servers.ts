/** Model servers (one per expert, OpenAI format) and a search server (SearXNG format) that play scripted solutions back and count calls. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HuskyConfigInput } from '../../src/config';
import { scriptSolutions, type ScriptedCall, type ScriptedSolution } from '../../src/testing';
import { EXPERTS, type Expert } from '../../src/trajectory/modules';

type Part = ScriptedCall['part'];

export interface ScriptedServers {
  config: Pick<HuskyConfigInput, 'models' | 'search' | 'prompts'>;
  /** Model of the argument generator, for `models.arguments`. */
  writer: NonNullable<NonNullable<HuskyConfigInput['models']>['arguments']>;
  /** Finished calls of each part, in order. */
  calls: { part: Part; input: string }[];
  /** Resolves when a call of this part has been answered. */
  finished(part: Part): Promise<void>;
  /** Calls that were answered, and then made again. */
  repeats(): { part: Part; input: string }[];
  /** Holds the next call of a part until it is released: `reached` when it has arrived, `abandoned` when its connection has closed. */
  hold(part: Part): { reached: Promise<void>; abandoned: Promise<void>; release(): void };
  reset(): void;
  close(): Promise<void>;
}

function question(body: string): { prompt: string; seed?: number } | undefined {
  try {
    return JSON.parse(body) as { prompt: string; seed?: number };
  } catch {
    return undefined;
  }
}

export async function startScriptedServers(solutions: readonly ScriptedSolution[]): Promise<ScriptedServers> {
  const script = scriptSolutions(solutions);
  let calls: { part: Part; input: string }[] = [];
  let gate: { part: Part; arrived(): void; gone(): void; opened: Promise<void> } | undefined;

  const play = async (part: Part, input: string, closed: Promise<unknown>): Promise<string> => {
    if (gate?.part === part) {
      const { arrived, gone, opened } = gate;
      gate = undefined;
      void closed.then(gone);
      arrived();
      await opened;
    }
    const { model, search } = script.parts;
    const text =
      part === 'search'
        ? (await search?.search(input))?.text
        : typeof model === 'function'
          ? (await model(part).generate({ prompt: input, maxTokens: 100, temperature: 0 })).text
          : '';
    return text ?? '';
  };

  const listen = (part: Part) =>
    new Promise<Server>((resolve) => {
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', async () => {
          const url = new URL(request.url ?? '/', 'http://localhost');
          response.setHeader('content-type', 'application/json');
          if (url.pathname.endsWith('/models'))
            return response.end(
              JSON.stringify({ object: 'list', data: [{ id: `scripted-${part}`, object: 'model' }] }),
            );
          // A client that was killed, or one that another server on this port had, may ask without a question.
          const asked = part === 'search' ? { prompt: url.searchParams.get('q') ?? '' } : question(body);
          if (!asked) return response.writeHead(400).end();
          const { prompt, seed } = { seed: undefined, ...asked };
          const text = await play(part, prompt, once(response, 'close'));
          // Samples of a question ask the same with other seeds.
          const input = seed === undefined ? prompt : `${prompt} (seed ${seed})`;
          const answer =
            part === 'search'
              ? { query: input, results: text ? [{ title: prompt, url: 'http://localhost/1', content: text }] : [] }
              : {
                  id: '1',
                  object: 'text_completion',
                  model: `scripted-${part}`,
                  choices: [{ index: 0, text, finish_reason: 'stop' }],
                  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
                };
          if (response.destroyed) return;
          response.end(JSON.stringify(answer), () => calls.push({ part, input }));
        });
      });
      server.listen(0, '127.0.0.1', () => resolve(server));
    });

  const parts: Part[] = [...EXPERTS, 'arguments', 'search'];
  const servers = new Map(await Promise.all(parts.map(async (part) => [part, await listen(part)] as const)));
  const address = (part: Part) => `http://127.0.0.1:${(servers.get(part)?.address() as AddressInfo).port}`;
  const model = (expert: Expert | 'arguments') => ({
    provider: 'openai' as const,
    baseUrl: `${address(expert)}/v1`,
    model: `scripted-${expert}`,
  });

  return {
    writer: model('arguments'),
    config: {
      prompts: 'few-shot',
      models: Object.fromEntries(EXPERTS.map((expert) => [expert, model(expert)])) as HuskyConfigInput['models'],
      search: { engine: 'searxng', baseUrl: address('search') },
    },
    get calls() {
      return calls;
    },
    repeats: () =>
      calls.filter((call, i) => calls.findIndex((other) => other.part === call.part && other.input === call.input) < i),
    finished: async (part) => {
      while (!calls.some((call) => call.part === part)) await new Promise((next) => setTimeout(next, 50));
    },
    hold: (part) => {
      let release = () => undefined as void;
      let arrived = () => undefined as void;
      let gone = () => undefined as void;
      const opened = new Promise<void>((resolve) => (release = resolve));
      const reached = new Promise<void>((resolve) => (arrived = resolve));
      const abandoned = new Promise<void>((resolve) => (gone = resolve));
      gate = { part, arrived, gone, opened };
      return { reached, abandoned, release };
    },
    reset: () => {
      calls = [];
    },
    close: async () => {
      for (const server of servers.values()) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
