import { majorityOf, majorityScores } from '../../src/evaluation/majority';
import type { Manifest, Sample } from '../../src/formats/run';

function sample(index: number, place: number, prediction: string | null, correct: boolean): Sample {
  return {
    key: `gsm8k:${index}:${place}`,
    task: 'gsm8k',
    index,
    sample: place,
    question: 'How much?',
    gold: '4',
    prediction,
    verdict: { correct, scores: { acc: Number(correct) }, reason: '' },
    usage: { calls: 1, inputTokens: 1, outputTokens: 1 },
    money: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
  };
}

const run = (samples: Sample[]) => ({
  path: 'run',
  samples,
  manifest: { tasks: [{ name: 'gsm8k', metric: 'number', sha256: '', questions: 2 }] } as unknown as Manifest,
});

test('answers that the scorer takes for one and the same are one vote each for it', async () => {
  const answers = [
    sample(0, 0, '5', false),
    sample(0, 1, '$4.00', true),
    sample(0, 2, '4 dollars', true),
    sample(1, 0, '3', false),
    sample(1, 1, '3.0', false),
    sample(1, 2, '4', true),
  ];
  expect(await majorityScores(run(answers))).toMatchObject([
    { task: 'gsm8k', questions: 2, samples: 6, accuracy: 0.5 },
  ]);
});

test('where no answer has more votes than another, the first given counts, and no answer has no vote', async () => {
  const equal = async (one: Sample, other: Sample) => one.prediction === other.prediction;
  const answers = [
    sample(0, 3, '9', false),
    sample(0, 2, '4', true),
    sample(0, 1, null, false),
    sample(0, 0, '', false),
  ];
  expect((await majorityOf(answers, equal))?.prediction).toBe('4');
  expect(await majorityOf(answers.slice(2), equal)).toBeUndefined();
});
