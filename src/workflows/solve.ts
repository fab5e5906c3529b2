/**
 * The solve workflow: one question, one workflow.
 *
 * @module
 */
import { continueAsNew, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Solution } from '../trajectory/step';
import { SEARCH_ATTRIBUTES } from './names';
import { runSolution, type SolveInput } from './run-solution';

const stopReasonKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stopReason, SearchAttributeType.KEYWORD);
const stepsKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.steps, SearchAttributeType.INT);

/** Solves one question; continues as new when Temporal's history grows long, carrying the trajectory. */
export async function solve(input: SolveInput): Promise<Solution> {
  let searchAttributes = false;
  const solution = await runSolution(input, {
    started: ({ profile }) => {
      searchAttributes = profile.searchAttributes;
      upsertMemo({ models: profile.models, prompts: profile.prompts });
    },
    leave: () => workflowInfo().continueAsNewSuggested,
    left: (unfinished) => continueAsNew<typeof solve>({ ...input, carried: unfinished.carry() }),
  });
  if (searchAttributes)
    upsertSearchAttributes([
      { key: stopReasonKey, value: solution.stopReason },
      { key: stepsKey, value: solution.steps.length },
    ]);
  return solution;
}
