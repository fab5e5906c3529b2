/** Small solutions that use every built-in tool. */
import type { ScriptedSolution } from '../../src/testing';

export const spiders: ScriptedSolution = {
  question:
    'A garden holds three spiders and the insects of a jar. The label of jar 7 tells how many. How many legs are there?',
  steps: [
    {
      tool: 'search',
      step: 'Find the number of insects in jar 7.',
      query: 'insects in jar 7',
      observation: 'Jar 7: 12 insects',
      output: 'Jar 7 holds 12 insects.',
    },
    { tool: 'commonsense', step: 'Recall how many legs an insect has.', output: 'An insect has 6 legs.' },
    { tool: 'math', step: 'Multiply 3 by 8 for the spiders.', output: '3 x 8 = 24.' },
    {
      tool: 'code',
      step: 'Compute 12 times 6 plus 24.',
      code: 'console.log(12 * 6 + 24)',
      observation: '96',
      output: 'There are 96 legs.',
    },
  ],
  answer: '96',
};

/** A question with `count` computations, one after the other. */
export function counting(count: number, name = 'Ada'): ScriptedSolution {
  return {
    question: `${name} counts to ${count} aloud, one number a step. Which number is the last?`,
    steps: Array.from({ length: count }, (_, i) => ({
      tool: 'code',
      step: `Say number <${i + 1}> of ${name}.`,
      code: `console.log(${i + 1}) // ${name}`,
      observation: String(i + 1),
      output: `${name} said ${i + 1}.`,
    })),
    answer: String(count),
  };
}
