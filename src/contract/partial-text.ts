/**
 * The text that a model writes just now, on its way to whoever watches: it travels in the details of an activity's heartbeats, which Temporal
 * keeps for as long as the activity runs and never writes into the history.
 */
import type { ModuleName } from '../trajectory/modules';

export interface PartialText {
  /** Position of the step that it is written for, from 0. */
  index: number;
  module: ModuleName;
  /** Of the activity, from 1: another attempt begins the text anew. */
  attempt: number;
  /** The newest characters, at most {@link MAX_PARTIAL}. */
  text: string;
  /** Characters before them. */
  from: number;
}

/** A look of a watcher must not cost more than a page of text. */
export const MAX_PARTIAL = 4000;

/** Stands in the last place of the details, behind what a journal has recorded; no call has this name. */
const MARK = 'partialText';

export const partialDetail = (partial: PartialText): [string, PartialText] => [MARK, partial];

/** The details without the text, as a journal recorded them. */
export const withoutPartial = (details: readonly unknown[]): unknown[] => details.filter((entry) => !isDetail(entry));

/** @param details of one activity, decoded */
export function partialIn(details: unknown): PartialText | undefined {
  const last: unknown = Array.isArray(details) ? details.at(-1) : undefined;
  return isDetail(last) ? last[1] : undefined;
}

function isDetail(entry: unknown): entry is [string, PartialText] {
  return Array.isArray(entry) && entry[0] === MARK && typeof (entry[1] as PartialText | undefined)?.text === 'string';
}
