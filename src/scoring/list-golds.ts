/** Tells of gold answers that are lists, which some datasets mean otherwise. */
import type { Gold } from '../formats/gold';
import { findTask } from './tasks';

/** Metrics for which a list is no list of parts, or surely one. */
const KNOWN = ['squad', 'list', 'drop'];

/**
 * One sentence where gold answers of a dataset are lists, all elements of which an answer must have: NQ-open and others mean by a list that
 * each element is right. Undefined for a task of the registry, whose lists are known.
 */
export function noticeOfLists(dataset: string, golds: readonly Gold[], metric = 'answer'): string | undefined {
  if (findTask(dataset) !== undefined || KNOWN.includes(metric)) return undefined;
  const lists = golds.filter((gold) => Array.isArray(gold) && gold.length > 1).length;
  return lists === 0
    ? undefined
    : `${dataset}: ${lists} of ${golds.length} gold answers are lists, and an answer must have all elements. If each element is right by itself (as in NQ-open), read them so: jq -c '.answer |= (if type == "array" then {anyOf: .} else . end)' FILE > NEW`;
}
