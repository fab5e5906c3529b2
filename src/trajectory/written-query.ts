/** Finds the search query in a model's text: a line of its own, in a fence, behind a label or an introduction, or in JSON. */
import { jsonObjectIn, parseJson } from './json-object';
import { writtenCall } from './written-call';

const SEARCHES = /search|query|google|wiki|look_?up|browse/i;
/** Members of an object that is no call. */
const QUERY_KEYS = ['query', 'search_query', 'q', 'search', 'keywords', 'step', 'input'];
const FENCE = /^\s*```\w*\s*$/;
/** `Search query:`, `Here is the query:`, `The search query is:`, `Query to find the area:`. */
const LABEL =
  /^(?:sure\b[!,.]?\s+)?(?:here(?:['’]s|\s+is)\s+)?(?:(?:the|a|an|my|your|one)\s+)?(?:(?:short|good|possible|google|web)\s+)*(?:search(?:\s+(?:query|terms?|phrase))?|query|keywords?)(?:\s+(?:is|would\s+be|could\s+be|(?:for|to)\s[^:]{0,60}))?\s*:\s*/i;
/** `To find it, search for "area of Texas".` */
const IN_PROSE =
  /^(?:to|i|i['’]ll|you|we|let|sure|here|the)\b.*\b(?:search|query|google|look(?:ing)?\s+up)\b[^"“]*["“]([^"“”]+)["”]/i;

/** @returns undefined where the text holds nothing but fences and introductions */
export function queryLine(text: string): string | undefined {
  const own = /[{<[(]/.test(text) ? inObject(text) : undefined;
  if (own !== undefined) return own;
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !FENCE.test(line));
  for (const line of lines) {
    // A number is a list's only where a second one follows: a name may begin with one, 1. FC Nuremberg.
    const query = bare(/^\s*2[.)]\s/m.test(text) ? line.replace(/^\s*1[.)]\s+/, '') : line);
    if (query !== '' && !query.endsWith(':')) return query;
  }
  return undefined;
}

function inObject(text: string): string | undefined {
  const call = writtenCall(text, (name) => SEARCHES.test(name));
  if (call && SEARCHES.test(call.name) && call.step !== '') return bare(call.step);
  const object = jsonObjectIn(text) ?? {};
  const query =
    QUERY_KEYS.map((key) => object[key]).find((value) => typeof value === 'string' && value.trim() !== '') ??
    firstOf(object.queries ?? object.search_queries ?? listIn(text));
  return typeof query === 'string' ? bare(query) : undefined;
}

/** A text that is nothing but a list. */
const listIn = (text: string): unknown => parseJson(text.replace(/^\s*```\w*|```\s*$/g, '').trim());

/** The first of several queries. */
const firstOf = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);

/** Without a list's mark, a label, Markdown, and quotation marks around all of it. */
function bare(line: string): string {
  const plain = line
    .trim()
    .replace(/^[-*•]\s+/, '')
    .replace(/^\*\*(.*)\*\*$/, '$1')
    .replace(/^\*\*([^*]+)\*\*\s*/, '$1 ')
    .replace(/^\[(?:search|query)\]\s*/i, '')
    .replace(LABEL, '')
    .trim();
  const said = IN_PROSE.exec(plain)?.[1] ?? plain;
  return said.replace(/^["'`“]([^"`“”]*)["'`”]$/, '$1').trim();
}
