import { ServiceError, type WorkflowHandle } from '@temporalio/client';
import { lastResult } from '../src/last-result';

const refusal = (code: number) =>
  new ServiceError('Failed to get Workflow execution history', {
    cause: Object.assign(new Error('refused'), { code }),
  });

/** A handle whose calls fail with these codes of gRPC, one after another, and then succeed. */
function handleOf({ result, describe }: { result: number[]; describe: number[] }) {
  const calls: string[] = [];
  const next = (name: string, codes: number[], value: unknown) => () => {
    calls.push(name);
    const code = codes.shift();
    return code === undefined ? Promise.resolve(value) : Promise.reject(refusal(code));
  };
  const handle = { result: next('result', result, 24), describe: next('describe', describe, {}) };
  return { calls, handle: handle as unknown as WorkflowHandle };
}

// Time passes in its waits alone.
jest.mock('../src/process/abort', () => ({
  pause: async (ms: number) => void jest.advanceTimersByTime(ms),
}));
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a server that is away for a while is waited for, and nothing is asked again of it', async () => {
  const { handle, calls } = handleOf({ result: [14, 14], describe: [14, 14] });
  expect(await lastResult(handle)).toBe(24);
  expect(calls).toEqual(['result', 'describe', 'describe', 'describe', 'result', 'describe', 'result']);
});

test('after a minute the error of the connection is thrown', async () => {
  const { handle, calls } = handleOf({ result: [14], describe: Array<number>(1000).fill(14) });
  await expect(lastResult(handle)).rejects.toThrow('Failed to get Workflow execution history');
  expect(calls.length).toBeLessThan(70);
});

test.each([4, 5, 7])('what is no absence is thrown at once: gRPC %i', async (code) => {
  const { handle, calls } = handleOf({ result: [code], describe: [] });
  await expect(lastResult(handle)).rejects.toThrow(ServiceError);
  expect(calls).toEqual(['result']);
});
