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
    answerBox: z
      .object({ snippet: text, answer: text, snippetHighlighted: listOf(z.string()) })
      .optional()
      .catch(undefined),
    knowledgeGraph: z
      .object({ title: text, description: text, attributes: z.record(z.string(), text).optional().catch(undefined) })
      .optional()
      .catch(undefined),
    organic: listOf(z.object({ title: text, snippet: text, link: text })),
    peopleAlsoAsk: listOf(z.object({ question: text, snippet: text, link: text })),
  }),
  read: ({ answerBox, knowledgeGraph: known, organic, peopleAlsoAsk: asked }) => ({
    answer: answerBox?.snippet || answerBox?.answer || answerBox?.snippetHighlighted.join('; '),
    results: [
      ...organic.map(({ title = '', snippet = '', link }) => ({ title, snippet, url: link })),
      ...asked.map(({ question = '', snippet = '', link }) => ({ title: question, snippet, url: link })),
      {
        title: known?.title ?? '',
        snippet: [known?.description, ...facts(known?.attributes)].filter(Boolean).join(' '),
      },
    ],
  }),
});

const facts = (attributes: Record<string, string | undefined> = {}) =>
  Object.entries(attributes).map(([label, value]) => (value ? `${label}: ${value};` : ''));
