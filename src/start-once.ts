/** Starts the workflow of an id once. Asking the same again joins it, running or ended. */
import { createHash } from 'node:crypto';
import {
  WorkflowExecutionAlreadyStartedError,
  type WorkflowClient,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { createFailure } from './failures';
import { oneLine } from './trajectory/bounded-text';

/** Memo field with a hash of the question; the question itself may be encoded by a codec. */
const ASKED = 'askedHash';

export interface StartOnce {
  workflowType: 'huskySolve' | 'huskySolveBatch';
  /** Question or questions: what makes two workflows the same. */
  asked: string | readonly string[];
  options: WorkflowStartOptions & { workflowId: string; args: [unknown] };
  /** Whether an ended workflow is started again. */
  again: boolean;
}

/**
 * @returns the workflow, and whether it was there before; one that failed, was cancelled or terminated is begun anew
 * @throws IdTaken when the id is that of another question
 */
export async function startOnce(
  client: WorkflowClient,
  { workflowType, asked, options, again }: StartOnce,
): Promise<{ workflow: WorkflowHandle; joined: boolean }> {
  const { workflowId } = options;
  try {
    const workflow = await client.start(workflowType, {
      ...options,
      memo: { ...options.memo, ...askedMemo(asked) },
      workflowIdReusePolicy: again ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
    return { workflow, joined: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const workflow = client.getHandle(workflowId);
    mustAskTheSame(await workflow.describe(), { workflowType, asked });
    return { workflow, joined: true };
  }
}

/** What tells later that a workflow asks the same. */
export function askedMemo(asked: StartOnce['asked']): Record<string, string> {
  return { [ASKED]: createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16) };
}

/** @throws IdTaken when a workflow that is there is another question's */
export function mustAskTheSame(
  { workflowId, type, memo, status }: Pick<WorkflowExecutionDescription, 'workflowId' | 'type' | 'memo' | 'status'>,
  { workflowType, asked }: Pick<StartOnce, 'workflowType' | 'asked'>,
): void {
  if (type === workflowType && memo?.[ASKED] === askedMemo(asked)[ASKED]) return;
  const what =
    type === workflowType ? `another question than "${oneLine(textOf(asked), 80)}"` : `a workflow of type ${type}`;
  throw createFailure('IdTaken', `${workflowId} is the id of ${what} (${status.name.toLowerCase()}).`);
}

function textOf(asked: string | readonly string[]): string {
  return typeof asked === 'string' ? asked : (asked[0] ?? '');
}
