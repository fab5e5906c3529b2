/** Finds the pollers of a queue that are alive. */
import type { Client } from '@temporalio/client';
import { alive, processSpace } from './process/alive';

export interface Poller {
  identity: string;
  /** Fingerprint of its configuration, if the poller is a husky command. */
  fingerprint: string | undefined;
  /** The version of a worker deployment that it is. */
  version?: { deploymentName: string; buildId: string };
}

/** In the place of a fingerprint: a worker that answers queries and makes no call, so nothing goes on with it. */
export const ANSWERS_ONLY = 'queries';

/** Types of task queues in the gRPC service. */
const QUEUE_TYPES = { workflows: 1, calls: 2 };
/** A poll lasts a minute at most; the server remembers a poller for five. */
const POLL_MS = 75_000;

/** The pollers of a queue that work, without those known to be dead. */
export async function livePollers(
  client: Client,
  taskQueue: string,
  what: keyof typeof QUEUE_TYPES = 'workflows',
): Promise<Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: QUEUE_TYPES[what],
  });
  return (pollers ?? []).flatMap(({ identity, lastAccessTime, deploymentOptions }) => {
    const seen = Number(lastAccessTime?.seconds ?? 0) * 1000;
    if (!identity || Date.now() - seen > POLL_MS) return [];
    const [, pid, host, fingerprint] = /^husky (\d+)@(\S+) (\w+)$/.exec(identity) ?? [];
    if (fingerprint === ANSWERS_ONLY || (pid && host === processSpace() && !alive(Number(pid)))) return [];
    const { deploymentName, buildId } = deploymentOptions ?? {};
    return [{ identity, fingerprint, ...(deploymentName && buildId ? { version: { deploymentName, buildId } } : {}) }];
  });
}
