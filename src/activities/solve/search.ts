/** Runs a query on the search engine. */
import { ApplicationFailure } from '@temporalio/common';
import type { SearchInput, SearchResultText } from '../../contract/payloads';
import type { ActivityBody } from '../../runtime/activity-body';

export const search: ActivityBody<SearchInput, SearchResultText> = async (context, { query }, signal) => {
  const startedAt = Date.now();
  const engine = await context.search();
  const report = () => ({ engine: engine.name, durationMs: Date.now() - startedAt });
  if (query.trim() === '') return { error: 'empty query', ...report() };
  try {
    const { text } = await engine.search(query, { limit: context.config.search.limit, signal });
    return { text, ...report() };
  } catch (error) {
    const rejected = error instanceof ApplicationFailure && error.type === 'SearchRequestRejected';
    if (!rejected) throw error;
    return { error: error.message, ...report() };
  }
};
