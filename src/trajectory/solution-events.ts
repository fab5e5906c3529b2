/**
 * A solution as a stream of events. They follow from the trajectory alone and each has a fixed position, so a stream that broke off goes on
 * after any position, in another process too, and nothing is lost or comes twice.
 */
import type { ModuleName } from './modules';
import { HINT_TOOL, type Decision, type SampleProgress, type SolutionProgress, type Step } from './step';

/** Positions of one step; the last is that of its result. */
const PER_STEP = 100;
const RESULT = PER_STEP - 1;

export interface Positioned {
  /** Ascending, with gaps. */
  position: number;
}

export type SolutionEvent = Positioned &
  (
    | { type: 'action'; index: number; tool: string; step: string }
    | {
        type: 'waiting';
        index: number;
        tool: string;
        step: string;
        because: string;
        code?: string;
        arguments?: Record<string, unknown>;
      }
    | { type: 'decided'; index: number; decision: Decision }
    | { type: 'step'; step: Step }
    | { type: 'end'; solution: SolutionProgress }
    | SampleEvent
    | TextEvent
  );

/** Where one of several samples is now. As a {@link TextEvent} it has the position of the event before it. */
export type SampleEvent = { type: 'sample' } & SampleProgress;

/**
 * What a model has written of something that is not finished: an action, a program, a result. Only where it was asked for. It is no part of
 * the solution: it has the position of the event before it, and the step that is told later replaces it.
 */
export interface TextEvent {
  type: 'text';
  /** Names the call among those in flight: samples of a question write at the same time. */
  call: string;
  /** Of the step that it is written for. */
  index: number;
  module: ModuleName;
  /** The first text of its call, or the call was made again: what came before it is void. */
  begun: boolean;
  /** What was written since the last event of this call. */
  added: string;
  /** The newest 4,000 characters of what there is so far. */
  text: string;
  /** Characters before them. */
  from: number;
}

/** Where a solution ends: behind everything that could have come in the place of its end. */
const endOf = (steps: readonly Step[]) => steps.length * PER_STEP + RESULT;

/** @param after position of the last event that is known; -1 for none. @returns what came since, in order */
export function eventsAfter(known: SolutionProgress, after = -1): SolutionEvent[] {
  const { steps, chosen, waiting, stopReason } = known;
  const from = Math.max(0, Math.floor(after / PER_STEP));
  const events = steps.slice(from).flatMap((step, at) => eventsOfStep(step, (from + at) * PER_STEP));
  const index = steps.length;
  const next = index * PER_STEP;
  if (stopReason !== undefined) events.push({ position: endOf(steps), type: 'end', solution: known });
  else if (chosen) events.push({ position: next, type: 'action', index, ...chosen });
  if (stopReason === undefined && waiting) {
    const { id, ...asked } = waiting;
    events.push({ position: next + slotOf(Number(id.split('.')[2] ?? 1) - 1), type: 'waiting', index, ...asked });
  }
  return events.filter(({ position }) => position > after);
}

function eventsOfStep(step: Step, first: number): SolutionEvent[] {
  const { index, decisions = [] } = step;
  const result: SolutionEvent = { position: first + RESULT, type: 'step', step };
  if (step.tool === HINT_TOOL) return [result];
  const events: SolutionEvent[] = [{ position: first, type: 'action', index, ...proposedIn(step) }];
  decisions.slice(0, (RESULT - 1) / 2).forEach((decision, at) => {
    const { because = '', proposed } = decision;
    const asked = proposed ?? { tool: step.tool, step: step.step, code: step.code, arguments: step.arguments };
    events.push({ position: first + slotOf(at), type: 'waiting', index, because, ...asked });
    events.push({ position: first + slotOf(at) + 1, type: 'decided', index, decision });
  });
  return [...events, result];
}

/** Of the question to a person; the answer has the next. */
const slotOf = (decision: number) => Math.min(1 + 2 * decision, RESULT - 2);

/** What the action generator had chosen before anybody changed it. */
function proposedIn({ tool, step, decisions = [] }: Step): { tool: string; step: string } {
  const edited = decisions.find(({ proposed }) => proposed)?.proposed;
  return edited ? { tool: edited.tool, step: edited.step } : { tool, step };
}
