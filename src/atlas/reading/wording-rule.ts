/** What the rules of the reading have in common: what they are given, and what they say. @module */
import { nameOf } from '../kinds';
import { list } from '../wording';
import type { AnswerChange } from './answer-change';
import type { Named } from './names';
import type { Plan } from './plans';
import type { Reduced } from './read-question';

export interface Wording {
  question: string;
  /** What is done with the answer. */
  change?: AnswerChange;
  /** The steps, where the action generator was never trained on such a question. */
  plan?: Plan;
  /** The atlas has the things, and no expert has learnt such a question. */
  isOutside?: boolean;
}

export const UNSIGNED: AnswerChange = { kind: 'unsigned' };

export type Rule = (reduced: Reduced) => Wording | string | undefined;

export const named = ({ kind, name }: Named) => nameOf(kind, name);
export const all = (things: readonly Named[]) => list(things.map(named));
