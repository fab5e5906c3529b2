/**
 * Finds what an untrained action generator forgets to look up before it has the question solved: it asks for the capital of Illinois, is
 * told Springfield, and has the number of its people computed.
 *
 * @module
 */
import { asksForYears, asksForNumber } from '../trajectory/asked-answer';
import { isWholeQuestion, type Action } from '../trajectory/parse-action';
import { EMPTY_SEARCH_OUTPUT } from '../trajectory/solution-history';
import { numbersOf } from '../trajectory/stated-answer';
import { isSameStep, toolsOff } from './consider';
import type { SolutionState } from './solution-state';

/** Longer texts name much that nobody asked for. */
const MAX_FACT_CHARS = 200;
/** A smaller number is no year. */
const FIRST_YEAR = 1000;

/** @returns what has to be looked up before `action`, in words; undefined if nothing seems to be missing */
export function missingFact(solution: SolutionState, action: Action): string | undefined {
  const { profile, steps, question } = solution;
  if (!profile.guidance?.checks || toolsOff(solution).includes('search')) return undefined;
  if (action.kind === 'step' && !isWholeQuestion(action.step)) return undefined;
  // Once the whole question was asked, the answer is being settled.
  if (steps.some(({ step }) => isWholeQuestion(step))) return undefined;
  const facts = steps.filter(({ tool, output }) => tool === 'search' && output !== EMPTY_SEARCH_OUTPUT);
  if (facts.length === 0) return undefined;
  const missing = [...unknownNames(question, steps, facts), ...otherYear(question, facts)];
  return missing.find((what) => !steps.some(({ instead }) => instead === whyLookedUp(what)));
}

/** The reason that the step which looks it up is recorded with. */
export const whyLookedUp = (missing: string): string => `${missing} had not been looked up`;

/** Whether an answer of the action generator that was asked for what is missing can be taken. */
export const looksUp = ({ steps }: SolutionState, action: Action): action is Action & { kind: 'step' } =>
  action.kind === 'step' && action.tool === 'search' && !steps.some(({ step }) => isSameStep(step, action.step));

interface Fact {
  step: string;
  output: string;
}

/** Names that facts without a number gave, and that no step asked about. */
function unknownNames(question: string, steps: readonly Fact[], facts: readonly Fact[]): string[] {
  if (!asksForNumber(question)) return [];
  return facts
    .filter(({ output }) => output.length <= MAX_FACT_CHARS && !/\d/.test(output))
    .flatMap((fact) => {
      const others = facts.filter((other) => other !== fact).map(({ output }) => output);
      const known = [question, ...steps.map(({ step }) => step), ...others].join('\n').toLowerCase();
      return namesOf(fact.output).filter((name) => !known.includes(name.toLowerCase()));
    });
}

/** An age, or a time between two events, is told by two years, and only one is known. */
function otherYear(question: string, facts: readonly Fact[]): string[] {
  if (!asksForYears(question)) return [];
  const numbers = new Set(numbersOf([question, ...facts.map(({ output }) => output)].join('\n')));
  const [year = 0] = numbers;
  return numbers.size === 1 && year >= FIRST_YEAR ? ['the other year that the answer needs'] : [];
}

const NOT_A_NAME = /^(?:The|An?|It|Its|This|That|These|In|On|At|Of|And|But|He|She|They|His|Her|Their|There)\b\s*/;

/** Words with a capital in a row, without what stands in brackets. */
function namesOf(text: string): string[] {
  const found = text
    .replace(/\([^)]*\)/g, ' ')
    .matchAll(/\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+(?:(?:of|de|del|da|di|van|von|al|la|le)\s+)?\p{Lu}[\p{L}\p{M}'’.-]*)*/gu);
  return [...found]
    .map(([name]) => name.replace(NOT_A_NAME, '').replace(/[.'’-]+$/, ''))
    .filter((name) => name.length > 1);
}
