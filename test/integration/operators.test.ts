/** What operators do to running solutions by Temporal's own tools. */
import Long from 'long';
import { retriesOf } from '../../src/calls-in-flight';
import { placeOf } from '../../src/temporal-command';
import { scriptSolutions } from '../../src/testing';
import { eventually } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Of Temporal's states of pending activities. */
const SCHEDULED = 1;
const PAUSED = 4;

/** Parts of which the first call takes long, if nobody ends it. */
const slowAtFirst = () => {
  let called = 0;
  return scriptSolutions([spiders], { delayMs: () => ((called += 1) === 1 ? 60_000 : 0) });
};

/** @returns the id of the call that a worker has taken, and the run */
async function firstCall(workflowId: string): Promise<{ activityId: string; runId: string }> {
  let found = { activityId: '', runId: '' };
  await eventually(async () => {
    const { raw, runId } = await server.client.workflow.getHandle(workflowId).describe();
    const call = raw.pendingActivities?.find(({ state }) => state !== SCHEDULED);
    found = { activityId: call?.activityId ?? '', runId };
    return call !== undefined;
  });
  return found;
}

test('a paused call is said to wait for a person, and how it goes on; then the solution ends well', async () => {
  const workflowId = 'paused-call';
  await withWorkers(server, { parts: slowAtFirst().parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { workflowId });
    const { activityId } = await firstCall(workflowId);
    const call = { namespace: 'default', execution: { workflowId }, id: activityId };
    const { workflowService } = server.client;
    await workflowService.pauseActivity({ ...call, identity: 'ann', reason: 'the GPU is needed' });
    const told = async () => retriesOf(await handle.workflow.describe(), placeOf(server.client));
    const words =
      /: the call was paused by ann \(the GPU is needed\) and waits .*: temporal activity unpause --workflow-id paused-call --activity-id \d+ --address \S+$/;
    expect(await told()).toEqual([expect.stringMatching(words)]);
    // The attempt in flight ends with its next heartbeat.
    await eventually(async () => (await handle.workflow.describe()).raw.pendingActivities?.[0]?.state === PAUSED);
    expect(await told()).toEqual([expect.stringMatching(words)]);
    await workflowService.unpauseActivity(call);
    expect(await handle.result()).toMatchObject({ answer: spiders.answer, stopReason: 'finished' });
  });
});

test('who waits for a solution that is reset gets the answer of the run that goes on', async () => {
  const workflowId = 'reset';
  await withWorkers(server, { parts: slowAtFirst().parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { workflowId });
    const results = [handle.result(), husky.get(workflowId).result()];
    const first = await firstCall(workflowId);
    await server.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId, runId: first.runId },
      reason: 'the model was wrong',
      workflowTaskFinishEventId: Long.fromNumber(4),
      requestId: 'reset-1',
    });
    for (const result of await Promise.all(results)) {
      expect(result.answer).toBe(spiders.answer);
      expect(result.runId).not.toBe(first.runId);
    }
  });
});

test('one that is terminated and not reset fails as such', async () => {
  const workflowId = 'terminated';
  await withWorkers(server, { parts: slowAtFirst().parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { workflowId });
    await firstCall(workflowId);
    const failed = expect(handle.result()).rejects.toThrow('enough');
    await handle.workflow.terminate('enough');
    await failed;
  });
});
