/** The queries, signals and updates of a running solution. */
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

/** The trajectory so far. @param solutionId @default the newest solution of this workflow */
export const trajectory = defineQuery<SolutionProgress | undefined, [solutionId?: string]>(TRAJECTORY_QUERY);

/** Ends the solution now with the best answer so far; the call in flight is left. */
export const finishNow = defineSignal(FINISH_NOW_SIGNAL);

/** From the next call on, models tell their text while they write it. */
export const tellTokens = defineSignal(TELL_TOKENS_SIGNAL);

/** What waits for a person. */
export const waiting = defineQuery<Waiting>(WAITING_QUERY);

/**
 * A plain text as input stands for the main field: reason, step, answer or hint. `approveStep`, `pauseSolutions` and `resumeSolutions` need
 * none, but the SDK's types know no optional argument of an update: from TypeScript pass `{}`.
 */
export const approveStep = defineUpdate<Decided, [input: ApproveInput | string]>(PEOPLE_UPDATES.approve);
export const refuseStep = defineUpdate<Decided, [input: RefuseInput | string]>(PEOPLE_UPDATES.refuse);
export const editStep = defineUpdate<Decided, [input: EditInput | string]>(PEOPLE_UPDATES.edit);
export const answerStep = defineUpdate<Decided, [input: AnswerInput | string]>(PEOPLE_UPDATES.answer);
export const giveHint = defineUpdate<Waiting, [input: HintInput | string]>(PEOPLE_UPDATES.hint);
export const pauseSolutions = defineUpdate<Waiting, [input: PauseInput]>(PEOPLE_UPDATES.pause);
export const resumeSolutions = defineUpdate<Waiting, [input: PauseInput]>(PEOPLE_UPDATES.resume);
