/**
 * Finds what an untrained action generator forgets to look up before it has the question solved: it has the difference of two rivers
 * computed, and asked for neither; or it asks for the capital of Illinois, is told Springfield, and has the number of its people computed.
 */
import { asksForYears, asksForNumber } from '../trajectory/asked-answer';
import { namesAskedAbout, namesOf } from '../trajectory/asked-names';
import { isWholeQuestion, type Action } from '../trajectory/parse-action';
import { EMPTY_SEARCH_OUTPUT } from '../trajectory/solution-history';
import { numbersOf } from '../trajectory/stated-answer';
import { isSameStep, toolsOff } from './consider';
import type { Step } from '../trajectory/step';
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
  const { rules = 0 } = profile.guidance;
  // Common sense may do without facts, unless the search knows the things of the question.
  const mayDoWithout = isJudged(question, action) && (rules < 5 || facts.length === 0);
  const missing = [
    ...(rules >= 2 && !mayDoWithout ? unaskedNames(question, steps) : []),
    ...(facts.length > 0 ? [...unknownNames(question, steps, facts), ...otherYear(question, facts)] : []),
  ];
  return missing.find((what) => !steps.some(({ instead }) => instead === whyLookedUp(what)));
}

/** The reason that the step which looks it up is recorded with. */
export const whyLookedUp = (missing: string): string => `${missing} had not been looked up`;

/** Whether an answer of the action generator that was asked for what is missing can be taken. */
export const looksUp = ({ steps }: SolutionState, action: Action): action is Action & { kind: 'step' } =>
  action.kind === 'step' && action.tool === 'search' && !steps.some(({ step }) => isSameStep(step, action.step));

/**
 * A search for `missing` alone, of an earlier one for several things that told of others only: `Find the heights of the Volga and the Dvina.`
 *
 * @returns undefined if no search named it beside others, or it has been asked alone
 */
export function askedApart(
  { question, steps }: SolutionState,
  missing: string,
): (Action & { kind: 'step' }) | undefined {
  const names = namesAskedAbout(question);
  for (const { tool, step } of steps) {
    const named = tool === 'search' ? names.filter((name) => step.includes(name)) : [];
    if (named.length < 2 || !named.includes(missing)) continue;
    const start = Math.min(...named.map((name) => step.indexOf(name)));
    const end = Math.max(...named.map((name) => step.indexOf(name) + name.length));
    const apart = `${step.slice(0, start)}${missing}${step.slice(end)}`;
    if (!steps.some((other) => isSameStep(other.step, apart))) return { kind: 'step', tool: 'search', step: apart };
  }
  return undefined;
}

interface Fact {
  step: string;
  output: string;
}

/** Whether common sense is asked for more than numbers: it may do without facts. */
const isJudged = (question: string, action: Action): boolean =>
  action.kind === 'step' && action.tool === 'commonsense' && !asksForNumber(question);

/** Names of the question that no search told of, and that none asked for alone. */
function unaskedNames(question: string, steps: readonly Pick<Step, 'tool' | 'step' | 'output'>[]): string[] {
  const names = namesAskedAbout(question);
  const searches = steps.filter(({ tool }) => tool === 'search');
  const isTold = (name: string) => searches.some(({ output }) => has(output, name));
  const isAskedAlone = (name: string) =>
    searches.some(({ step }) => has(step, name) && !names.some((other) => other !== name && has(step, other)));
  return names.filter((name) => !isTold(name) && !isAskedAlone(name));
}

const has = (text: string, name: string): boolean => text.toLowerCase().includes(name.toLowerCase());

/** Names that facts without a number gave, and that no step asked about. */
function unknownNames(question: string, steps: readonly Fact[], facts: readonly Fact[]): string[] {
  if (!asksForNumber(question)) return [];
  return facts
    .filter(({ output }) => output.length <= MAX_FACT_CHARS && !/\d/.test(output))
    .flatMap((fact) => {
      const others = facts.filter((other) => other !== fact).map(({ output }) => output);
      const known = [question, ...steps.map(({ step }) => step), ...others].join('\n');
      return namesOf(fact.output.replace(/\([^)]*\)/g, ' ')).filter((name) => !has(known, name));
    });
}

/** An age, or a time between two events, is told by two years, and only one is known. */
function otherYear(question: string, facts: readonly Fact[]): string[] {
  if (!asksForYears(question)) return [];
  const numbers = new Set(numbersOf([question, ...facts.map(({ output }) => output)].join('\n')));
  const [year = 0] = numbers;
  return numbers.size === 1 && year >= FIRST_YEAR ? ['the other year that the answer needs'] : [];
}
