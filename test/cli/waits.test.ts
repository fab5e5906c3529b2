import { getEventListeners } from 'node:events';
import { pause, undefinedOnAbort } from '../../src/process/abort';
import { OpenRequests } from '../../src/cli/session/open-requests';

describe('waiting under a signal that lives as long as the command', () => {
  const { signal } = new AbortController();
  const listeners = () => getEventListeners(signal, 'abort').length;

  test('leaves nothing with the signal, however often', async () => {
    for (let i = 0; i < 20; i += 1) {
      expect(await undefinedOnAbort(signal, Promise.resolve(i))).toBe(i);
      await expect(undefinedOnAbort(signal, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
      await pause(0, signal);
    }
    expect(listeners()).toBe(0);
  });

  test('ends when the signal is aborted, and at once when it was before', async () => {
    const leaving = new AbortController();
    const waits = [undefinedOnAbort(leaving.signal, new Promise(() => undefined)), pause(60_000, leaving.signal)];
    leaving.abort();
    expect(await Promise.all(waits)).toEqual([undefined, undefined]);
    expect(await undefinedOnAbort(leaving.signal, new Promise(() => undefined))).toBeUndefined();
    await pause(60_000, leaving.signal);
  });
});

describe('requests of a connection', () => {
  type Interceptor = OpenRequests['interceptor'];
  type Call = ReturnType<Interceptor>;
  type Status = { code: number };

  function request({ interceptor }: OpenRequests) {
    const ends: Status[] = [];
    let answer: ((status: Status) => void) | undefined;
    const transport = {
      start: (_: unknown, listener: { onReceiveStatus(status: Status): void }) =>
        (answer = (status) => listener.onReceiveStatus(status)),
      cancelWithStatus: (code: number) => answer?.({ code }),
    };
    const call = interceptor({} as Parameters<Interceptor>[0], () => transport as unknown as Call);
    call.start({} as Parameters<Call['start']>[0], { onReceiveStatus: (status) => ends.push(status) });
    return { ends, answer: (code: number) => answer?.({ code }) };
  }

  test('are let go of when they have their answer, and those that wait can be ended', () => {
    const requests = new OpenRequests();
    const answered = request(requests);
    const failed = request(requests);
    const waiting = request(requests);
    expect(requests.size).toBe(3);
    answered.answer(0);
    failed.answer(14);
    expect(requests.size).toBe(1);
    requests.end();
    expect(requests.size).toBe(0);
    expect([answered, failed, waiting].map(({ ends }) => ends.map(({ code }) => code))).toEqual([[0], [14], [1]]);
  });
});
