/** The common part of engines behind HTTP; each file of engines/ adds the requests and answers of its service. */
import type { z } from 'zod';
import { createFailure } from '../failures';
import { environmentKey } from '../http/environment-key';
import { createRedactor } from '../http/redact';
import { saidError } from '../http/error-body';
import { diagnosisOf, requestJson, type Diagnosis, type Refusal } from '../http/http-request';
import { oneLine, withPoint } from '../trajectory/bounded-text';
import { isJsonObject } from '../trajectory/json-object';
import { plainText } from './plain-text';
import { responseOf } from './result-text';
import type { EngineSettings, OpenEngine, SearchResult } from './search-engine';

interface HttpEngineCall {
  query: string;
  limit: number;
  settings: EngineSettings;
  /** Empty where the service needs no key. */
  key: string;
}

interface HttpEngineRequest {
  /** Appended to the base URL. */
  path: string;
  /** Query of the URL; undefined values are left out. */
  parameters?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  /** Makes the request a POST of JSON. */
  body?: object;
}

interface HttpEngineResults {
  /** A direct answer, shown before the results. */
  answer?: string;
  results: SearchResult[];
  /** A failure of the service that its answer tells in other ways than by words for an error. */
  problem?: { type: Diagnosis['type'] | 'SearchIncomplete'; message: string };
}

export interface HttpEngine<Body> {
  name: string;
  /** Variable of the key; undefined if the service needs none, but a configured one is sent. */
  keyVariable: string | undefined;
  baseUrl: string;
  request(call: HttpEngineCall): HttpEngineRequest;
  /** Lenient: a missing part is no result, not an error. */
  body: z.ZodType<Body>;
  read(body: Body, call: HttpEngineCall): HttpEngineResults;
  /** Words with which the service reports that nothing was found, as if that were an error. */
  nothing?: RegExp;
  /** The meaning of a refusal, if the status is not enough. */
  refusal?: (refusal: Refusal) => Diagnosis | undefined;
}

/** @throws SearchAuthentication by the returned function when the key's environment variable is not set */
export function httpEngine<Body>(engine: HttpEngine<Body>): OpenEngine {
  return (settings, env) => {
    const { name } = engine;
    const key = keyOf(engine, settings, env);
    const baseUrl = (settings.baseUrl ?? engine.baseUrl).replace(/\/+$/, '');
    const redact = createRedactor([key, encodeURIComponent(key)]);
    return {
      name,
      async search(query, { limit = settings.limit, signal } = {}) {
        const call = { query, limit, settings, key };
        const { path, parameters = {}, headers, body } = engine.request(call);
        const url = new URL(`${baseUrl}${path}`);
        for (const [parameter, value] of Object.entries(parameters))
          if (value !== undefined) url.searchParams.set(parameter, String(value));
        const answered = await requestJson({
          name,
          url,
          headers,
          body,
          timeoutMs: settings.timeoutMs,
          signal,
          redact,
          refusal: engine.refusal,
        });
        const fail = (type: Diagnosis['type'] | 'SearchIncomplete', words: string) =>
          createFailure(type, redact(withPoint(`${name} reports: ${oneLine(words, 300)}`)));
        const parsed = engine.body.safeParse(answered);
        const words = errorWords(answered);
        if (!parsed.success && words === undefined)
          throw createFailure('SearchUnavailable', `${name} answered JSON that is not of its documented form.`);
        const read = parsed.success ? engine.read(parsed.data, call) : { results: [] };
        const results = read.results.map(({ title, snippet, ...rest }) => ({
          title: plainText(title),
          snippet: plainText(snippet),
          ...rest,
        }));
        const answer = read.answer === undefined ? undefined : plainText(read.answer);
        const isEmpty = !answer?.trim() && results.every(({ snippet }) => snippet.trim() === '');
        // Beside results it is only a warning.
        if (isEmpty && words !== undefined && !engine.nothing?.test(words)) throw fail(diagnosisOf(answered), words);
        if ('problem' in read && read.problem) throw fail(read.problem.type, read.problem.message);
        return responseOf(results, { limit, maxChars: settings.maxChars, answer });
      },
    };
  };
}

/** The words of an error that came with status 200. */
function errorWords(body: unknown): string | undefined {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(first) || !['error', 'errors', 'message', 'detail'].some((name) => first[name])) return undefined;
  return saidError(JSON.stringify(body)).message || undefined;
}

function keyOf(
  engine: Pick<HttpEngine<never>, 'name' | 'keyVariable'>,
  settings: EngineSettings,
  env: NodeJS.ProcessEnv,
): string {
  const variable = settings.apiKeyEnv ?? engine.keyVariable;
  if (variable === undefined) return '';
  const key = environmentKey(variable, env);
  if (typeof key === 'string') return key;
  throw createFailure('SearchAuthentication', `${engine.name} needs a key, and ${variable} ${key.problem}.`);
}
