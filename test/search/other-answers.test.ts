/** What search services answer beside results: errors with status 200, facts in other members, HTML, pages of other programs. */
import { ApplicationFailure } from '@temporalio/common';
import { createSearchEngine, type EngineName } from '../../src/search';
import { startService, type Reply } from './scripted-service';

interface Seen {
  text?: string;
  type?: string;
  wait?: number;
  message?: string;
  asked: unknown;
}

async function see(engine: EngineName, reply: Reply, query = 'length of the Danube'): Promise<Seen> {
  const service = await startService(reply);
  try {
    const opened = await createSearchEngine(
      { engine, baseUrl: service.url, apiKeyEnv: 'KEY' },
      { KEY: 'secret-key-1' },
    );
    const seen = await opened.search(query).then(
      ({ text }) => ({ text }),
      (error: unknown) => {
        if (!(error instanceof ApplicationFailure)) throw error;
        return { type: error.type ?? '', wait: error.nextRetryDelay as number, message: error.message };
      },
    );
    return { ...seen, asked: service.asked[0]?.body };
  } finally {
    await service.close();
  }
}

const ENGINES: EngineName[] = ['searxng', 'brave', 'serper', 'serpapi', 'tavily', 'exa'];
const found = (text: string) => ({
  results: [{ title: 'T', content: text, text, url: 'u' }],
  organic: [{ title: 'T', snippet: text, link: 'u' }],
  organic_results: [{ title: 'T', snippet: text, link: 'u' }],
  web: { results: [{ title: 'T', description: text, url: 'u' }] },
});

describe.each(ENGINES)('%s', (engine) => {
  test.each([
    [[{ error: { message: 'bad thing', code: 500 } }], 'SearchUnavailable', 'bad thing'],
    [{ error: 'rate limit exceeded' }, 'SearchUnavailable', 'rate limit exceeded'],
    [{ message: 'Forbidden' }, 'SearchAuthentication', 'Forbidden'],
    [{ error: 'Your account has run out of searches.' }, 'SearchAuthentication', 'run out'],
    [{ error: 'Unsupported location' }, 'SearchRequestRejected', 'Unsupported location'],
  ])('an error with status 200 is not "nothing found": %j', async (body, type, words) => {
    expect(await see(engine, { body })).toMatchObject({ type, message: expect.stringContaining(words) });
  });

  test('a warning beside results is none', async () => {
    expect(await see(engine, { body: { ...found('2,850 km'), message: 'deprecated' } })).toMatchObject({
      text: 'T: 2,850 km',
    });
  });

  test('text is plain: no tags, entities, control characters or halves of characters', async () => {
    const html = 'It&#x2019;s <span class="hl">2,850</span>&nbsp;km\u0000 &amp; Caf&eacute; \ud800x < 3';
    expect(await see(engine, { body: found(html) })).toMatchObject({ text: 'T: It’s 2,850 km & Café x < 3' });
  });

  test('a page that stands between is told, and no key is asked for', async () => {
    const page = '<!DOCTYPE html><html><title>Just a moment...</title></html>';
    const seen = await see(engine, { status: 403, body: page });
    expect(seen).toMatchObject({ type: 'SearchRequestRejected', message: expect.stringContaining('Just a moment...') });
    expect(seen.message).toContain('no key was looked at');
    expect(seen.message).not.toContain('search.formats');
  });

  test('a quota that is used up is not waited for', async () => {
    const body = { error: { code: 'QUOTA_LIMITED', detail: 'Request quota limit exceeded', status: 429 } };
    expect(await see(engine, { status: 429, body })).toMatchObject({ type: 'SearchAuthentication' });
    expect(await see(engine, { status: 429, body: { message: 'Please wait 12 seconds' } })).toMatchObject({
      type: 'SearchUnavailable',
      wait: 12_000,
    });
  });
});

test.each([
  ['serper', { answerBox: { title: 'Length', snippetHighlighted: ['2,850 km'] } }],
  ['serper', { answerBox: { answer: 2850 } }],
  ['serper', { knowledgeGraph: { title: 'Danube', attributes: { Length: '2,850 km' } }, organic: [] }],
  ['serper', { organic: [], peopleAlsoAsk: [{ question: 'How long?', snippet: 'It is 2,850 km.' }] }],
  ['serpapi', { answer_box: { type: 'calculator_result', result: '2850' } }],
  ['serpapi', { answer_box: { type: 'population_result', place: 'Danube', population: '2850', year: '2023' } }],
  ['serpapi', { answer_box: { list: ['Danube: 2,850 km', 'Volga: 3,530 km'] } }],
  ['serpapi', { knowledge_graph: { title: 'Danube', description: 'A river of 2,850 km.' } }],
  ['serpapi', { organic_results: [{ title: 'D', snippet_highlighted_words: ['2,850 km'] }] }],
  ['brave', { web: { results: [{ title: 'D', description: '', extra_snippets: ['It is 2,850 km.'] }] } }],
  ['searxng', { answers: [{ answer: '2,850 km', engine: 'calculator' }], results: null }],
] as const)('%s: facts in other members are read where there are no results: %j', async (engine, body) => {
  expect((await see(engine, { body })).text).toMatch(/2,?850/);
});

test('a query is no longer than the service takes', async () => {
  const { asked } = await see('tavily', { body: found('2,850 km') }, 'long '.repeat(200));
  expect((asked as { query: string }).query.length).toBeLessThanOrEqual(400);
});
