/**
 * Questions with scripted solutions, made from a seed: no two steps have the same words, so that every call can be told from every other.
 *
 * @module
 */
import type { ScriptedSolution, ScriptedStep } from '../../src/testing';

/** Mulberry32 (public domain): numbers in [0, 1) that depend on the seed alone. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TOOLS = ['search', 'code', 'math', 'commonsense'] as const;

/** Solutions of two to four steps; programs are real and compute for a few milliseconds. */
export function makeQuestions(count: number, seed: number): ScriptedSolution[] {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, number) => {
    let value = 100 + below(900);
    const steps = Array.from({ length: 2 + below(3) }, (_, index): ScriptedStep => {
      const name = `ledger ${number}-${index}`;
      const tool = TOOLS[below(TOOLS.length)] ?? 'math';
      if (tool === 'search') {
        value = 1000 + below(9000);
        const [query, observation] = [`total of ${name}`, `The total of ${name} is ${value}.`];
        return { tool, step: `Find the total of ${name}.`, query, observation, output: `${name} holds ${value}.` };
      }
      const [before, factor] = [value, 2 + below(8)];
      value = before * factor;
      const step = `Multiply ${before} by ${factor} for ${name}.`;
      const code = `let sum = 0; for (let i = 0; i < ${factor}; i++) sum += ${before};\nconsole.log(sum); // ${name}`;
      const output = `${name} comes to ${value}.`;
      return tool === 'code' ? { tool, step, code, observation: `${value}`, output } : { tool, step, output };
    });
    return { question: `Case <${number}>: what does the last ledger come to?`, steps, answer: `${value}` };
  });
}
