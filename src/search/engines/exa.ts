/** Exa (exa.ai): `POST /search`, key in `x-api-key`. It also returns matching sentences of each page. */
import { z } from 'zod';
import { httpEngine } from '../http-engine';

const text = z.string().nullish().catch(undefined);

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
    results: z.array(z.object({ title: text, url: text, highlights: z.array(z.string()).catch([]), text })).catch([]),
  }),
  read: ({ results }) => ({
    results: results.map(({ title, url, highlights, text }) => ({
      title: title ?? '',
      snippet: highlights.join(' ').trim() || (text ?? ''),
      url: url ?? undefined,
    })),
  }),
});
