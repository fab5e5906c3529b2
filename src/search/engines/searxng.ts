/**
 * SearXNG, a self-hosted metasearch engine: `GET /search?format=json`. It needs no key; a configured one is sent as a bearer token, for
 * instances behind a proxy.
 */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';

/** A fact of an infobox; one with a picture has no value. */
const attributeSchema = z.object({ label: z.string(), value: z.string() });

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
    answers: z.array(z.unknown()).catch([]),
    infoboxes: listOf(z.object({ infobox: text, content: text, id: text, attributes: listOf(attributeSchema) })),
    results: listOf(z.object({ title: text, content: text, url: text })),
    unresponsive_engines: z.array(z.unknown()).catch([]),
  }),
  read: ({ answers: given, infoboxes, results, unresponsive_engines: silent }) => {
    const answers = given.flatMap((answer) => answerText(answer) ?? []);
    const found = [
      ...infoboxes.map(({ infobox = '', content, id, attributes }) => ({
        title: infobox,
        snippet: content || attributes.map(({ label, value }) => `${label}: ${value}`).join('; '),
        url: id,
      })),
      ...results.map(({ title = '', content = '', url }) => ({ title, snippet: content, url })),
    ];
    const unanswered = found.length === 0 && answers.length === 0 && silent.length > 0;
    const message = `nothing found, and of its engines ${silent.length} did not answer (${reasons(silent)}).`;
    return {
      answer: answers[0],
      results: found,
      ...(unanswered ? { problem: { type: 'SearchIncomplete' as const, message } } : {}),
    };
  },
  // An instance that does not allow JSON answers 403: its settings must change, not the key.
  refusal: ({ status, text }) =>
    status === 403 && !/just a moment|captcha|cloudflare/i.test(text)
      ? { type: 'SearchRequestRejected', hint: NO_JSON }
      : undefined,
});

/** Each engine comes with its reason, such as `Suspended: CAPTCHA`. */
const reasons = (silent: readonly unknown[]): string =>
  silent.map((engine) => (Array.isArray(engine) ? engine.join(': ') : String(engine))).join('; ');

/**
 * One of SearXNG's answers (searx/result_types/answer.py): text in older releases, since 2024 an object of a kind. Weather has its
 * summary, a dictionary its translations; an unknown kind is skipped.
 */
function answerText(answer: unknown): string | undefined {
  if (typeof answer === 'string') return answer.trim() || undefined;
  const parsed = z
    .object({
      answer: text,
      current: z.object({ summary: text }).optional().catch(undefined),
      translations: listOf(z.object({ text: z.string() })),
    })
    .safeParse(answer);
  if (!parsed.success) return undefined;
  const { answer: said, current, translations } = parsed.data;
  const words = translations.map((translation) => translation.text).filter(Boolean);
  return said?.trim() || current?.summary?.trim() || words.join(', ') || undefined;
}
