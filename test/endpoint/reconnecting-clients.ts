/** Clients of the endpoint that take their stream up again when it breaks off, each in the way of its API. */
import { setTimeout as pause } from 'node:timers/promises';
import type OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { SolutionNews } from '../../src/endpoint/page-contract';
import type { Step } from '../../src/trajectory/step';

export interface ReconnectingClient {
  /** What it has of the steps, as text; a step that came twice is there twice. */
  steps: string[];
  answer: string | undefined;
  /** Streams that were opened. */
  connections: number;
  /** Resolves when it has the end. */
  done: Promise<void>;
}

/** Milliseconds between two tries. */
const AGAIN_MS = 200;
const idOf = (key: string) => ({ headers: { 'Idempotency-Key': key } });

/** Opens streams until one says that it was the last. */
function persistent(attempt: (client: ReconnectingClient) => Promise<boolean>): ReconnectingClient {
  const client: ReconnectingClient = { steps: [], answer: undefined, connections: 0, done: Promise.resolve() };
  client.done = (async () => {
    for (;;) {
      client.connections += 1;
      // A server that is being started anew refuses the connection; one that dies breaks it off.
      if (await attempt(client).catch(() => false)) return;
      await pause(AGAIN_MS);
    }
  })();
  return client;
}

/** The Responses API: a stream goes on after the number of the last event. */
export function byResponses(openai: OpenAI, question: string, key: string) {
  const events: ResponseStreamEvent[] = [];
  let id: string | undefined;
  const client = persistent(async (now) => {
    const stream =
      id === undefined
        ? await openai.responses.create({ model: 'husky', input: question, stream: true }, idOf(key))
        : await openai.responses.retrieve(id, { stream: true, starting_after: events.at(-1)?.sequence_number ?? -1 });
    for await (const event of stream) {
      events.push(event);
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.reasoning_summary_text.done') now.steps.push(event.text);
      if (event.type === 'response.output_text.done') now.answer = event.text;
      if (event.type === 'response.completed') return true;
    }
    return false;
  });
  return Object.assign(client, { events });
}

/** Chat completions: the same key of idempotency is the same solution, and its stream begins anew. */
export function byChat(openai: OpenAI, question: string, key: string): ReconnectingClient {
  const messages = [{ role: 'user' as const, content: question }];
  return persistent(async (now) => {
    now.steps.length = 0;
    const stream = await openai.chat.completions.create({ model: 'husky', messages, stream: true }, idOf(key));
    let answer = '';
    for await (const { choices } of stream) {
      const { delta, finish_reason: end } = choices[0] ?? {};
      const { reasoning_content: reasoning } = (delta ?? {}) as { reasoning_content?: string };
      if (reasoning !== undefined) now.steps.push(reasoning.trim());
      answer += delta?.content ?? '';
      if (end === 'stop') {
        now.answer = answer;
        return true;
      }
    }
    return false;
  });
}

const textOf = ({ tool, step, output }: Step) => `[${tool}] ${step}\n${output}`;

/** The page's own stream, which sends the steps from the one on that the page lacks. */
export function byPage(url: string, id: string): ReconnectingClient {
  return persistent(async (now) => {
    const had = now.steps.length;
    const { body } = await fetch(`${url}/api/solutions/${id}/events?from=${had}`);
    let rest = '';
    for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.startsWith('data: '))) {
        const { from, steps, status, answer } = JSON.parse(line.slice(6)) as SolutionNews;
        if (from !== now.steps.length) throw new Error(`steps from ${from} on, where ${now.steps.length} are known`);
        now.steps.push(...steps.map(textOf));
        if (status !== 'completed') continue;
        now.answer = answer;
        return true;
      }
    }
    return false;
  });
}
