/** Steps that an action generator names in one answer: finds those that can run at the same time, and runs them. */
import type { PredictActionResult } from '../contract/payloads';
import { isWholeQuestion } from '../trajectory/parse-action';
import type { Calls } from './calls';
import { consider, isSameStep, type Considered } from './consider';
import type { SolutionState } from './solution-state';
import { carriedOut } from './take-step';

export interface NamedStep {
  tool: string;
  step: string;
}

/** Words that refer to an output which is not there yet: `of it`, `that country`, `its capital`, `step 1`, `[country]`. */
const UNKNOWN =
  /\b(?:its|their)\b|\b(?:of|in|for|by|from|to|with|on|at|than)\s+(?:it|them|that|this|these|those)\b|\b(?:that|this|these|those) (?:city|country|state|person|place|company|year|number|thing|one|value|result|answer|item)s?\b|\b(?:above|previous|earlier|former|latter|aforementioned)\b|\bthe (?:found|resulting|outputs?)\b|\b(?:step|line|output|result|answer)s? #?\d|#\d|[<{[][\w ]+[>}\]]/i;

/** Whether a step needs the output of another step. */
export const dependsOnOutput = (step: string): boolean => UNKNOWN.test(step);

/**
 * Finds the steps that can run beside the first one. It stops at a step that needs an output, would be replaced, or is not the loop's to
 * take: the action generator is asked again for it, when it knows more.
 *
 * @param isOurs false for a step that waits for a person, or that the caller takes
 */
export function stepsBeside(
  solution: SolutionState,
  first: Considered & { kind: 'step' },
  more: readonly NamedStep[],
  isOurs: (step: NamedStep) => boolean,
): NamedStep[] {
  const { guidance, limits } = solution.profile;
  const most = Math.min(guidance?.parallel ?? 1, limits.maxSteps - solution.taken);
  if (first.instead !== undefined || first.fallback || isWholeQuestion(first.step) || !isOurs(first)) return [];
  const together: NamedStep[] = [first];
  for (const next of more) {
    if (together.length >= most) break;
    if (together.some((taken) => isSameStep(taken.step, next.step))) continue;
    const considered = consider(solution, { kind: 'step', ...next });
    const isReplaced = considered?.kind !== 'step' || considered.instead !== undefined;
    if (isReplaced || isWholeQuestion(next.step) || dependsOnOutput(next.step) || !isOurs(next)) break;
    together.push(next);
  }
  return together.slice(1);
}

/** Carries steps out at the same time. When all have an output, they enter the history in the order in which they were named. */
export async function takeTogether(
  solution: SolutionState,
  calls: Calls,
  steps: readonly [NamedStep, ...NamedStep[]],
  prediction: Omit<PredictActionResult, 'action'>,
): Promise<void> {
  const index = solution.steps.length;
  solution.chosen = { tool: steps[0].tool, step: steps[0].step };
  const ends = await Promise.allSettled(
    steps.map((step, at) =>
      carriedOut(solution, calls.beside?.(index + at) ?? calls, step, at === 0 ? prediction : undefined),
    ),
  );
  const taken = ends.map((end, at) => {
    if (end.status === 'rejected') throw end.reason;
    return { ...end.value, index: index + at, together: at > 0 ? (true as const) : undefined };
  });
  solution.take(taken, solution.usage);
}
