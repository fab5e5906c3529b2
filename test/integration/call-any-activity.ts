/** A workflow of somebody who may start workflows: it calls any activity on any queue. */
import { proxyActivities } from '@temporalio/workflow';

export async function callAny(name: string, taskQueue: string, input: unknown): Promise<unknown> {
  const activities = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    taskQueue,
    startToCloseTimeout: '10 seconds',
    scheduleToCloseTimeout: '10 seconds',
    retry: { maximumAttempts: 1 },
  });
  return activities[name]?.(input);
}
