/** Runs a query on the search engine. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { SearchInput, SearchResultText } from '../../contract/payloads';
import type { ActivityBody } from '../../runtime/activity-body';

/** Attempts, half a minute by default, after which a search that some of its engines did not answer has found nothing. */
const INCOMPLETE_ATTEMPTS = 6;

export const search: ActivityBody<SearchInput, SearchResultText> = async (context, { query }, signal) => {
  const startedAt = Date.now();
  const engine = await context.search();
  const report = () => ({ engine: engine.name, durationMs: Date.now() - startedAt });
  if (query.trim() === '') return { error: 'empty query', ...report() };
  try {
    const { text } = await engine.search(query, { limit: context.config.search.limit, signal });
    return { text, ...report() };
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || !isFinal(error, activityInfo().attempt)) throw error;
    return { error: error.message, ...report() };
  }
};

/** Whether the step fails and the solution goes on: an engine may be silent for days, and there may be nothing to find. */
const isFinal = ({ type }: ApplicationFailure, attempt: number): boolean =>
  type === 'SearchRequestRejected' || (type === 'SearchIncomplete' && attempt >= INCOMPLETE_ATTEMPTS);
