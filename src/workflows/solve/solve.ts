/** The solve workflow: one question, one workflow. */
import { makeContinueAsNewFunc, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { oneLine } from '../../trajectory/bounded-text';
import type { Solution } from '../../trajectory/step';
import { SEARCH_ATTRIBUTES } from '../../contract/names';
import { mustBeAlone, mustBeSolveInput } from './check-input';
import { endUnfinished } from './record-end';
import { askedForNextRun, progressNow, runSolution, type SolveInput } from './run-solution';

const stopReasonKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stopReason, SearchAttributeType.KEYWORD);
const stepsKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.steps, SearchAttributeType.INT);

/** Solves one question; continues as new when Temporal's history grows long, carrying the trajectory. */
export async function huskySolve(input: SolveInput): Promise<Solution>;
export async function huskySolve(input: SolveInput, ...more: unknown[]): Promise<Solution> {
  mustBeSolveInput(input);
  mustBeAlone(more);
  let searchAttributes = input.carried?.profile.searchAttributes ?? false;
  const solution = await runSolution(input, {
    started: ({ profile }) => {
      searchAttributes = profile.searchAttributes;
      // Lists show it. A child and a client in another language start without it.
      const question = workflowInfo().memo?.question ?? oneLine(input.question, 200);
      upsertMemo({ question, models: profile.models, prompts: profile.prompts });
    },
    leave: () => workflowInfo().continueAsNewSuggested,
    left: (unfinished) => nextRun(input.question)({ ...input, carried: unfinished.carry(), ...askedForNextRun() }),
  }).catch((error: unknown) => endUnfinished(error, progressNow()));
  if (searchAttributes)
    upsertSearchAttributes([
      { key: stopReasonKey, value: solution.stopReason },
      { key: stepsKey, value: solution.steps.length },
    ]);
  return solution;
}

/** Temporal carries the memo that a workflow was started with. What was added since has to be handed on. */
function nextRun(question: string) {
  const { memo } = workflowInfo();
  return makeContinueAsNewFunc<typeof huskySolve>({ memo: { question: oneLine(question, 200), ...memo } });
}
