/** Finds out that a solution waits for workers of the version that it is pinned to, while workers of others poll its queue in vain. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { livePollers } from '../../live-pollers';
import { placeOf, temporalCommand } from '../../temporal-command';

/** Temporal's number for workflows that end on the version of a deployment that they began with. */
const PINNED = 1;

/** @returns what to do, in words; undefined where the solution has ended, is pinned to no version, or workers of its version live */
export async function strandedOn(
  client: Client,
  { raw, status, taskQueue, workflowId }: WorkflowExecutionDescription,
): Promise<string | undefined> {
  const { behavior, deploymentVersion, versioningOverride: moved } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  const own = moved ? moved.pinned?.version : behavior === PINNED ? deploymentVersion : undefined;
  if (status.name !== 'RUNNING' || !own?.buildId) return undefined;
  const versions = (await livePollers(client, taskQueue)).map(({ version }) => version);
  const isOurs = (version: (typeof versions)[number]) =>
    version?.deploymentName === own.deploymentName && version?.buildId === own.buildId;
  if (versions.some(isOurs)) return undefined;
  const deployment = `--deployment ${own.deploymentName}`;
  const other = versions.find((version) => version?.deploymentName === own.deploymentName)?.buildId ?? 'ID';
  const move = temporalCommand(
    placeOf(client),
    `workflow update-options --workflow-id ${workflowId} --versioning-override-behavior pinned ` +
      `--versioning-override-deployment-name ${own.deploymentName} --versioning-override-build-id ${other}`,
  );
  return (
    `${workflowId} waits for workers of version ${own.buildId} of deployment ${own.deploymentName}, on which it began; none polls queue ${taskQueue}. ` +
    `Start them again (husky worker ${deployment} --deployment-version ${own.buildId}), or move the solution: ${move}`
  );
}
