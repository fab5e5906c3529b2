import type { ActivityContext } from '../../src/runtime/activity-context';
import { createJudge, type JudgedAnswer } from '../../src/activities/lab/judge';
import { answer, raw, startMisbehavingServer, status, type Behaviour } from '../models/misbehaving-server';

const asked = { question: 'Which is the largest state?', prediction: 'alaska', gold: 'Alaska' };

/** What a judge behind a server gives that behaves so, and what it was asked. */
async function judgedBy(
  behave: (prompt: string, nth: number) => Behaviour,
  input = asked,
): Promise<{ verdict: JudgedAnswer | (Error & { type?: string }); prompts: string[] }> {
  const server = await startMisbehavingServer(({ prompt }, nth) => behave(prompt, nth));
  try {
    const judge = createJudge({
      config: {
        judge: { provider: 'openai', baseUrl: server.url, model: 'judge', api: 'chat', headers: {} },
        timeouts: { modelMs: 10_000 },
      },
    } as unknown as ActivityContext);
    const verdict = await judge(input, new AbortController().signal).catch((error: Error) => error);
    return { verdict, prompts: server.requests.map(({ prompt }) => prompt) };
  } finally {
    await server.close();
  }
}

it('a judge behind an OpenAI-compatible server is asked in both orders, and its tokens are counted', async () => {
  const { verdict, prompts } = await judgedBy(() => answer('SAME'));
  expect(verdict).toMatchObject({ correct: true, judgements: [true, true], usage: { calls: 2 } });
  expect(prompts).toHaveLength(2);
  expect(prompts[0]).toContain('Answer A: alaska\nAnswer B: Alaska');
  expect(prompts[1]).toContain('Answer A: Alaska\nAnswer B: alaska');
});

it('a judge that likes what comes first gives a wrong answer, with both replies', async () => {
  const { verdict } = await judgedBy((prompt) => answer(prompt.includes('Answer A: Alaska') ? 'SAME' : 'DIFFERENT'));
  expect(verdict).toMatchObject({ correct: false, judgements: [false, true] });
});

it.each(['I would say that they are the SAME, more or less.', '', '{"verdict":"SAME"}', 'SAME SAME', 'DIFFERENTLY'])(
  'the verdict "%s" is not read as one: undecided',
  async (reply) => {
    const { verdict } = await judgedBy((_prompt, nth) => answer(nth === 0 ? reply : 'SAME'));
    expect(verdict).not.toHaveProperty('correct');
    expect(verdict).toMatchObject({ judgements: [null, true], reason: 'the judge gave no readable verdict' });
  },
);

it('a server that refuses for load fails with the wait that it asked for, so that Temporal asks again', async () => {
  const { verdict } = await judgedBy(() => status(429, { headers: { 'retry-after': '3' } }));
  expect(verdict).toMatchObject({ type: 'ModelOverloaded', nonRetryable: false, nextRetryDelay: 3000 });
});

it.each([
  ['a page instead of JSON', raw('<html>busy</html>')],
  ['JSON of another kind', raw('{"ok":true}')],
])('%s is no verdict: the call fails, and can be repeated', async (_name, behaviour) => {
  const { verdict } = await judgedBy(() => behaviour);
  expect(verdict).toMatchObject({ type: 'ModelResponseInvalid', nonRetryable: false });
});

it('an answer that is too long for the judge is undecided; a refused key ends the judging', async () => {
  const tooLong = await judgedBy(() =>
    status(400, { body: { error: { message: "This model's maximum context length is 10 tokens." } } }),
  );
  expect(tooLong.verdict).not.toHaveProperty('correct');
  expect(tooLong.verdict).toMatchObject({
    judgements: [null, null],
    reason: expect.stringMatching(/could not be asked: .*maximum context length/),
  });
  const refused = await judgedBy(() => status(401));
  expect(refused.verdict).toMatchObject({ type: 'ModelAuthentication', nonRetryable: true });
});
