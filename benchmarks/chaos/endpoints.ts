/**
 * The models and the search service, as a process that can be killed. Every request is written to a log when it arrives and when it
 * has been answered. Some requests are misbehaved to, the same ones for the same seed.
 * Environment: PORT, QUESTIONS (file), LOG (file), SEED, TROUBLE (share of requests), DELAY_MS, and SLOW: numbers of questions whose models take
 * ten minutes.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { scriptSolutions, type ScriptedCall, type ScriptedSolution } from '../../src/testing';

const { PORT, QUESTIONS = '', LOG = '', SEED = '1', TROUBLE = '0', DELAY_MS = '150', SLOW = '' } = process.env;
const { model, search } = scriptSolutions(JSON.parse(readFileSync(QUESTIONS, 'utf8')) as ScriptedSolution[]).parts;

const TROUBLES = ['429', '500', 'garbage', 'half', 'hang'] as const;
/** Requests that have been misbehaved to once; the next attempt is answered. */
const troubled = new Set<string>();

const slow = new Set(SLOW.split(',').filter(Boolean));

const write = (entry: object) => appendFileSync(LOG, `${JSON.stringify({ ...entry, at: Date.now() })}\n`);
const digest = (text: string) => createHash('sha256').update(`${SEED} ${text}`).digest();

/** Every prompt and query names its question or a ledger of it; a prompt's own examples name neither. */
const solutionOf = (input: string) => [...input.matchAll(/(?:Case <|ledger )(\d+)/g)].at(-1)?.[1] ?? '?';

async function play(part: ScriptedCall['part'], input: string): Promise<string> {
  if (part === 'search') return (await search?.search(input))?.text ?? '';
  if (typeof model !== 'function') throw new Error('The script has no models.');
  return (await model(part).generate({ prompt: input, maxTokens: 100, temperature: 0 })).text;
}

function bodyOf(part: string, input: string, text: string): string {
  if (part === 'search') {
    const results = text ? [{ title: input, url: 'http://localhost/1', content: text }] : [];
    return JSON.stringify({ query: input, results });
  }
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  const choices = [{ index: 0, text, finish_reason: 'stop' }];
  return JSON.stringify({ id: '1', object: 'text_completion', model: `scripted-${part}`, choices, usage });
}

function misbehave(kind: (typeof TROUBLES)[number], response: ServerResponse, body: string): void {
  if (kind === 'hang') return;
  if (kind === '429') response.writeHead(429, { 'retry-after': '1' }).end('{"error":{"message":"slow down"}}');
  else if (kind === '500') response.writeHead(500).end('{"error":{"message":"out of order"}}');
  else if (kind === 'garbage') response.writeHead(200, { 'content-type': 'application/json' }).end('<html>{"a":');
  else {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, body.length >> 1), () => response.destroy());
  }
}

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, part = ''] = url.pathname.split('/');
  if (url.pathname.endsWith('/models')) {
    response.setHeader('content-type', 'application/json');
    return void response.end(JSON.stringify({ object: 'list', data: [{ id: `scripted-${part}` }] }));
  }
  let received = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
  request.on('end', async () => {
    const input =
      part === 'search'
        ? (url.searchParams.get('q') ?? '')
        : ((JSON.parse(received) as { prompt?: string }).prompt ?? '');
    const call = `${solutionOf(input)} ${part} ${createHash('sha256').update(input).digest('hex').slice(0, 16)}`;
    write({ event: 'arrived', call });
    const [chance = 0, kind = 0] = digest(call);
    const text = await play(part as ScriptedCall['part'], input).catch(() => undefined);
    // `husky doctor` asks what no script has.
    if (text === undefined) return void response.writeHead(400).end('{"error":{"message":"no script has it"}}');
    const body = bodyOf(part, input, text);
    const isSlow = slow.has(solutionOf(input));
    if (isSlow) response.once('close', () => write({ event: 'given up', call }));
    const delay = isSlow ? 600_000 : Number(DELAY_MS) * (0.5 + chance / 256);
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (chance / 256 < Number(TROUBLE) && !troubled.has(call)) {
      troubled.add(call);
      const trouble = TROUBLES[kind % TROUBLES.length] ?? '500';
      write({ event: trouble, call });
      return misbehave(trouble, response, body);
    }
    if (response.destroyed) return;
    response.setHeader('content-type', 'application/json');
    response.end(body, () => write({ event: 'answered', call }));
  });
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
