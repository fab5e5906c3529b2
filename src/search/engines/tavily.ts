/**
 * Tavily (tavily.com): `POST /search`, key as bearer token. Its `answer` is not requested: a model of Tavily's writes it, and a step's
 * output should come from what was found.
 */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';
import { shortQuery } from '../plain-text';

export const openTavily = httpEngine({
  name: 'tavily',
  keyVariable: 'TAVILY_API_KEY',
  baseUrl: 'https://api.tavily.com',
  request: ({ query, limit, key }) => ({
    path: '/search',
    headers: { authorization: `Bearer ${key}` },
    // It refuses longer queries.
    body: { query: shortQuery(query, 400), max_results: limit, search_depth: 'basic', include_answer: false },
  }),
  body: z.object({ results: listOf(z.object({ title: text, content: text, url: text })) }),
  read: ({ results }) => ({
    results: results.map(({ title = '', content = '', url }) => ({ title, snippet: content, url })),
  }),
  // 432 and 433: the limit of the plan or the key is used up; waiting does not help.
  refusal: ({ status }) => (status === 432 || status === 433 ? { type: 'SearchAuthentication' } : undefined),
});
