/**
 * The steps of gold trajectories. Outputs say `The <phrase> is <value>.`, and formulas name facts by the same phrase: an expert only has
 * to find the phrase and copy what follows.
 */
import type { TrajectoryStep } from '../trajectory/trajectory';
import type { Expression } from './expression';
import { phraseOf, resultText, valueOf, type KnownFact, type World } from './world';

export function findStep(world: World, fact: KnownFact): TrajectoryStep {
  const phrase = phraseOf(fact);
  return {
    tool: 'search',
    step: `Find the ${phrase}.`,
    query: phrase,
    observation: resultText(world, fact),
    output: `The ${phrase} is ${valueOf(fact)}.`,
  };
}

const computed = (step: string, code: string, result: string): TrajectoryStep => ({
  tool: 'code',
  step,
  code,
  observation: result,
  output: `The result is ${result}.`,
});

export type Rounding = 'none' | 'integer' | 1 | 2;

/** A program for a formula. It rounds by JavaScript's `Math.round` and `toFixed`. */
export function computeStep({ says, code, value }: Expression, rounding: Rounding = 'none'): TrajectoryStep {
  if (rounding === 'none') return computed(`Compute ${says}.`, `console.log(${code})`, String(value));
  if (rounding === 'integer')
    return computed(
      `Compute to the nearest integer: ${says}.`,
      `console.log(Math.round(${code}))`,
      String(Math.round(value)),
    );
  const places = rounding === 1 ? 'one decimal place' : 'two decimal places';
  return computed(
    `Compute to ${places}: ${says}.`,
    `console.log((${code}).toFixed(${rounding}))`,
    value.toFixed(rounding),
  );
}

export function whetherStep(left: Expression, sign: '>' | '<', right: Expression): TrajectoryStep {
  const holds = sign === '>' ? left.value > right.value : left.value < right.value;
  return computed(
    `Compute whether ${left.says} ${sign} ${right.says}.`,
    `console.log(${left.code} ${sign} ${right.code} ? "yes" : "no")`,
    holds ? 'yes' : 'no',
  );
}

/** A program that prints the winner's name. The blank inside the quotes lets a model copy a name as it stands in a sentence. */
export function whichStep(
  left: Expression & { name: string },
  sign: '>' | '<',
  right: Expression & { name: string },
): TrajectoryStep {
  const leftWins = sign === '>' ? left.value > right.value : left.value < right.value;
  return computed(
    `Compute which is ${sign === '>' ? 'more' : 'less'}: ${left.says} or ${right.says}.`,
    `console.log(${left.code} ${sign} ${right.code} ? " ${left.name}" : " ${right.name}")`,
    leftWins ? left.name : right.name,
  );
}

/** Arithmetic with small numbers, which the math reasoner does without a program. */
export function mathStep(left: number, operator: '+' | '-' | 'x', right: number): TrajectoryStep & { value: number } {
  const value = operator === '+' ? left + right : operator === '-' ? left - right : left * right;
  return {
    tool: 'math',
    step: `Work out ${left} ${operator} ${right}.`,
    output: `${left} ${operator} ${right} = ${value}.`,
    value,
  };
}

export function recallStep(phrase: string, value: string): TrajectoryStep {
  return { tool: 'commonsense', step: `Recall the ${phrase}.`, output: `The ${phrase} is ${value}.` };
}
