/** Steps that are named together run at the same time, in a workflow and within an activity, and the history has them in order. */
import type { GenerateRequest } from '../../src/models/model';
import type { ContextParts } from '../../src/runtime/open-context';
import { startServer, withWorkers, type TestServer } from './harness';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const question = 'Which is higher, the Ox or the Elk?';
const named = '[search] Find the height of the Ox.\n[search] Find the height of the Elk.';

/** Searches wait for each other: they end only where both run at the same time. */
function scripted() {
  const prompts: GenerateRequest[] = [];
  const waiting: (() => void)[] = [];
  const parts: ContextParts = {
    model: () => ({
      name: 'scripted',
      generate: async (request) => {
        if (request.form?.kind === 'action') prompts.push(request);
        const answers = [named, '[commonsense] Solve the question.'];
        const text = request.form?.kind === 'action' ? (answers[prompts.length - 1] ?? '') : 'It is \\boxed{the Ox}.';
        const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
        return { text, finishReason: 'stop', model: 'scripted', usage };
      },
    }),
    search: {
      name: 'paired',
      search: async (query) => {
        await new Promise<void>((go) => {
          waiting.push(go);
          // The later one ends first.
          if (waiting.length === 2) waiting.toReversed().forEach((release) => release());
        });
        return { text: `${query} It is 7 metres.`, results: [] };
      },
    },
  };
  return { parts, prompts };
}

describe.each([
  ['server', 0],
  ['server', 8],
  ['file', 20],
] as const)('with journal %s with %i steps an activity', (journal, stepsPerActivity) => {
  test('two facts are looked up at the same time, and shown as one answer', async () => {
    const { parts, prompts } = scripted();
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
