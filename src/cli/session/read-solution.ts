/** Reads a solution from a server in any state. */
import { createRequire } from 'node:module';
import { HuskyClient } from '../../husky-client';
import type { BatchOutcome } from '../../contract/batch';
import type { Solution, SolutionProgress } from '../../trajectory/step';
import { recordedEnd } from '../../recorded-end';
import { workflowTrouble } from '../../workflow-trouble';
import { ProgramError } from '../../process/program-error';
import { mustBeReadable } from './encoded-payloads';
import { describeSolution } from './find-solution';
import type * as ReplayWorker from './replay-worker';
import { strandedOn } from './stranded';
import type { TemporalAccess } from './temporal-access';
import { livePollers } from '../../live-pollers';

const load = createRequire(__filename);

const QUERY_LIMIT = 15_000;
/** Events of a solution whose profile is not recorded yet; a worker without activities must not start it. */
const NOT_BEGUN = 4;

/**
 * A completed solution is its workflow's result, and one that failed or was cancelled has recorded its steps; any other is asked for, by a worker of this process when nobody else answers.
 *
 * @param number of a question in a batch, from 1
 * @throws ProgramError (1) when there is none, or it has not begun
 */
export async function readSolution(
  access: TemporalAccess,
  id: string,
  number?: number,
): Promise<Solution | SolutionProgress> {
  const found = await describeSolution(access, id, number);
  const husky = new HuskyClient({ client: access.client });
  const handle = husky.get(id);
  if (found.status === 'COMPLETED' && number !== undefined)
    return solutionAt(mustBeReadable(await husky.getBatch(id).results(), id), id, number);
  if (found.status === 'COMPLETED') return mustBeReadable(await handle.result(), id);
  const end = found.status === 'RUNNING' || number !== undefined ? undefined : await recordedEnd(handle.workflow);
  if (end) return mustBeReadable(end, id);
  const ask = async () => {
    const deadline = Date.now() + QUERY_LIMIT;
    const progress = mustBeReadable(
      await access.client.withDeadline(deadline, () =>
        handle.progress(number === undefined ? undefined : String(number)),
      ),
      id,
    );
    if (!progress) throw notBegun(id);
    return progress;
  };
  const trouble = await workflowTrouble(access.client.workflow, found.description);
  if (trouble) throw new ProgramError(`${id} (${found.question ?? 'no question known'}): ${trouble}`, 1);
  const stranded = await strandedOn(access.client, found.description);
  if (stranded) throw new ProgramError(`${found.question ?? 'No question known'}: ${stranded}`, 1);
  if ((await livePollers(access.client, found.taskQueue)).length > 0) return ask();
  if (found.description.historyLength <= NOT_BEGUN) throw notBegun(id);
  const { withReplayWorker } = load('./replay-worker') as typeof ReplayWorker;
  return withReplayWorker(access, found.taskQueue, ask);
}

function notBegun(id: string): ProgramError {
  return new ProgramError(
    `The solution ${id} has not begun yet: no worker has taken it. husky watch ${id} brings one.`,
    1,
  );
}

function solutionAt(outcomes: readonly BatchOutcome[], id: string, number: number): Solution {
  const outcome = outcomes[number - 1];
  if (!outcome) throw new ProgramError(`${id} holds ${outcomes.length} questions; there is no question ${number}.`, 1);
  if ('failure' in outcome) throw new ProgramError(`Question ${number} of ${id} failed: ${outcome.failure.message}`, 1);
  return outcome.solution;
}
