/**
 * Reads what models write just now from the heartbeats of a solution's calls. Temporal holds the newest heartbeat of each; looking at it
 * leaves no trace in the history.
 */
import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import { partialIn, type PartialText } from './contract/partial-text';
import type { TextEvent } from './trajectory/solution-events';
import { heartbeatsOf } from './decoded-payload';

export interface PendingText extends PartialText {
  activityId: string;
}

/** The texts of all calls in flight that tell theirs. @param description of the workflow, as it is now */
export async function pendingTexts(
  client: WorkflowClient,
  description: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<PendingText[]> {
  return (await heartbeatsOf(client, description)).flatMap(({ call: { activityId, attempt }, detail }) => {
    const text = partialIn(detail);
    // The call was made again, and has written nothing yet.
    if (!text || text.attempt < (attempt ?? 1)) return [];
    return [{ ...text, activityId: activityId ?? '' }];
  });
}

/** Makes of looks at the texts what was added since the look before. */
export class TextWatch {
  private readonly seen = new Map<string, PendingText>();

  /** @param texts as they are now */
  news(texts: readonly PendingText[]): TextEvent[] {
    return texts.flatMap((now) => {
      const before = this.seen.get(now.activityId);
      this.seen.set(now.activityId, now);
      const begun = before === undefined || !continues(before, now);
      const known = begun ? 0 : Math.max(0, endOf(before) - now.from);
      const { activityId: call, index, module, text, from } = now;
      const added = text.slice(known);
      return added === '' && !begun ? [] : [{ type: 'text', call, index, module, begun, added, text, from }];
    });
  }
}

const endOf = ({ from, text }: PartialText) => from + text.length;

/** Whether a text is the one of before and what was written since. */
function continues(before: PendingText, now: PendingText): boolean {
  if (before.index !== now.index || before.module !== now.module || before.attempt !== now.attempt) return false;
  if (endOf(now) < endOf(before) || now.from < before.from) return false;
  const shared = before.text.slice(now.from - before.from);
  return now.text.startsWith(shared);
}
