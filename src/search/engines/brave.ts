/** Brave Search API: `GET /res/v1/web/search`, key in `X-Subscription-Token`. */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';
import { shortQuery } from '../plain-text';

export const openBrave = httpEngine({
  name: 'brave',
  keyVariable: 'BRAVE_API_KEY',
  baseUrl: 'https://api.search.brave.com',
  request: ({ query, limit, key }) => ({
    path: '/res/v1/web/search',
    headers: { 'x-subscription-token': key },
    // Brave refuses queries of more than 400 characters or 50 words.
    parameters: {
      q: shortQuery(query, 400, 50),
      count: limit,
      text_decorations: 'false',
      result_filter: 'web',
    },
  }),
  body: z.object({
    web: z
      .object({
        results: listOf(z.object({ title: text, description: text, extra_snippets: listOf(z.string()), url: text })),
      })
      .optional()
      .catch(undefined),
  }),
  read: ({ web }) => ({
    results: (web?.results ?? []).map(({ title = '', description, extra_snippets: more, url }) => ({
      title,
      snippet: description || more.join(' '),
      url,
    })),
  }),
  // A wrong key is 422 with this code, as wrong parameters are with another. A month's quota that is used up is told as a second's is.
  refusal: ({ status, text, body }) => {
    if (status === 422 && text.includes('SUBSCRIPTION_TOKEN_INVALID')) return { type: 'SearchAuthentication' };
    const { quota_limit: quota, quota_current: used } = quotaSchema.safeParse(body).data?.error.meta ?? {};
    if (status === 429 && quota && used !== undefined && used >= quota)
      return { type: 'SearchAuthentication', instead: `all ${quota} requests of its plan are used up.` };
    return undefined;
  },
});

const quotaSchema = z.object({
  error: z.object({ meta: z.object({ quota_limit: z.number(), quota_current: z.number() }) }),
});
