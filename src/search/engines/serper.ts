/** Serper (serper.dev): Google results; `POST /search`, key in `X-API-KEY`. */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';

export const openSerper = httpEngine({
  name: 'serper',
  keyVariable: 'SERPER_API_KEY',
  baseUrl: 'https://google.serper.dev',
  request: ({ query, limit, settings, key }) => ({
    path: '/search',
    headers: { 'x-api-key': key },
    body: { q: query, num: Math.max(limit, 10), location: settings.location },
  }),
  body: z.object({
    answerBox: z.object({ snippet: text, answer: text }).optional().catch(undefined),
    organic: listOf(z.object({ title: text, snippet: text, link: text })),
  }),
  read: ({ answerBox, organic }) => ({
    answer: answerBox?.snippet || answerBox?.answer,
    results: organic.map(({ title = '', snippet = '', link }) => ({ title, snippet, url: link })),
  }),
  refusal: ({ status, text }) =>
    status === 400 && /credits/i.test(text) ? { type: 'SearchAuthentication' } : undefined,
});
