/**
 * Checks an action before it is carried out. Models that were not trained for the loop take the same step twice, finish from memory, and
 * compute in their heads.
 */
import { isWholeQuestion, otherTool, WHOLE_QUESTION, type Action } from '../trajectory/parse-action';
import { numbersOf } from '../trajectory/stated-answer';
import { asAsked, isTruthForThing } from '../trajectory/asked-answer';
import { EMPTY_SEARCH_OUTPUT } from '../trajectory/solution-history';
import { isImpossible } from '../trajectory/possible-answer';
import { isJudgement } from './settle';
import type { SolutionState } from './solution-state';

/** After so many searches in a row that found nothing, no search is offered any more. */
const VAIN_SEARCHES = 2;

/** Built-in tools that the next action must not use. */
export function toolsOff({ profile, steps }: Pick<SolutionState, 'profile' | 'steps'>): string[] {
  const off = profile.off ?? [];
  if (!profile.guidance || off.includes('search')) return off;
  const newest = steps.filter(({ tool, step }) => tool === 'search' || isSearchLike(step)).slice(-VAIN_SEARCHES);
  const isVain = newest.length === VAIN_SEARCHES && newest.every(({ output }) => output === EMPTY_SEARCH_OUTPUT);
  return isVain ? [...off, 'search'] : off;
}

/** The action, or the one that replaces it. */
export type Considered = Action & {
  /** Why it replaces what the action generator wrote. */
  instead?: string;
  /** The answer that the action generator finished with. The replacing step checks it. */
  claim?: string;
};

const ASKS_FOR_NUMBER = /\b(?:how (?:many|much|old|long|far|tall|deep)|by how|what (?:percentage|fraction))\b/i;

const isSearchLike = (step: string) => /^find\b/i.test(step);

/** @returns the action, or the step that replaces it, with the reason; undefined when nothing is left to try */
export function consider(solution: SolutionState, action: Action): Considered | undefined {
  const { profile, steps, question } = solution;
  if (!profile.guidance) return action;
  const { rules = 0 } = profile.guidance;
  if (action.kind === 'finish') {
    const instead =
      whyNotFinished(action.answer, solution, rules) ??
      (profile.guidance.checks && !fits(question, action.answer, rules)
        ? 'the answer does not fit the question'
        : undefined);
    if (instead !== undefined) return wholeQuestion(solution, instead) ?? action;
    if (profile.guidance.votes === 1 || steps.some(({ step }) => isWholeQuestion(step))) return action;
    // Untrained models often state the last fact where the question asks for something computed or compared from several.
    const check = wholeQuestion(solution, 'an answer from facts alone is checked');
    return check ? { ...check, claim: action.answer } : action;
  }
  const isTaken = steps.some(
    ({ tool, step }) => isSameStep(step, action.step) && (tool === '' || tool === action.tool),
  );
  if (action.fallback === 'unparsable') {
    const instead = wholeQuestion(solution, 'no action could be read');
    return instead ?? (isTaken && rules >= 3 ? undefined : action);
  }
  if (
    action.tool === 'commonsense' &&
    isWholeQuestion(action.step) &&
    steps.length > 0 &&
    ASKS_FOR_NUMBER.test(question)
  )
    return wholeQuestion(solution, 'a program computes numbers') ?? action;
  if (toolsOff(solution).includes(action.tool))
    return wholeQuestion(solution, `the tool ${action.tool} is not offered`);
  if (isTaken) return wholeQuestion(solution, 'the step was taken before');
  return action;
}

/** Compares two steps without regard to case and punctuation. */
export const isSameStep = (one: string, other: string) => normal(one) === normal(other);
const normal = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\s.,;:!?]+/g, ' ')
    .trim();

/** Why an answer is not accepted: no step supports it, or it contains a number that neither the question nor an output has. */
function whyNotFinished(answer: string, { question, steps }: SolutionState, rules: number): string | undefined {
  if (answer === '') return 'the answer was empty';
  if (steps.length === 0) return 'it finished before the first step';
  const known = numbersOf(
    [question, ...steps.flatMap(({ output, observation = '' }) => [output, observation])].join('\n'),
  );
  const isOfStep = (number: number) =>
    known.some((found) => Math.abs(found) === Math.abs(number) || (rules >= 4 && isRounded(number, found)));
  const invented = numbersOf(answer).find((number) => !isOfStep(number));
  if (invented !== undefined) return `no step found the number ${invented}`;
  if (ASKS_FOR_NUMBER.test(question) && numbersOf(answer).length === 0) return 'the question asks for a number';
  return undefined;
}

/** Whether the answer is of the kind that the question asks for, and can be. */
const fits = (question: string, answer: string, rules: number): boolean =>
  asAsked(question, answer) !== undefined &&
  !(rules >= 6 && isTruthForThing(question, answer)) &&
  !(rules >= 7 && isImpossible(question, answer));

/** 5.08 where a program printed 5.0789. */
function isRounded(number: number, found: number): boolean {
  const [{ length }, { length: more }] = [number, found].map((one) => String(one).split('.')[1] ?? '') as [
    string,
    string,
  ];
  return length < more && Math.abs(Number(found.toFixed(length))) === Math.abs(number);
}

/** A step that asks the whole question of a tool that has not answered it yet: a program if facts were found to compute with, else reasoning. */
function wholeQuestion(solution: SolutionState, instead: string): (Considered & { kind: 'step' }) | undefined {
  const { profile, steps } = solution;
  const isJudged = (profile.guidance?.rules ?? 0) >= 5 && isJudgement(solution);
  const preferred = steps.length > 0 && !isJudged ? 'code' : 'math';
  const tool = [preferred, otherTool(preferred), 'commonsense'].find(
    (name) => !profile.off?.includes(name) && !steps.some((step) => isWholeQuestion(step.step) && step.tool === name),
  );
  return tool === undefined ? undefined : { kind: 'step', tool, step: WHOLE_QUESTION, instead };
}
