/** What must hold for a worker to be ready: it polls its queues, the Temporal server answers for its namespace, and so do its models. */
import type { HuskyConfig } from '../../config';
import type { Expert } from '../../trajectory/modules';
import type { HuskyWorkers } from '../../worker';
import type { ReadinessCheck } from './health';
import { checkModels, unansweredBecause } from './model-check';
import type { TemporalAccess } from './temporal-access';

export interface ReadinessParts {
  workers: Pick<HuskyWorkers, 'notPolling'>;
  access: Pick<TemporalAccess, 'client' | 'address' | 'namespace'>;
  config: HuskyConfig;
  experts: readonly Expert[];
}

/** Milliseconds that Temporal and each model server have to answer. */
const LIMIT_MS = 3000;

export function readinessOf({ workers, access, config, experts }: ReadinessParts): ReadinessCheck {
  const temporal = async (): Promise<string[]> => {
    const { address, namespace, client } = access;
    const { connection } = client;
    try {
      await connection.withDeadline(Date.now() + LIMIT_MS, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      return [];
    } catch (error) {
      // A namespace that was deleted, or a right to it that was taken away, ends no poll.
      const why = (error as Error).message;
      return [`The Temporal server at ${address} does not answer for namespace ${namespace} (${why}).`];
    }
  };
  const models = async (): Promise<string[]> => {
    const findings = experts.length === 0 ? [] : await checkModels(config, { experts, limitMs: LIMIT_MS });
    return findings.flatMap((finding) => {
      const { users, waits, note } = finding;
      const reasons = waits && note !== undefined ? [note] : unansweredBecause(finding);
      return reasons.map((reason) => `${users.join(', ')}: ${reason}`);
    });
  };
  return async () => {
    const idle = workers.notPolling().map((queue) => `The queue ${queue} is not polled.`);
    return [...idle, ...(await Promise.all([temporal(), models()])).flat()];
  };
}
