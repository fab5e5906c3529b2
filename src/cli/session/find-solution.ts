/** Finds a solution on a server by its workflow id. */
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { questionOf } from '../../list-solutions';
import { ProgramError } from '../../process/program-error';
import type { TemporalAccess } from './temporal-access';

export interface DescribedSolution {
  taskQueue: string;
  /** Temporal's name of the state: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  status: string;
  /** From the memo or the summary, cut to 200 characters. */
  question: string | undefined;
  description: WorkflowExecutionDescription;
}

/**
 * @param number of a question in a batch, from 1
 * @throws ProgramError (1) when there is none, or it is no solution
 */
export async function describeSolution(
  access: TemporalAccess,
  id: string,
  number?: number,
): Promise<DescribedSolution> {
  try {
    const description = await access.client.workflow.getHandle(id).describe();
    if (description.type === 'huskySolveBatch' && number === undefined)
      throw new ProgramError(`${id} holds several questions: husky show ${id} --question 1 shows the first.`, 1);
    if (description.type === 'huskySolve' && number !== undefined)
      throw new ProgramError(`${id} holds one question; leave out --question.`, 1);
    if (description.type !== (number === undefined ? 'huskySolve' : 'huskySolveBatch'))
      throw new ProgramError(
        `${id} is a workflow of type ${description.type}, not a solution; husky list shows those.`,
        1,
      );
    return {
      taskQueue: description.taskQueue,
      status: description.status.name,
      question: questionOf(description.memo) ?? (await description.staticSummary()),
      description,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw new ProgramError(
        `There is no solution ${id} on the server at ${access.address}; husky list shows those that there are.`,
        1,
      );
    throw error;
  }
}
