/** What the test kit tells somebody whose script and workflow differ. */
import type { Model } from '../src/models/model';
import { scriptSolutions } from '../src/testing';

test('a question that no script has: the failure names the questions that it has', async () => {
  const { parts } = scriptSolutions([{ question: 'How many legs?', steps: [], answer: '24' }]);
  const model = (parts.model as (expert: string) => Model)('action');
  await expect(model.generate({ prompt: 'Question: How many arms?' } as never)).rejects.toThrow(
    /No question of the script occurs in the prompt, which ends with: Question: How many arms\?\nscriptSolutions was given: "How many legs\?"\./,
  );
  // A part of the question is enough.
  const { text } = await model.generate({ prompt: 'Question: Think. How many legs? Solution history:' } as never);
  expect(text).toBe('[finish] The answer is 24.');
});
