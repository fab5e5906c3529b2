/**
 * One model server (OpenAI's completions) that plays scripted solutions back and streams where it is asked to: word by word, and for a held
 * call only as many words as the test lets it write.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HuskyConfigInput } from '../../src/config';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { EXPERTS, type Expert } from '../../src/trajectory/modules';

export interface HeldCall {
  /** The call has arrived. */
  reached: Promise<void>;
  /** Its connection has closed. */
  closed: Promise<void>;
  /** Lets it write so many words more. */
  write(words: number): void;
  /** Breaks its connection off. */
  breakOff(): void;
  /** Lets it write the rest and end. */
  release(): void;
}

export interface StreamingServer {
  config: Pick<HuskyConfigInput, 'models' | 'prompts'>;
  /** Whole answers, in the order of their ends. */
  calls: { expert: string; prompt: string; streamed: boolean }[];
  /** Holds the next call of an expert. */
  hold(expert: Expert): HeldCall;
  close(): Promise<void>;
}

export async function startStreamingServer(solutions: readonly ScriptedSolution[]): Promise<StreamingServer> {
  const { parts } = scriptSolutions(solutions);
  const calls: StreamingServer['calls'] = [];
  const gates = new Map<string, (response: ServerResponse, words: string[]) => Promise<void>>();

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url?.endsWith('/models'))
      return void response.end(JSON.stringify({ data: EXPERTS.map((expert) => ({ id: `scripted-${expert}` })) }));
    const { model, prompt, stream } = JSON.parse(body) as { model: string; prompt: string; stream?: boolean };
    const expert = model.replace('scripted-', '');
    if (typeof parts.model !== 'function') throw new Error('The script has a model for each expert.');
    const { text } = await parts.model(expert).generate({ prompt, maxTokens: 100, temperature: 0 });
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const gate = gates.get(expert);
    gates.delete(expert);
    const answer = (choice: object, more: object = {}) =>
      JSON.stringify({ object: 'text_completion', model, choices: [{ index: 0, ...choice }], ...more });
    if (stream) {
      response.setHeader('content-type', 'text/event-stream');
      response.flushHeaders();
    }
    const words = text.match(/\s*\S+/g) ?? [];
    const send = (word: string) => stream && response.write(`data: ${answer({ text: word, finish_reason: null })}\n\n`);
    const rest = words.map((word) => word);
    if (gate) await gate(response, rest);
    if (response.destroyed) return;
    for (const word of rest) send(word);
    const last = answer(stream ? { text: '', finish_reason: 'stop' } : { text, finish_reason: 'stop' }, { usage });
    response.end(stream ? `data: ${last}\n\ndata: [DONE]\n\n` : last, () =>
      calls.push({ expert, prompt, streamed: stream === true }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

  return {
    config: {
      prompts: 'few-shot',
      models: Object.fromEntries(
        EXPERTS.map((expert) => [expert, { provider: 'openai', baseUrl, model: `scripted-${expert}` }]),
      ) as HuskyConfigInput['models'],
    },
    calls,
    hold: (expert) => {
      const held = { arrived: () => {}, gone: () => {}, opened: () => {} };
      const reached = new Promise<void>((resolve) => (held.arrived = resolve));
      const closed = new Promise<void>((resolve) => (held.gone = resolve));
      const opened = new Promise<void>((resolve) => (held.opened = resolve));
      let current: { response: ServerResponse; rest: string[] } | undefined;
      gates.set(expert, async (response, rest) => {
        current = { response, rest };
        const end = once(response, 'close').then(held.gone);
        held.arrived();
        await Promise.race([opened, end]);
      });
      return {
        reached,
        closed,
        write: (words) => {
          for (const word of current?.rest.splice(0, words) ?? [])
            current?.response.write(
              `data: ${JSON.stringify({ model: `scripted-${expert}`, choices: [{ index: 0, text: word, finish_reason: null }] })}\n\n`,
            );
        },
        breakOff: () => void current?.response.destroy(),
        release: () => held.opened(),
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
