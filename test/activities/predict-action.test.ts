import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { predictAction } from '../../src/activities/solve/predict-action';
import { parseConfig } from '../../src/config';
import type { Model } from '../../src/models/model';
import { loadPrompts } from '../../src/prompts';
import type { ActivityContext } from '../../src/runtime/activity-context';

/** What the activity makes of a line, for a question and what was found. */
async function read(line: string, question: string, outputs: string[] = []) {
  const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
  const model: Model = {
    name: 'm',
    generate: async () => ({ text: line, finishReason: 'stop', model: 'm', usage }),
  };
  const config = parseConfig({
    prompts: 'instruct',
    models: { default: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'm' } },
  });
  const context = { config, prompts: loadPrompts('instruct'), model: async () => model } as unknown as ActivityContext;
  const history = outputs.map((output, at) => ({ tool: 'search', step: `Find fact ${at}.`, output }));
  const { signal } = new AbortController();
  return asyncLocalStorage.run({ info: {} } as Context, () =>
    predictAction(context, { solution: { question, history }, tools: [] }, signal),
  );
}

describe('a line of the prompt’s own examples', () => {
  test.each([
    ['[search] Find the capital of Portugal.', 'Which animal is on the poster of the film?'],
    ['[search] find the height of Mount Elbrus', 'How tall is the highest mountain of Kenya?'],
  ])('%s is no action for: %s', async (line, question) => {
    const { action, problem, raw } = await read(line, question, ['Nothing was found.']);
    expect(action).toMatchObject({ tool: 'commonsense', fallback: 'unparsable' });
    expect(problem).toMatch(/copied an example/);
    expect(raw).toBe(line);
  });

  test.each([
    ['[search] Find the capital of Portugal.', 'How large is the Portuguese capital?', []],
    [
      '[search] Find the height of Mont Blanc.',
      'How tall is the highest mountain of the Alps?',
      ['Alps: up to Mont Blanc.'],
    ],
    ['[search] Find the capital of Kenya.', 'Which animal is on the poster of the film?', []],
    ['[math] Solve the question.', 'What is 3 times 4?', []],
  ])('%s is taken for: %s', async (line, question, outputs) => {
    const { action, raw } = await read(line, question, outputs);
    expect(action).toEqual({ kind: 'step', tool: /\w+/.exec(line)?.[0], step: line.replace(/^\[\w+\] /, '') });
    expect(raw).toBeUndefined();
  });
});
