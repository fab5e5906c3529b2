/** Records what this worker's configuration decides for a solution that begins. */
import { Context } from '@temporalio/activity';
import type { RecordProfileInput } from '../../contract/payloads';
import type { SolveProfile } from '../../contract/profile';
import type { ActivityContext } from '../../runtime/activity-context';
import { searchAttributeProblem } from '../../runtime/search-attributes';
import { profileOf } from '../../runtime/solution-profile';

export const createRecordProfile =
  (context: ActivityContext, queues: 'shared' | 'separate') =>
  async (input: RecordProfileInput): Promise<SolveProfile> => {
    const profile = profileOf(context, queues, input);
    return { ...profile, searchAttributes: profile.searchAttributes && (await mayBeSet()) };
  };

/** False if the namespace lacks the attributes. If the server does not say, the configuration is trusted. */
async function mayBeSet(): Promise<boolean> {
  const { client, log } = Context.current();
  const problem = await searchAttributeProblem(client).catch(() => undefined);
  if (problem) log.warn(`${problem} Solutions go without.`);
  return problem === undefined;
}
