/**
 * The wait for a Temporal server's first answer. A server on a loaded host may need many seconds, so every command waits as long, says so
 * before it gives up, and gives up at once where no answer can come.
 */
import { pause } from '../process/abort';
import { ANSWER_LIMIT_MS, WORD_AFTER_MS } from './answer-limit';
import { findConnectionProblem, reach, type ConnectionProblem } from './connection-problem';
import { proxyOf, type ServerSettings } from './connection-options';
import { parseServerAddress } from './server-address';

/** Milliseconds after which a command looks what stands in the way, which takes three seconds at most. */
const LOOK_AFTER_MS = 2000;
/** Errors of a connection after which nothing can answer. */
const REFUSALS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
};

export interface FirstAnswerOptions {
  settings: ServerSettings;
  env: NodeJS.ProcessEnv;
  /** Milliseconds until the server must answer. @default ANSWER_LIMIT_MS */
  limitMs?: number;
  /** Milliseconds of them that have passed already. @default 0 */
  waitedMs?: number;
  /** Told once that the command waits. */
  onProgress?: (line: string) => void;
}

/** No answer can come, or none came in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(readonly problem: ConnectionProblem) {
    super(problem.what);
  }
}

/**
 * The result of `ask`.
 *
 * @param ask its signal is aborted when nobody waits any more
 * @throws NoAnswer at once when the connection is refused or the host has no address, after some seconds when TLS or a certificate
 *   stands in the way; at the limit; else what `ask` rejects with
 */
export async function firstAnswer<T>(ask: (over: AbortSignal) => Promise<T>, options: FirstAnswerOptions): Promise<T> {
  const over = new AbortController();
  const asked = ask(over.signal);
  const doubting = doubt(options, over.signal);
  doubting.catch(() => undefined);
  try {
    return await Promise.race([asked, doubting]);
  } finally {
    over.abort();
    asked.catch(() => undefined);
  }
}

/** Rejects when no answer can come, and at the limit. Between them it tells once that the command waits. */
async function doubt(options: FirstAnswerOptions, over: AbortSignal): Promise<never> {
  const { settings, env, limitMs = ANSWER_LIMIT_MS, waitedMs = 0, onProgress } = options;
  const began = Date.now() - waitedMs;
  const end = began + limitMs;
  const proxy = proxyOf(settings.address, env);
  const door = proxy
    ? { host: proxy.url.hostname, port: Number(proxy.url.port || 80) }
    : parseServerAddress(settings.address, 'The address');
  const reached = await reach(door, WORD_AFTER_MS);
  const refusal = typeof reached === 'object' ? REFUSALS[reached.code ?? ''] : undefined;
  if (refusal) throw new NoAnswer(await findConnectionProblem(settings, new Error(refusal), env));
  await pauseUntil(Math.min(began + LOOK_AFTER_MS, end), over);
  const silence = `no answer within ${seconds(limitMs)} s`;
  const found = await findConnectionProblem(settings, new Error(silence), env);
  if (!proxy && found.what !== silence) throw new NoAnswer(found);
  await pauseUntil(Math.min(began + WORD_AFTER_MS, end), over);
  if (!over.aborted && Date.now() < end) {
    const advice = proxy ? '' : ` ${found.advice}`;
    onProgress?.(
      `The Temporal server at ${settings.address} has not answered for ${seconds(Date.now() - began)} s. It may be busy, and has ${seconds(end - Date.now())} s more.${advice}`,
    );
  }
  await pauseUntil(end, over);
  throw new NoAnswer(found);
}

const pauseUntil = (time: number, over: AbortSignal) => pause(Math.max(0, time - Date.now()), over);
const seconds = (ms: number) => Math.round(ms / 1000);
