/** Steps that are named together run at the same time, in a workflow and within an activity, and the history has them in order. */
import { startServer, withWorkers, type TestServer } from './harness';
import type { ContextParts } from '../../src/runtime/open-context';
import { named, pairedSearches, question } from './paired-searches';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe.each([
  ['server', 0],
  ['server', 8],
  ['file', 20],
] as const)('with journal %s with %i steps an activity', (journal, stepsPerActivity) => {
  test('two facts are looked up at the same time, and shown as one answer', async () => {
    const { parts, prompts } = pairedSearches();
    const config = { prompts: 'instruct', guidance: { parallel: 3 }, journal, stepsPerActivity } as const;
    const solution = await withWorkers(server, { parts, config }, (husky) => husky.solve(question));
    expect(solution.answer).toBe('the Ox');
    expect(solution.steps.map(({ step, together }) => [step, together])).toMatchObject([
      ['Find the height of the Ox.', undefined],
      ['Find the height of the Elk.', true],
      ['Solve the question.', undefined],
      ['Solve the question.', undefined],
    ]);
    expect(prompts[0]?.form).toMatchObject({ several: { tools: ['search'], lines: 3 } });
    const shown = prompts[1]?.messages?.slice(-2).map(({ content }) => content);
    expect(shown?.[0]).toBe(named);
    expect(shown?.[1]).toMatch(/^Output: .*Ox.*\nOutput: .*Elk/);
  });
});

/** The model that words results anew writes half a text and waits. */
function writing(parts: ContextParts) {
  const gate = Promise.withResolvers<void>();
  const inner = parts.model;
  if (typeof inner !== 'function') throw new Error('The script has a model for each expert.');
  const model: ContextParts['model'] = (expert) => ({
    ...inner(expert),
    generate: async (request, options) => {
      options?.onText?.(() => 'the height of');
      if (expert === 'commonsense') await gate.promise;
      return inner(expert).generate(request, options);
    },
  });
  return { parts: { ...parts, model }, release: () => gate.resolve() };
}

// Of one activity only the newest call is told.
test.each([
  [0, [0, 1]],
  [8, [1]],
])('with %i steps an activity, a text that is written beside another names its own step', async (together, told) => {
  const { parts, release } = writing(pairedSearches().parts);
  const config = {
    prompts: 'instruct',
    guidance: { parallel: 3, shortResult: 0 },
    stepsPerActivity: together,
  } as const;
  await withWorkers(server, { parts, config }, async (husky) => {
    const handle = await husky.start(question, { tokens: true });
    const seen = new Set<number>();
    for await (const event of handle.stream({ tokens: true, intervalMs: 50 })) {
      if (event.type === 'text' && event.module === 'search-rewrite') seen.add(event.index);
      if (told.every((index) => seen.has(index))) release();
    }
    expect([...seen].sort()).toEqual(told);
  });
});
