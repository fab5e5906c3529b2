/** A worker deployment as its operator sees it: which version new solutions go to, what each version serves, and when it has drained. */
import type { Client } from '@temporalio/client';
import { pause } from './team';

/** Temporal's number for a version that no running workflow is pinned to. */
const DRAINED = 2;

export class WorkerDeployment {
  constructor(
    private readonly client: Client,
    private readonly deploymentName: string,
  ) {}

  private get names() {
    return { namespace: 'default', deploymentName: this.deploymentName, identity: 'operator' };
  }

  private async describe(buildId: string) {
    const { workflowService } = this.client;
    return workflowService.describeWorkerDeploymentVersion({
      namespace: 'default',
      deploymentVersion: { deploymentName: this.deploymentName, buildId },
    });
  }

  /** Resolves when the version's workers poll so many queues. The server takes a version for current before that, if it is the first one. */
  async untilServing(buildId: string, queues: number): Promise<void> {
    await until(`version ${buildId} serves ${queues} queues`, async () => {
      const { workerDeploymentVersionInfo, versionTaskQueues } = await this.describe(buildId);
      const polled = versionTaskQueues?.length ? versionTaskQueues : workerDeploymentVersionInfo?.taskQueueInfos;
      return new Set(polled?.map(({ name }) => name)).size >= queues;
    });
  }

  async makeCurrent(buildId: string): Promise<void> {
    const { workflowService } = this.client;
    await until(`version ${buildId} is current`, async () => {
      await workflowService.setWorkerDeploymentCurrentVersion({ ...this.names, buildId });
      return true;
    });
  }

  async ramp(buildId: string, percentage: number): Promise<void> {
    const { workflowService } = this.client;
    await until(`version ${buildId} gets ${percentage} %`, async () => {
      await workflowService.setWorkerDeploymentRampingVersion({ ...this.names, buildId, percentage });
      return true;
    });
  }

  async untilDrained(buildId: string): Promise<void> {
    await until(`version ${buildId} has drained`, async () => {
      const { workerDeploymentVersionInfo } = await this.describe(buildId);
      return workerDeploymentVersionInfo?.drainageInfo?.status === DRAINED;
    });
  }
}

/** Asks again until the server agrees: it hears of workers and of running workflows a little later. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 600_000;
  for (;;) {
    const outcome = await holds().catch((error: Error) => error);
    if (outcome === true) return;
    if (Date.now() > deadline) throw new Error(`In ten minutes it did not come to this: ${what}.`, { cause: outcome });
    await pause(250);
  }
}
