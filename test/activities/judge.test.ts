import type { ActivityContext } from '../../src/runtime/activity-context';
import { createJudge } from '../../src/activities/lab/judge';
import { parseConfig } from '../../src/config';
import type { GenerateRequest, Model } from '../../src/models/model';
import { rejectionOf } from '../../src/training/accept';
import { answerScorer } from '../../src/training/answer-scorer';
import { mapTrajectory } from '../training/trajectories';

const { signal } = new AbortController();
const answer = { question: 'Where is it?', prediction: 'in Texas', gold: 'Texas' };

function contextWith(reply: (request: GenerateRequest) => string): ActivityContext {
  const model: Model = {
    name: 'commonsense',
    generate: async (request) => ({
      text: reply(request),
      finishReason: 'stop',
      model: 'commonsense',
      usage: { calls: 1, inputTokens: 7, outputTokens: 1 },
    }),
  };
  const config = parseConfig({
    models: { default: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'm' } },
  });
  return { config, model: async () => model } as unknown as ActivityContext;
}

test('the judge is asked in both orders, and its tokens are counted', async () => {
  const judge = createJudge(contextWith(() => 'SAME'));
  expect(await judge(answer, signal)).toMatchObject({
    correct: true,
    usage: { calls: 2, inputTokens: 14, outputTokens: 2 },
  });
});

test('a verdict that cannot be read is no verdict, and the trajectory is undecided', async () => {
  const judge = createJudge(contextWith(() => 'Well, it depends.'));
  const verdict = await judge(answer, signal);
  expect(verdict.correct).toBeUndefined();
  const score = answerScorer('judge', async (one) => (await judge(one, signal)).correct);
  expect(await rejectionOf(mapTrajectory(0), score)).toBe('undecided');
});

test('a trajectory is kept or left out as the judge says', async () => {
  for (const [reply, rejection] of [
    ['same', undefined],
    ['different', 'wrong-answer'],
  ] as const) {
    const judge = createJudge(contextWith(() => reply));
    const score = answerScorer('judge', async (one) => (await judge(one, signal)).correct);
    expect(await rejectionOf(mapTrajectory(0), score)).toBe(rejection);
  }
});

test('a configuration may name a judge of its own', () => {
  const model = { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'judge' } as const;
  expect(parseConfig({ models: { default: model }, judge: model }).judge).toMatchObject({ model: 'judge' });
});
