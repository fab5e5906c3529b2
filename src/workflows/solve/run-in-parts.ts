/** Husky's loop inside a long workflow of your own. It can leave the loop between two steps and continue in the next run. */
import { workflowInfo } from '@temporalio/workflow';
import type { Solution } from '../../trajectory/step';
import { askedForNextRun, runSolution, type RunOptions, type SolveInput } from './run-solution';

/** A solution, or the input with which {@link runSolutionInParts} continues in the next run. */
export type SolutionPart = { solution: Solution } | { unfinished: SolveInput };

/**
 * As {@link runSolution}, but leaves the loop between two steps when Temporal suggests to continue as new. It then returns an argument for
 * the next run, with question, settings, steps and usage. It fits into one payload.
 *
 * @param leave whether to leave, asked between two steps @default when Temporal suggests to continue as new
 * @param options for this run; the next run needs them again
 * @throws ActivityFailure when a model call fails for good (see the table in failures.ts)
 *
 * @example
 * ```ts
 * export async function answerAll(questions: string[], unfinished?: SolveInput): Promise<void> {
 *   for (const [at, question] of questions.entries()) {
 *     const part = await runSolutionInParts((at === 0 && unfinished) || { question });
 *     if ('unfinished' in part) return continueAsNew<typeof answerAll>(questions.slice(at), part.unfinished);
 *     await store(part.solution);
 *   }
 * }
 * ```
 */
export async function runSolutionInParts(
  input: SolveInput,
  leave: () => boolean = () => workflowInfo().continueAsNewSuggested,
  options: Omit<RunOptions, 'leave' | 'left'> = {},
): Promise<SolutionPart> {
  const ended = await runSolution<SolutionPart>(input, {
    ...options,
    leave,
    left: async (solution) => ({ unfinished: { ...input, carried: solution.carry(), ...askedForNextRun() } }),
  });
  return 'unfinished' in ended || 'solution' in ended ? ended : { solution: ended };
}
