/** What the page asks its server. */
import type { SolutionNews, SolutionList, SolutionView } from '../endpoint/page-contract';

/** The key lives as long as the tab: it is written nowhere. */
const KEY = 'husky-key';

export const hasKey = () => sessionStorage.getItem(KEY) !== null;
export const setKey = (key: string) => sessionStorage.setItem(KEY, key);
export const forgetKey = () => sessionStorage.removeItem(KEY);

/** Who decides, for as long as the tab lives; empty before it was asked for. */
const NAME = 'husky-name';

export const savedName = () => sessionStorage.getItem(NAME) ?? '';
export const saveName = (name: string) => sessionStorage.setItem(NAME, name);

/** An answer that is no success, in the server's own words. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  const key = sessionStorage.getItem(KEY);
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      ...options,
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ServerError(0, 'The server does not answer. Solutions go on; this page tries again.');
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
  throw new ServerError(response.status, body?.error?.message ?? `The server answered ${response.status}.`);
}

const post = (path: string, body: object) => ask(path, { method: 'POST', body: JSON.stringify(body) });
const at = (id: string) => `/solutions/${encodeURIComponent(id)}`;

/** What a person may choose for one question. */
export interface Chosen {
  maxSteps?: number;
  /** Rules by which steps wait for a person, beside the configuration's. */
  approval?: string[];
  samples?: number;
  /** Shows the text of models as they write it. */
  tokens?: boolean;
}

export async function start(question: string, chosen: Chosen): Promise<string> {
  const response = await post('/solutions', { question, ...chosen });
  return ((await response.json()) as { id: string }).id;
}

export async function list(query: { text: string; status: string }, signal: AbortSignal): Promise<SolutionList> {
  return (await ask(`/solutions?${new URLSearchParams(query)}`, { signal })).json() as Promise<SolutionList>;
}

export async function read(id: string, signal: AbortSignal): Promise<SolutionView> {
  return (await ask(at(id), { signal })).json() as Promise<SolutionView>;
}

/** Something that a person does to a running solution. */
export async function act(id: string, what: string, body: object = {}): Promise<void> {
  await post(`${at(id)}/${what}`, body);
}

/** Milliseconds before a stream that broke off is taken up again. */
const AGAIN_MS = 1500;

/**
 * Follows a solution to its end. A stream that breaks off goes on where it was.
 *
 * @param tell why nothing comes at the moment; undefined when it comes again
 * @throws ServerError when there is nothing to follow
 */
export async function* follow(
  id: string,
  signal: AbortSignal,
  tell: (problem: string | undefined) => void,
): AsyncGenerator<SolutionView> {
  let known: SolutionView | undefined;
  while (!signal.aborted && (known === undefined || known.status === 'running')) {
    try {
      const { body } = await ask(`${at(id)}/events?from=${known?.steps.length ?? 0}`, { signal });
      tell(undefined);
      for await (const { from, ...news } of messages(body as ReadableStream<Uint8Array>)) {
        const steps = [...(known?.steps ?? []).slice(0, from), ...news.steps];
        const { answer, usage, models } = (news.untold && known) || news;
        known = { ...news, steps, answer, usage, models };
        yield known;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ServerError && error.status >= 400 && error.status < 500) throw error;
      tell((error as Error).message);
    }
    if (known === undefined || known.status === 'running') await new Promise((next) => setTimeout(next, AGAIN_MS));
  }
}

/** The JSON of each `data:` line of an event stream. */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<SolutionNews> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as SolutionNews;
  }
}
