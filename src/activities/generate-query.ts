/**
 * Mq: x, h, s -> search query q.
 *
 * @module
 */
import { oneLine } from '../trajectory/bounded-text';
import type { GenerateQueryInput, GenerateQueryResult } from '../trajectory/payloads';
import type { ActivityContext } from './activity-context';
import { callModule } from './call-module';

/** No search service takes longer queries. */
const MAX_QUERY_CHARS = 400;

export const createGenerateQuery =
  (context: ActivityContext) =>
  async ({ solution, step }: GenerateQueryInput): Promise<GenerateQueryResult> => {
    const { text, report } = await callModule(context, 'query', solution, { step });
    return { ...report, query: oneLine(text, MAX_QUERY_CHARS) };
  };
