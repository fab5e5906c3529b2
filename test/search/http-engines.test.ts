import { gzipSync } from 'node:zlib';
import { ApplicationFailure } from '@temporalio/common';
import { createSearchEngine, ENGINE_NAMES, type EngineName, type SearchConfigInput } from '../../src/search';
import { startService, type Reply, type ScriptedService } from './scripted-service';

const KEY = 'sk-very/secret+key=0123456789';

let service: ScriptedService | undefined;
afterEach(() => service?.close());

async function open(engine: EngineName, reply: Reply, config: Partial<SearchConfigInput> = {}) {
  service = await startService(reply);
  return createSearchEngine({ engine, baseUrl: service.url, apiKeyEnv: 'TEST_KEY', ...config }, { TEST_KEY: KEY });
}

async function failureOf(work: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error(`not an ApplicationFailure: ${String(error)}`);
  return error;
}

/** What each service documents as its answer to a query that found one page. */
const ONE_RESULT: Record<Exclude<EngineName, 'sqlite'>, object> = {
  serpapi: {
    search_metadata: { status: 'Success' },
    organic_results: [{ position: 1, title: 'Texas', link: 'https://example.org/t', snippet: 'Area: 268,596 sq mi' }],
  },
  serper: {
    searchParameters: { q: 'x', type: 'search' },
    organic: [{ title: 'Texas', link: 'https://example.org/t', snippet: 'Area: 268,596 sq mi', position: 1 }],
    credits: 1,
  },
  tavily: {
    query: 'x',
    answer: null,
    images: [],
    results: [
      { title: 'Texas', url: 'https://example.org/t', content: 'Area: 268,596 sq mi', score: 0.9, raw_content: null },
    ],
    response_time: '1.2',
  },
  brave: {
    type: 'search',
    query: { original: 'x' },
    web: {
      type: 'search',
      results: [{ title: 'Texas', url: 'https://example.org/t', description: 'Area: <strong>268,596</strong> sq mi' }],
    },
  },
  exa: {
    requestId: 'b5947044c4b78efa9552a7c89b306d95',
    results: [
      {
        id: '1',
        title: 'Texas',
        url: 'https://example.org/t',
        highlights: ['Area: 268,596 sq mi'],
        text: 'Texas is ...',
      },
    ],
  },
  searxng: {
    query: 'x',
    number_of_results: 0,
    results: [{ title: 'Texas', url: 'https://example.org/t', content: 'Area: 268,596 sq mi', engine: 'brave' }],
    answers: [],
    corrections: [],
    infoboxes: [],
    suggestions: [],
    unresponsive_engines: [],
  },
};
const SERVICES = Object.keys(ONE_RESULT) as (keyof typeof ONE_RESULT)[];

test('every engine of the registry but the embedded one is tested here', () => {
  expect([...SERVICES, 'sqlite'].sort()).toEqual([...ENGINE_NAMES].sort());
});

describe.each(SERVICES)('%s', (name) => {
  test('a page that was found becomes `title: snippet`', async () => {
    const engine = await open(name, { body: ONE_RESULT[name] });
    expect(await engine.search('area of "Texas" & more?')).toEqual({
      text: 'Texas: Area: 268,596 sq mi',
      results: [{ title: 'Texas', snippet: 'Area: 268,596 sq mi', url: 'https://example.org/t' }],
    });
    const [asked] = service?.asked ?? [];
    const sent = asked?.body ?? Object.fromEntries(asked?.url.searchParams ?? []);
    expect(Object.values(sent as object)).toContain('area of "Texas" & more?');
  });

  test('results of another form are passed over, and not those beside them (Q01)', async () => {
    const odd = (value: unknown): unknown => {
      if (Array.isArray(value)) return [null, 7, 'text', { title: { en: 'x' }, url: 3 }, ...value.map(odd), []];
      return value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, odd(part)]))
        : value;
    };
    const engine = await open(name, { body: odd(ONE_RESULT[name]) as object });
    expect((await engine.search('x')).results).toContainEqual({
      title: 'Texas',
      snippet: expect.stringContaining('Area: 268,596 sq mi') as string,
      url: 'https://example.org/t',
    });
  });

  test('nothing found is no text', async () => {
    const engine = await open(name, { body: {} });
    expect(await engine.search('zzzz')).toEqual({ text: undefined, results: [] });
  });

  test('a snippet longer than the bound is cut with a marker that names its length', async () => {
    const long = JSON.stringify(ONE_RESULT[name])
      .replace('268,596', '9'.repeat(5000))
      .replace(/<\/?strong>/g, '');
    const engine = await open(name, { body: long }, { maxChars: 50 });
    const { text = '' } = await engine.search('x');
    expect(text).toMatch(/^Texas: Area: 9{37} \[\.\.\. cut, 50\d\d characters in all\]$/);
  });

  test('429 is tried again, when the service says so', async () => {
    const engine = await open(name, { status: 429, headers: { 'retry-after': '7' }, body: { error: 'slow down' } });
    const failure = await failureOf(engine.search('x'));
    expect(failure).toMatchObject({ type: 'SearchUnavailable', nonRetryable: false, nextRetryDelay: 7000 });
  });

  test('500 is tried again', async () => {
    const engine = await open(name, { status: 500, body: 'oops' });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchUnavailable', nonRetryable: false });
  });

  test('401 is a refused key, and never tried again', async () => {
    const engine = await open(name, { status: 401, body: { message: `bad key ${KEY}` } });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchAuthentication', nonRetryable: true });
  });

  test('400 is a rejected request', async () => {
    const engine = await open(name, { status: 400, body: { error: { detail: 'q is missing' } } });
    const failure = await failureOf(engine.search('x'));
    expect(failure).toMatchObject({ type: 'SearchRequestRejected', nonRetryable: true });
    expect(failure.message).toContain('q is missing');
  });

  test('what is not JSON is no result', async () => {
    const engine = await open(name, { body: '<html>Sign in to the Wi-Fi</html>' });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchUnavailable' });
  });

  test('JSON of another form is no result', async () => {
    const engine = await open(name, { body: '[1, 2]' });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchUnavailable' });
  });

  test('the key is in no message, however the service repeats it', async () => {
    const echo = `key ${KEY} and ${encodeURIComponent(KEY)} in ?api_key=${encodeURIComponent(KEY)}`;
    for (const status of [400, 401, 403, 429, 500]) {
      const engine = await open(name, { status, body: { error: echo } });
      const failure = await failureOf(engine.search('x'));
      expect(JSON.stringify([failure.message, failure.stack, failure.cause, failure.details])).not.toMatch(
        /very.{1,3}secret/,
      );
      await service?.close();
    }
    const gone = await open(name, { body: {} });
    await service?.close();
    const failure = await failureOf(gone.search('x'));
    expect(failure).toMatchObject({ type: 'SearchUnavailable' });
    expect(JSON.stringify([failure.message, failure.stack, failure.cause])).not.toMatch(/very.{1,3}secret/);
    expect(failure.message).toContain('could not be reached');
  });

  test('a redirect is not followed, since it would carry the key elsewhere', async () => {
    const engine = await open(name, { status: 302, headers: { location: '/elsewhere' } });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchRequestRejected' });
    expect(service?.asked ?? []).toHaveLength(1);
  });

  test('silence ends at the time limit', async () => {
    const engine = await open(name, () => undefined, { timeoutMs: 100 });
    const failure = await failureOf(engine.search('x'));
    expect(failure).toMatchObject({ type: 'SearchUnavailable' });
    expect(failure.message).toContain('no answer within 0.1 s');
  });

  test('a cancelled search closes the connection', async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const controller = new AbortController();
    const engine = await open(name, (_, response) => {
      response.on('close', closed);
      controller.abort(new Error('cancelled by a person'));
    });
    await expect(engine.search('x', { signal: controller.signal })).rejects.toThrow('cancelled by a person');
    await gone;
  });
});

test.each([
  ['serpapi', 'SERPAPI_API_KEY'],
  ['serper', 'SERPER_API_KEY'],
  ['tavily', 'TAVILY_API_KEY'],
  ['brave', 'BRAVE_API_KEY'],
  ['exa', 'EXA_API_KEY'],
] as const)('%s without %s says which variable to set', async (engine, variable) => {
  service = await startService({});
  const failure = await failureOf(createSearchEngine({ engine, baseUrl: service.url }, {}));
  expect(failure).toMatchObject({ type: 'SearchAuthentication' });
  expect(failure.message).toContain(variable);
});

test('where each service wants its key and its count', async () => {
  const sent = async (name: EngineName) => {
    const engine = await open(name, { body: {} }, { location: 'Seattle,Washington' });
    await engine.search('q', { limit: 3 });
    await service?.close();
    const [asked] = service?.asked ?? [];
    if (!asked) throw new Error('not asked');
    return { ...asked, path: asked.url.pathname, parameters: Object.fromEntries(asked.url.searchParams) };
  };
  expect(await sent('serpapi')).toMatchObject({
    method: 'GET',
    path: '/search',
    parameters: { engine: 'google', q: 'q', location: 'Seattle,Washington', api_key: KEY },
  });
  expect(await sent('serper')).toMatchObject({
    method: 'POST',
    path: '/search',
    headers: { 'x-api-key': KEY },
    body: { q: 'q', location: 'Seattle,Washington' },
  });
  expect(await sent('tavily')).toMatchObject({
    method: 'POST',
    path: '/search',
    headers: { authorization: `Bearer ${KEY}` },
    body: { query: 'q', max_results: 3 },
  });
  expect(await sent('brave')).toMatchObject({
    method: 'GET',
    path: '/res/v1/web/search',
    headers: { 'x-subscription-token': KEY },
    parameters: { q: 'q', count: '3' },
  });
  expect(await sent('exa')).toMatchObject({
    method: 'POST',
    path: '/search',
    headers: { 'x-api-key': KEY },
    body: { query: 'q', numResults: 3, contents: { highlights: true } },
  });
  expect(await sent('searxng')).toMatchObject({
    method: 'GET',
    path: '/search',
    parameters: { q: 'q', format: 'json' },
  });
});

describe('ways of refusing that a status does not tell', () => {
  test.each([
    [
      'brave',
      422,
      { error: { code: 'SUBSCRIPTION_TOKEN_INVALID', detail: 'The provided subscription token is invalid.' } },
    ],
    ['tavily', 432, { detail: { error: 'This request exceeds your plan limit.' } }],
    ['tavily', 433, { detail: { error: 'This request exceeds the pay-as-you-go limit.' } }],
    ['serper', 400, { message: 'Not enough credits', statusCode: 400 }],
    ['serper', 403, { message: 'Unauthorized.', statusCode: 403 }],
    ['serpapi', 429, { error: 'Your account has run out of searches.' }],
  ] as const)('%s %i: the key or its quota, which waiting does not mend', async (name, status, body) => {
    const engine = await open(name, { status, body });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchAuthentication', nonRetryable: true });
  });

  test('brave 422 for a parameter is a rejected request', async () => {
    const engine = await open('brave', {
      status: 422,
      body: { error: { code: 'VALIDATION', detail: 'Unable to validate' } },
    });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchRequestRejected' });
  });

  test('brave names the end of its rate window in its own header', async () => {
    const engine = await open('brave', { status: 429, headers: { 'x-ratelimit-reset': '2, 419704' }, body: {} });
    expect(await failureOf(engine.search('x'))).toMatchObject({ type: 'SearchUnavailable', nextRetryDelay: 2000 });
  });

  test('searxng 403 means that its settings do not allow JSON', async () => {
    const engine = await open('searxng', { status: 403, body: '<h1>Forbidden</h1>' });
    const failure = await failureOf(engine.search('x'));
    expect(failure).toMatchObject({ type: 'SearchRequestRejected' });
    expect(failure.message).toContain('search.formats');
  });

  test('searxng that found nothing while engines were silent says which, and why (NousResearch/hermes-agent#104030)', async () => {
    const silent = [['google', 'Suspended: CAPTCHA'], ['brave', 'timeout'], 'mojeek'];
    const engine = await open('searxng', { body: { results: [], unresponsive_engines: silent } });
    const failure = await failureOf(engine.search('x'));
    expect(failure).toMatchObject({ type: 'SearchIncomplete', nonRetryable: false });
    expect(failure.message).toContain('3 did not answer (google: Suspended: CAPTCHA; brave: timeout; mojeek)');
  });

  test.each([
    [2000, 'SearchAuthentication', 'all 2000 requests of its plan are used up'],
    [15, 'SearchUnavailable', 'Request rate limit exceeded for plan'],
  ])(
    'brave tells a quota of %i of 2000 requests as it tells a rate (egoist/chatwise-releases#1296)',
    async (used, type, said) => {
      const meta = { plan: 'Free', rate_limit: 1, rate_current: 1, quota_limit: 2000, quota_current: used };
      const error = { status: 429, detail: 'Request rate limit exceeded for plan', meta, code: 'RATE_LIMITED' };
      const engine = await open('brave', { status: 429, body: { type: 'ErrorResponse', error } });
      const failure = await failureOf(engine.search('x'));
      expect(failure).toMatchObject({ type });
      expect(failure.message).toContain(said);
    },
  );

  test.each([
    [
      [
        { template: 'answer/weather.html', current: { summary: 'Berlin: 12 C, cloudy' }, url: null },
        { answer: 'The Danube is 2,850 km long.' },
      ],
      'Berlin: 12 C, cloudy',
    ],
    [[{ template: 'answer/other.html' }, { answer: 'The Danube is 2,850 km long.' }], 'The Danube is 2,850 km long.'],
    [[null, 7, { translations: [{ text: 'river', synonyms: ['stream'] }, {}] }], 'river'],
  ])('searxng: answers of several kinds are read one by one: %j (Q01)', async (answers, text) => {
    const body = {
      answers,
      infoboxes: [{ infobox: 'Danube', content: null, id: null }],
      results: [{ title: null, content: null, url: null }],
      unresponsive_engines: [['google', 'timeout']],
    };
    const engine = await open('searxng', { body });
    expect((await engine.search('x')).text).toBe(text);
  });

  test('an answer is decompressed, and a web page is told by its title', async () => {
    const engine = await open('searxng', (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ answers: ['Austin'] })));
    });
    expect((await engine.search('x')).text).toBe('Austin');
    await service?.close();
    const page = await open('searxng', { body: '<html><title>Sign in</title></html>' });
    expect((await failureOf(page.search('x'))).message).toContain('a web page (Sign in)');
  });

  test('serpapi reports an error with status 200', async () => {
    const engine = await open('serpapi', { body: { error: `Unsupported location for ${KEY}` } });
    const failure = await failureOf(engine.search('x'));
    expect(failure).toMatchObject({ type: 'SearchRequestRejected' });
    expect(failure.message).not.toContain(KEY);
  });
});

describe('direct answers', () => {
  test.each([
    ['serper', { answerBox: { snippet: 'Austin is the capital.', answer: 'Austin' } }, 'Austin is the capital.'],
    ['serper', { answerBox: { answer: 'Austin' } }, 'Austin'],
    ['searxng', { answers: ['Austin'] }, 'Austin'],
    ['searxng', { answers: [{ answer: 'Austin', url: null }] }, 'Austin'],
    ['searxng', { infoboxes: [{ infobox: 'Austin', content: 'Capital of Texas' }] }, 'Austin: Capital of Texas'],
    [
      'searxng',
      {
        infoboxes: [
          { infobox: 'Danube', content: null, attributes: [{ label: 'Length', value: '2,850 km' }, { image: {} }] },
        ],
      },
      'Danube: Length: 2,850 km',
    ],
  ] as const)('%s: %j', async (name, part, text) => {
    const engine = await open(name, { body: { ...ONE_RESULT[name], ...part } });
    expect((await engine.search('x')).text).toBe(text);
  });

  test('with more results wanted they follow it', async () => {
    const engine = await open('serper', { body: { ...ONE_RESULT.serper, answerBox: { answer: 'Austin' } } });
    expect((await engine.search('x', { limit: 2 })).text).toBe('Austin\nTexas: Area: 268,596 sq mi');
  });
});

describe('the reading rules of Husky-v1 for serpapi, the first that applies', () => {
  const organic = [{ title: 'No text here' }, { title: 'Lakers', snippet: 'A team' }];
  const text = async (body: object) => {
    const engine = await open('serpapi', { body: { organic_results: organic, ...body } });
    const { text } = await engine.search('x');
    await service?.close();
    return text;
  };
  const game = (...teams: object[]) => ({ sports_results: { game_spotlight: { teams } } });

  test('scores by period, with names', async () => {
    const teams = [
      { name: 'Lakers', score: { '1': '25', '2': '30', T: '102' } },
      { name: 'Celtics', score: { '1': '20', '2': '31', T: '99' } },
    ];
    expect(await text({ ...game(...teams), answer_box: { answer: 'x' } })).toBe(
      'Lakers: {1: 25, 2: 30, T: 102}, Celtics: {1: 20, 2: 31, T: 99}',
    );
  });
  test('plain scores, without names', async () => {
    expect(await text(game({ name: 'Arsenal', score: '0' }, { name: 'Aston Villa', score: '2' }))).toBe('0, 2');
  });
  test('a game without scores is no result, and the next rule applies', async () => {
    expect(await text({ ...game({ name: 'Arsenal' }, { name: 'Villa' }), answer_box: { answer: 'Friday' } })).toBe(
      'Friday',
    );
  });
  test("the answer box's snippet before its answer", async () => {
    expect(await text({ answer_box: { snippet: 'It is 42.', answer: '42' } })).toBe('It is 42.');
    expect(await text({ answer_box: { answer: '42' } })).toBe('42');
  });
  test('an answer box that is not text gives way to the first organic result that has a snippet', async () => {
    expect(await text({ answer_box: { answer: { temperature: 12 } } })).toBe('Lakers: A team');
    expect(await text({})).toBe('Lakers: A team');
  });
  test('nothing found, in the words of the service, is no text', async () => {
    expect(
      await text({ organic_results: undefined, error: "Google hasn't returned any results for this query." }),
    ).toBeUndefined();
  });
});

test('a bad option is named with its path', async () => {
  service = await startService({});
  const failure = await failureOf(createSearchEngine({ engine: 'serper', limit: 0, apiKeyEnv: 'sk-123' }, {}));
  expect(failure).toMatchObject({ type: 'ConfigurationInvalid' });
  expect(failure.message).toMatch(/search\.apiKeyEnv: .*not a key.*search\.limit/s);
});
