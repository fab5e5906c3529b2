/**
 * A question about the atlas as people word it. One of the sentences that the bundled experts were trained on is asked as it stands; of any
 * other the parts are read and make a plan of steps that the experts know. Nothing here knows a value. What asks for something else is told
 * apart.
 */
import type { AnswerChange } from './answer-change';
import { arithmeticOf } from './arithmetic';
import { compose } from './compose';
import type { Composed } from './composed';
import { lastQuestion } from './follow-ups';
import { mark } from './marked';
import { findNames, type Mention } from './names';
import type { Plan } from './plans';
import { inWords } from './signs';
import { isTrainedWording } from './trained-wordings';
import { isWordSum } from './word-sums';

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
  if (isTrainedWording(asked, mentions)) return { question: asked, isOutside: false, ...ofOtherThing(asked, mentions) };
  const composed = (mentions.length === 0 ? arithmeticOf(asked) : undefined) ?? compose(asked);
  if (composed) return { question: asked, isOutside: false, ...composed };
  const { things } = mark(asked);
  return { question: asked, isOutside: things.length > 0 || !isWordSum(asked) };
}

/** The Mississippi that is long is the river, though its name is spelled as the state's. */
function ofOtherThing(asked: string, mentions: readonly Mention[]): Composed | undefined {
  const others = mentions.flatMap(({ meanings, start, end }) =>
    meanings.map(({ name }) => name).filter((name) => name !== asked.slice(start, end) && !asked.includes(name)),
  );
  const composed = others.length > 0 ? compose(asked) : undefined;
  return composed?.plan.searches.some((phrase) => others.some((name) => phrase.endsWith(name))) ? composed : undefined;
}
