/**
 * SerpAPI (serpapi.com), which Husky-v1 uses: `GET /search`, key in the URL.
 * Reading: Husky-v1 (commit 1d5dca1), described in docs/husky-v1.md section 6.
 */
import { z } from 'zod';
import { listOf, textPart as text } from '../answer-parts';
import { httpEngine } from '../http-engine';

const score = z.union([z.string(), z.number(), z.record(z.string(), z.unknown())]);
const teams = z.array(z.object({ name: text, score: score.optional().catch(undefined) }));

export const openSerpapi = httpEngine({
  name: 'serpapi',
  keyVariable: 'SERPAPI_API_KEY',
  baseUrl: 'https://serpapi.com',
  request: ({ query, settings, key }) => ({
    path: '/search',
    parameters: { engine: 'google', q: query, location: settings.location, api_key: key },
  }),
  body: z.object({
    sports_results: z
      .object({
        game_spotlight: z
          .object({ teams: teams.catch([]) })
          .optional()
          .catch(undefined),
      })
      .optional()
      .catch(undefined),
    answer_box: z
      .object({
        ...{ snippet: text, answer: text, result: text, list: listOf(z.string()) },
        ...{ population: text, place: text, year: text },
        ...{ temperature: text, unit: text, weather: text, location: text },
      })
      .optional()
      .catch(undefined),
    knowledge_graph: z.object({ title: text, description: text }).optional().catch(undefined),
    organic_results: listOf(
      z.object({ title: text, snippet: text, link: text, snippet_highlighted_words: listOf(z.string()) }),
    ),
  }),
  read: ({ sports_results: sports, answer_box: box, knowledge_graph: known, organic_results: organic }) => ({
    // A rule without a text does not apply; the reference would show an empty result.
    answer: spotlight(sports?.game_spotlight?.teams) || box?.snippet || box?.answer,
    results: [
      ...organic.map(({ title = '', snippet = '', link }) => ({ title, snippet, url: link })),
      // What the reference does not read comes last.
      { title: '', snippet: box?.result || (box?.list ?? []).join('; ') || weather(box) || population(box) },
      { title: known?.title ?? '', snippet: known?.description ?? '' },
      ...organic.map(({ title = '', snippet_highlighted_words: words, link }) => ({
        title,
        snippet: words.join('; '),
        url: link,
      })),
    ],
  }),
  nothing: /hasn't returned any results/i,
});

const population = ({
  place,
  population: people,
  year,
}: { place?: string; population?: string; year?: string } = {}) =>
  people ? [place, people, year && `(${year})`].filter(Boolean).join(' ') : '';

const weather = (box: { temperature?: string; unit?: string; weather?: string; location?: string } = {}) =>
  box.temperature ? [box.location, box.temperature, box.unit, box.weather].filter(Boolean).join(' ') : '';

/** `Name: {period: score, ...}` for each team; a plain score stands alone; nothing when a name or a score is missing. */
function spotlight(shown: z.infer<typeof teams> = []): string {
  const parts = shown.map(({ name, score }) => {
    if (!name || score === undefined || score === '') return undefined;
    if (typeof score !== 'object') return String(score);
    const periods = Object.entries(score).map(([period, points]) => `${period}: ${String(points)}`);
    return `${name}: {${periods.join(', ')}}`;
  });
  return parts.every((part) => part !== undefined) ? parts.join(', ') : '';
}
