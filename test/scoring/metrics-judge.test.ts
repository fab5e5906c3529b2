import { judgeAnswer, judgeReport, loadJudgePrompt, parseJudgement } from '../../src/scoring/metrics/judge';
import type { GenerateRequest, Model } from '../../src/models/model';

/** Replies by a rule over the prompt; keeps the prompts. */
function modelThat(reply: (prompt: string) => string): Model & { prompts: string[] } {
  const prompts: string[] = [];
  return {
    name: 'judge',
    prompts,
    generate: ({ prompt }: GenerateRequest) => {
      prompts.push(prompt);
      const usage = { calls: 1, promptTokens: 1, completionTokens: 1 } as never;
      return Promise.resolve({ text: reply(prompt), finishReason: 'stop' as const, usage, model: 'judge' });
    },
  };
}

const input = { question: 'Who wrote {first}?', prediction: 'Mary Shelley {second}', gold: 'Shelley' };

test.each([
  ['SAME', true],
  [' same.\n', true],
  ['**DIFFERENT**', false],
  ['The same', null],
  ['SAME, or DIFFERENT', null],
  ['not same', null],
  ['', null],
])('the reply "%s" is read as %s', (reply, judgement) => {
  expect(parseJudgement(reply)).toBe(judgement);
});

it('asks in both orders and fills each field once, whatever the texts hold', async () => {
  const model = modelThat(() => 'SAME');
  const verdict = await judgeAnswer(model, input);
  expect(verdict).toMatchObject({ correct: true, scores: { acc: 1 }, judgements: [true, true] });
  expect(model.prompts[0]).toContain('Answer A: Mary Shelley {second}\nAnswer B: Shelley\n');
  expect(model.prompts[1]).toContain('Answer A: Shelley\nAnswer B: Mary Shelley {second}\n');
  expect(model.prompts[0]).toContain('Question: Who wrote {first}?');
});

it('is wrong when the order decides, and undecided when a reply cannot be read', async () => {
  const biased = await judgeAnswer(
    modelThat((p) => (p.includes('Answer A: Shelley') ? 'SAME' : 'DIFFERENT')),
    input,
  );
  expect(biased).toMatchObject({ correct: false, judgements: [false, true] });
  expect(biased.undecided).toBeUndefined();
  const mumbling = await judgeAnswer(
    modelThat(() => 'Well'),
    input,
  );
  expect(mumbling).toMatchObject({ correct: false, undecided: true });
});

it('asks nothing about an answer that is missing', async () => {
  const model = modelThat(() => 'SAME');
  expect((await judgeAnswer(model, { ...input, prediction: null })).correct).toBe(false);
  expect(model.prompts).toEqual([]);
});

it('reports bias and agreement with a metric', () => {
  const verdict = (a: boolean | null, b: boolean | null) => ({
    scores: { acc: a === true && b === true ? 1 : 0 },
    correct: a === true && b === true,
    reason: '',
    judgements: [a, b] as [boolean | null, boolean | null],
    ...(a === null || b === null ? { undecided: true } : {}),
  });
  const judged = [
    verdict(true, true),
    verdict(false, true),
    verdict(false, false),
    verdict(null, true),
    verdict(true, true),
  ];
  const metric = [true, false, false, true, false].map((correct) => ({ scores: { acc: 0 }, correct, reason: '' }));
  expect(judgeReport(judged, metric)).toEqual({
    judged: 5,
    unreadable: 1,
    swapped: 1,
    sameOnlyWithGoldFirst: 1,
    // 2 x 2 table 1, 1, 0, 2: rate 3/4, chance 1/2 x 1/4 + 1/2 x 3/4.
    agreement: { pairs: 4, rate: 0.75, kappa: 0.5 },
  });
});

it('the prompt has a hash that names its text', () => {
  expect(loadJudgePrompt().hash).toMatch(/^[0-9a-f]{64}$/);
});
