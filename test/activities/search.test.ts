import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { search } from '../../src/activities/solve/search';
import { parseConfig } from '../../src/config';
import { createFailure, type FailureType } from '../../src/failures';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { testConfig } from '../../src/testing';

/** The search, in one of its attempts, on an engine that fails. */
function searched(type: FailureType, attempt: number) {
  const engine = { name: 'e', search: () => Promise.reject(createFailure(type, 'it is so.')) };
  const context = { config: parseConfig(testConfig()), search: async () => engine } as unknown as ActivityContext;
  const { signal } = new AbortController();
  return asyncLocalStorage.run({ info: { attempt } } as Context, () => search(context, { query: 'x' }, signal));
}

test('a search whose engines were partly silent is tried again, and then fails its step alone', async () => {
  await expect(searched('SearchIncomplete', 5)).rejects.toMatchObject({ type: 'SearchIncomplete' });
  expect(await searched('SearchIncomplete', 6)).toMatchObject({ error: expect.stringMatching(/^it is so\./) });
});

test('a service that is away is waited for, and a search that it rejects fails its step at once', async () => {
  await expect(searched('SearchUnavailable', 1000)).rejects.toMatchObject({ type: 'SearchUnavailable' });
  expect(await searched('SearchRequestRejected', 1)).toHaveProperty('error');
});
