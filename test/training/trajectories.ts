/** Trajectories and a prompt set for the tests of this room. */
import { writeFileSync } from 'node:fs';
import type { PromptSet } from '../../src/prompts/prompt';
import { MODULES, type ModuleName } from '../../src/trajectory/modules';
import { renderHistory } from '../../src/trajectory/solution-history';
import type { Trajectory } from '../../src/trajectory/trajectory';

export function mapTrajectory(index: number, change: Partial<Trajectory> = {}): Trajectory {
  const scale = 10 + index;
  const result = ((268_596 - 71_362) / scale).toFixed(4);
  return {
    version: 1,
    id: `maps:${index}:0`,
    dataset: 'maps',
    index,
    question: `On a map where 1 square inch is ${scale} square miles, how many square inches larger is Texas than Washington?`,
    gold: result,
    answer: result,
    finish: `The answer is ${result}.`,
    steps: [
      {
        tool: 'search',
        step: 'Find the area of Texas.',
        query: 'area of Texas',
        observation: 'Texas: 268,596 square miles',
        output: 'Texas has an area of 268,596 square miles.',
      },
      {
        tool: 'search',
        step: 'Find the area of Washington.',
        query: 'area of Washington state',
        observation: 'Washington: 71,362 square miles',
        output: 'Washington has an area of 71,362 square miles.',
      },
      {
        tool: 'code',
        step: `Compute the difference of the areas divided by ${scale}.`,
        code: `console.log((268_596 - 71_362) / ${scale});`,
        observation: result,
        output: `The difference is ${result} square inches.`,
      },
      {
        tool: 'math',
        step: `Check that ${scale} is positive.`,
        output: `Since ${scale} > 0, it is positive.`,
      },
    ],
    source: { teacher: 'test', style: 'scripted', sample: 0 },
    accepted: true,
    ...change,
  };
}

/** The whole question asked of math, of a program that was wrong, and of math once more: two of the three agree. */
export function votedTrajectory(): Trajectory {
  const step = 'Solve the question.';
  return mapTrajectory(0, {
    id: 'maps:voted:0',
    gold: '19723.4',
    answer: '19723.4',
    finish: 'The answer is 19723.4.',
    steps: [
      { tool: 'math', step, output: 'The areas differ by 197,234. Divided by 10 that is \\boxed{19723.4}.' },
      { tool: 'code', step, code: 'console.log(268_596 - 71_362);', observation: '197234', output: '197234' },
      { tool: 'math', step, output: '268,596 - 71,362 = 197,234, so the answer is 19,723.4.' },
    ],
  });
}

/** A plain prompt set: every field on a labelled line. */
export const plainPrompts: PromptSet = {
  style: 'compact',
  hashes: Object.fromEntries(MODULES.map((module) => [module, `hash-of-${module}`])) as Record<ModuleName, string>,
  render: (module, { question, history, step, observation }) => ({
    text: [
      module,
      `Question: ${question}`,
      renderHistory(history),
      ...(step ? [`Step: ${step}`] : []),
      ...(observation ? [`Result: ${observation}`] : []),
      '',
    ].join('\n'),
    stop: ['\n'],
    maxTokens: 64,
    temperature: 0,
  }),
};

export function writeLines(path: string, values: unknown[]): void {
  writeFileSync(path, values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join(''));
}
