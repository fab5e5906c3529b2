/** Gets the solution for an activity: inline from its input, or from the workflow by query. */
import { activityInfo, Context } from '@temporalio/activity';
import { createFailure } from '../failures';
import type { SolutionSoFar } from '../contract/payloads';
import { entryOf } from '../trajectory/solution-history';
import type { SolutionProgress } from '../trajectory/step';
import { TRAJECTORY_QUERY } from '../contract/names';
import type { ActivityContext } from './activity-context';
import { solutionKey, type PulledSolution } from './solution-cache';

/** A query adds nothing to Temporal's history, however long the trajectory is. */
export async function pullSolution(context: ActivityContext, solution: SolutionSoFar): Promise<PulledSolution> {
  if (!('pull' in solution)) return solution;
  const { solutionId, steps } = solution.pull;
  const { workflowId, runId } = activityInfo().workflowExecution ?? {};
  if (!workflowId || !runId)
    throw createFailure('InputInvalid', 'A solution can be pulled only by an activity of a workflow.');
  const key = solutionKey(runId, solutionId);
  const remembered = context.solutions.get(key, steps);
  if (remembered) return remembered;
  const progress = await Context.current()
    .client.workflow.getHandle(workflowId, runId)
    .query<SolutionProgress | undefined, [string]>(TRAJECTORY_QUERY, solutionId);
  if (!progress) throw createFailure('InputInvalid', `Workflow ${workflowId} holds no solution ${solutionId}.`);
  const pulled = {
    question: progress.question,
    history: progress.steps.slice(0, steps).map(entryOf),
  };
  context.solutions.put(key, pulled);
  return pulled;
}
