/** Model servers (one per expert, OpenAI format) and a search server (SearXNG format) that play scripted solutions back and count calls. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HuskyConfigInput } from '../../src/config';
import { scriptSolutions, type ScriptedCall, type ScriptedSolution } from '../../src/testing';
import { EXPERTS, type Expert } from '../../src/trajectory/modules';

type Place = ScriptedCall['place'];

export interface ScriptedServers {
  config: Pick<HuskyConfigInput, 'models' | 'search' | 'prompts'>;
  /** Model of the argument generator, for `models.arguments`. */
  writer: NonNullable<NonNullable<HuskyConfigInput['models']>['arguments']>;
  /** Finished calls of each place, in order. */
  calls: { place: Place; input: string }[];
  /** Resolves when a call of this place has been answered. */
  finished(place: Place): Promise<void>;
  /** Calls that were answered, and then made again. */
  repeats(): { place: Place; input: string }[];
  /** Holds the next call of a place until it is released: `reached` when it has arrived, `abandoned` when its connection has closed. */
  hold(place: Place): { reached: Promise<void>; abandoned: Promise<void>; release(): void };
  reset(): void;
  close(): Promise<void>;
}

export async function startScriptedServers(solutions: readonly ScriptedSolution[]): Promise<ScriptedServers> {
  const script = scriptSolutions(solutions);
  let calls: { place: Place; input: string }[] = [];
  let gate: { place: Place; arrived(): void; gone(): void; opened: Promise<void> } | undefined;

  const play = async (place: Place, input: string, closed: Promise<unknown>): Promise<string> => {
    if (gate?.place === place) {
      const { arrived, gone, opened } = gate;
      gate = undefined;
      void closed.then(gone);
      arrived();
      await opened;
    }
    const { model, search } = script.parts;
    const text =
      place === 'search'
        ? (await search?.search(input))?.text
        : typeof model === 'function'
          ? (await model(place).generate({ prompt: input, maxTokens: 100, temperature: 0 })).text
          : '';
    return text ?? '';
  };

  const listen = (place: Place) =>
    new Promise<Server>((resolve) => {
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', async () => {
          const url = new URL(request.url ?? '/', 'http://localhost');
          response.setHeader('content-type', 'application/json');
          if (url.pathname.endsWith('/models'))
            return response.end(
              JSON.stringify({ object: 'list', data: [{ id: `scripted-${place}`, object: 'model' }] }),
            );
          const asked =
            place === 'search'
              ? { prompt: url.searchParams.get('q') ?? '' }
              : (JSON.parse(body) as { prompt: string; seed?: number });
          const { prompt, seed } = { seed: undefined, ...asked };
          const text = await play(place, prompt, once(response, 'close'));
          // Samples of a question ask the same with other seeds.
          const input = seed === undefined ? prompt : `${prompt} (seed ${seed})`;
          const answer =
            place === 'search'
              ? { query: input, results: text ? [{ title: prompt, url: 'http://localhost/1', content: text }] : [] }
              : {
                  id: '1',
                  object: 'text_completion',
                  model: `scripted-${place}`,
                  choices: [{ index: 0, text, finish_reason: 'stop' }],
                  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
                };
          if (response.destroyed) return;
          response.end(JSON.stringify(answer), () => calls.push({ place, input }));
        });
      });
      server.listen(0, '127.0.0.1', () => resolve(server));
    });

  const places: Place[] = [...EXPERTS, 'arguments', 'search'];
  const servers = new Map(await Promise.all(places.map(async (place) => [place, await listen(place)] as const)));
  const address = (place: Place) => `http://127.0.0.1:${(servers.get(place)?.address() as AddressInfo).port}`;
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
      calls.filter(
        (call, i) => calls.findIndex((other) => other.place === call.place && other.input === call.input) < i,
      ),
    finished: async (place) => {
      while (!calls.some((call) => call.place === place)) await new Promise((next) => setTimeout(next, 50));
    },
    hold: (place) => {
      let release = () => undefined as void;
      let arrived = () => undefined as void;
      let gone = () => undefined as void;
      const opened = new Promise<void>((resolve) => (release = resolve));
      const reached = new Promise<void>((resolve) => (arrived = resolve));
      const abandoned = new Promise<void>((resolve) => (gone = resolve));
      gate = { place, arrived, gone, opened };
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
