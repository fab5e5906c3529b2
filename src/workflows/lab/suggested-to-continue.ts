/** Whether a workflow of the lab leaves its solutions to its next run. */
import { patched, workflowInfo } from '@temporalio/workflow';

/** Asked between two steps: true when Temporal suggests to continue as new. Runs that began before this was possible stay whole. */
export function suggestedToContinue(): boolean {
  return workflowInfo().continueAsNewSuggested && patched('long-solutions-of-the-lab-continue-as-new');
}
