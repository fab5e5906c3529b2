/**
 * The solve workflow: one question, one workflow.
 *
 * @module
 */
import { continueAsNew, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { Solution } from '../trajectory/step';
import { runSolution, type SolveInput } from './run-solution';

/** Solves one question; continues as new when Temporal's history grows long, carrying the trajectory. */
export async function solve(input: SolveInput): Promise<Solution> {
  return runSolution(input, {
    betweenSteps: (solution) => {
      if (!workflowInfo().continueAsNewSuggested) return;
      return continueAsNew<typeof solve>({ ...input, carried: solution.carry() });
    },
    started: ({ profile }) => upsertMemo({ models: profile.models, prompts: profile.prompts }),
  });
}
