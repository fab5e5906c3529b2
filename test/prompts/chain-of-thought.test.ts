import { atlasQuestions } from '../../src/atlas';
import { chainOfThought } from '../../src/atlas/training-sequences';
import { renderChainOfThought } from '../../src/prompts/chain-of-thought';

test('the bundled chain-of-thought model is asked as it was trained', () => {
  const questions = atlasQuestions('train', { seed: 3 });
  for (let count = 0; count < 20; count += 1) {
    const { trajectory } = questions.next().value;
    const [asked] = chainOfThought(trajectory).parts;
    expect(renderChainOfThought('compact', trajectory.question).prompt).toBe(asked);
  }
});

test('any other model is told what to do, and a question stays as it is', () => {
  const { prompt } = renderChainOfThought('few-shot', 'What does $& cost?');
  expect(prompt).toContain('What does $& cost?');
  expect(prompt).toMatch(/step by step|reason/i);
});
