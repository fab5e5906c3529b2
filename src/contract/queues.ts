/** Queue names with a team's prefix. */
import { EXPERTS } from '../trajectory/modules';
import type { SolveProfile } from './profile';
import { QUEUES, type Role } from './names';

export function queueName(role: Role, prefix: string): string {
  return prefix ? `${prefix}-${QUEUES[role]}` : QUEUES[role];
}

export function separateQueues(prefix: string): SolveProfile['queues'] {
  return Object.fromEntries([...EXPERTS, 'tool' as const].map((role) => [role, queueName(role, prefix)]));
}
