/** Brave Search API: `GET /res/v1/web/search`, key in `X-Subscription-Token`. */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';

export const openBrave = httpEngine({
  name: 'brave',
  keyVariable: 'BRAVE_API_KEY',
  baseUrl: 'https://api.search.brave.com',
  request: ({ query, limit, key }) => ({
    path: '/res/v1/web/search',
    headers: { 'x-subscription-token': key },
    // Brave refuses queries of more than 400 characters or 50 words.
    parameters: {
      q: query.split(/\s+/, 50).join(' ').slice(0, 400),
      count: limit,
      text_decorations: 'false',
      result_filter: 'web',
    },
  }),
  body: z.object({
    web: z
      .object({ results: listOf(z.object({ title: text, description: text, url: text })) })
      .optional()
      .catch(undefined),
  }),
  read: ({ web }) => ({
    results: (web?.results ?? []).map(({ title = '', description = '', url }) => ({
      title: plain(title),
      snippet: plain(description),
      url,
    })),
  }),
  // A wrong key is 422 with this code, as wrong parameters are with another.
  refusal: ({ status, text }) =>
    status === 422 && text.includes('SUBSCRIPTION_TOKEN_INVALID') ? { type: 'SearchAuthentication' } : undefined,
});

/** Text still has entities, and marks around the words of the query, whatever `text_decorations` says. */
function plain(html: string): string {
  return html
    .replace(/<\/?(strong|b|em)>/g, '')
    .replace(/&(?:#x27|#39|apos);/g, "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
