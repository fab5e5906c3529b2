/** Mq: x, h, s -> search query q. */
import { oneLine } from '../../trajectory/bounded-text';
import type { GenerateQueryInput, GenerateQueryResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

/** No search service takes longer queries. */
const MAX_QUERY_CHARS = 400;

export const generateQuery: ActivityBody<GenerateQueryInput, GenerateQueryResult> = async (
  context,
  { solution, step },
  signal,
) => {
  const { text, report } = await callModule(context, 'query', solution, { step }, signal);
  return { ...report, query: oneLine(text, MAX_QUERY_CHARS) };
};
