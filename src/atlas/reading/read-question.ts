/**
 * A question about the atlas as people word it. One of the sentences that the bundled experts were trained on is asked as it stands; of any
 * other the parts are read and make a plan of steps that the experts know. Nothing here knows a value. What asks for something else is told
 * apart.
 *
 * @module
 */
import type { AnswerChange } from './answer-change';
import { compose } from './compose';
import { lastQuestion } from './follow-ups';
import { mark } from './marked';
import { findNames, type Mention } from './names';
import type { Plan } from './plans';
import { inWords } from './signs';
import { isTrainedWording } from './trained-wordings';

export interface ReadQuestion {
  /** What the experts are asked. */
  question: string;
  /** Whether the question is about something that the atlas does not hold. */
  isOutside: boolean;
  /** What is done with the answer. */
  change?: AnswerChange;
  /** The steps to take, instead of the action generator's. */
  plan?: Plan;
}

/** @param question in any words */
export function readQuestion(question: string): ReadQuestion {
  const asked = inWords(lastQuestion(question).trim().replace(/\s+/g, ' '));
  const mentions = findNames(asked);
  if (isTrainedWording(asked, mentions))
    return { question: asked, isOutside: false, ...(isOtherThing(asked, mentions) ? compose(asked) : {}) };
  const composed = compose(asked);
  if (composed) return { question: asked, isOutside: false, ...composed };
  // A sum in words has numbers instead of names, and things and people of all sorts.
  const { literals, things, foreign } = mark(asked);
  const isOfAtlas = things.length > 1 && foreign.size === 0;
  return { question: asked, isOutside: literals.length < 2 && !isOfAtlas };
}

/** The Mississippi that is long is the river, though its name is spelled as the state's. */
function isOtherThing(asked: string, mentions: readonly Mention[]): boolean {
  return mentions.some(({ meanings, start, end }) =>
    meanings.some(({ name }) => name !== asked.slice(start, end) && !asked.includes(name)),
  );
}
