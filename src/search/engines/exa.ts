/** Exa (exa.ai): `POST /search`, key in `x-api-key`. It also returns matching sentences of each page. */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';

export const openExa = httpEngine({
  name: 'exa',
  keyVariable: 'EXA_API_KEY',
  baseUrl: 'https://api.exa.ai',
  request: ({ query, limit, settings, key }) => ({
    path: '/search',
    headers: { 'x-api-key': key },
    body: {
      query,
      type: 'auto',
      numResults: limit,
      contents: { highlights: true, text: { maxCharacters: settings.maxChars } },
    },
  }),
  body: z.object({
    results: listOf(z.object({ title: text, url: text, highlights: listOf(z.string()), text })),
  }),
  read: ({ results }) => ({
    results: results.map(({ title = '', url, highlights, text = '' }) => ({
      title,
      snippet: highlights.join(' ').trim() || text,
      url,
    })),
  }),
});
