/**
 * What a running solution can be asked and told.
 *
 * @module
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { SolutionProgress } from '../../trajectory/step';
import {
  FINISH_NOW_SIGNAL,
  PEOPLE_UPDATES,
  TELL_TOKENS_SIGNAL,
  TRAJECTORY_QUERY,
  WAITING_QUERY,
} from '../../contract/names';
import type {
  AnswerInput,
  ApproveInput,
  Decided,
  EditInput,
  HintInput,
  PauseInput,
  RefuseInput,
  Waiting,
} from '../../contract/people';

/** The trajectory so far. Without an id, the newest solution of this workflow. */
export const trajectory = defineQuery<SolutionProgress | undefined, [solutionId?: string]>(TRAJECTORY_QUERY);

/** Leave the call in flight and return the best answer so far. */
export const finishNow = defineSignal(FINISH_NOW_SIGNAL);

/** From the next call on, tell the text of models as they write it. */
export const tellTokens = defineSignal(TELL_TOKENS_SIGNAL);

/** What waits for a person. */
export const waiting = defineQuery<Waiting>(WAITING_QUERY);

/** A text alone stands for the field that matters most: reason, step, answer, hint. */
export const approveStep = defineUpdate<Decided, [input?: ApproveInput | string]>(PEOPLE_UPDATES.approve);
export const refuseStep = defineUpdate<Decided, [input?: RefuseInput | string]>(PEOPLE_UPDATES.refuse);
export const editStep = defineUpdate<Decided, [input: EditInput | string]>(PEOPLE_UPDATES.edit);
export const answerStep = defineUpdate<Decided, [input: AnswerInput | string]>(PEOPLE_UPDATES.answer);
export const giveHint = defineUpdate<Waiting, [input: HintInput | string]>(PEOPLE_UPDATES.hint);
export const pauseSolutions = defineUpdate<Waiting, [input?: PauseInput]>(PEOPLE_UPDATES.pause);
export const resumeSolutions = defineUpdate<Waiting, [input?: PauseInput]>(PEOPLE_UPDATES.resume);
