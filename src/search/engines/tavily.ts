/**
 * Tavily (tavily.com): `POST /search`, key as bearer token. Its `answer`, written by a model of Tavily's, is not asked for:
 * a step's output should come from what was found.
 *
 * @module
 */
import { z } from 'zod';
import { httpEngine } from '../http-engine';

const text = z.string().optional().catch(undefined);

export const openTavily = httpEngine({
  name: 'tavily',
  keyVariable: 'TAVILY_API_KEY',
  baseUrl: 'https://api.tavily.com',
  request: ({ query, limit, key }) => ({
    path: '/search',
    headers: { authorization: `Bearer ${key}` },
    body: { query, max_results: limit, search_depth: 'basic', include_answer: false },
  }),
  body: z.object({ results: z.array(z.object({ title: text, content: text, url: text })).catch([]) }),
  read: ({ results }) => ({
    results: results.map(({ title = '', content = '', url }) => ({ title, snippet: content, url })),
  }),
  // 432 and 433: the plan's or the key's limit is used up, which waiting does not mend.
  refusal: ({ status }) => (status === 432 || status === 433 ? { type: 'SearchAuthentication' } : undefined),
});
