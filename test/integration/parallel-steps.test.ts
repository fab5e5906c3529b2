/** Steps that are named together run at the same time, in a workflow and within an activity, and the history has them in order. */
import { startServer, withWorkers, type TestServer } from './harness';
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
