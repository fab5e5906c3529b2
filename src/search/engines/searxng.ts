/**
 * SearXNG, the metasearch engine that one hosts oneself: `GET /search?format=json`. No key; where the configuration names one it is
 * sent as a bearer token, for instances behind a proxy.
 *
 * @module
 */
import { z } from 'zod';
import { httpEngine } from '../http-engine';

const text = z.string().nullish().catch(undefined);

const NO_JSON = 'JSON is not allowed there; add json to search.formats in its settings.yml.';

export const openSearxng = httpEngine({
  name: 'searxng',
  keyVariable: undefined,
  baseUrl: 'http://127.0.0.1:8080',
  request: ({ query, key }) => ({
    path: '/search',
    headers: key ? { authorization: `Bearer ${key}` } : undefined,
    parameters: { q: query, format: 'json' },
  }),
  body: z.object({
    // Text in older releases, an object since 2024.
    answers: z
      .array(z.union([z.string(), z.object({ answer: z.string() }).transform(({ answer }) => answer)]))
      .catch([]),
    infoboxes: z.array(z.object({ infobox: text, content: text, id: text })).catch([]),
    results: z.array(z.object({ title: text, content: text, url: text })).catch([]),
    unresponsive_engines: z.array(z.unknown()).catch([]),
  }),
  read: ({ answers, infoboxes, results, unresponsive_engines: silent }) => {
    const found = [
      ...infoboxes.map(({ infobox, content, id }) => ({
        title: infobox ?? '',
        snippet: content ?? '',
        url: id ?? undefined,
      })),
      ...results.map(({ title, content, url }) => ({
        title: title ?? '',
        snippet: content ?? '',
        url: url ?? undefined,
      })),
    ];
    const unanswered = found.length === 0 && answers.length === 0 && silent.length > 0;
    const message = `nothing found, and ${silent.length} of its engines did not answer.`;
    return {
      answer: answers[0],
      results: found,
      ...(unanswered ? { problem: { type: 'SearchUnavailable' as const, message } } : {}),
    };
  },
  // An instance that does not allow JSON says 403; it is the instance's settings, no key, that must change.
  refusal: ({ status }) => (status === 403 ? { type: 'SearchRequestRejected', hint: NO_JSON } : undefined),
});
