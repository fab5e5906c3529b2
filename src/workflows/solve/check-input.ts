/**
 * Checks what a workflow is started with. A schedule, the Temporal UI and clients in other languages give whatever they like, and a
 * TypeError in workflow code would be retried for ever.
 */
import { mustBeAsked } from '../../contract/must-be-asked';
import { createFailure } from '../../failures';
import { oneLine } from '../../trajectory/bounded-text';
import type { SolveInput } from './run-solution';
import type { SolveBatchInput } from './solve-batch';

/** @throws InputInvalid, which ends the workflow */
export function mustBeSolveInput(input: unknown): asserts input is SolveInput {
  if (!isObject(input) || typeof input.question !== 'string') throw invalid('{"question": "..."}', input);
  mustBeAsked(input.question, Infinity);
  const { carried } = input;
  if (
    carried !== undefined &&
    carried !== null &&
    !(isObject(carried) && isObject(carried.profile) && Array.isArray(carried.steps))
  )
    throw invalid('only from a run of its own what that carried', carried, 'carried');
}

/** @throws InputInvalid, which ends the workflow */
export function mustBeBatchInput(input: unknown): asserts input is SolveBatchInput {
  if (!isObject(input) || !Array.isArray(input.questions)) throw invalid('{"questions": ["..."]}', input);
  const at = input.questions.findIndex((question) => typeof question !== 'string');
  if (at >= 0) throw invalid('{"questions": ["..."]}', input.questions[at], `question ${at + 1}`);
}

/** A second value would be ignored in silence, such as limits that belong into the first. @throws InputInvalid */
export function mustBeAlone(more: readonly unknown[]): void {
  const second = more.find((value) => value !== undefined && value !== null);
  if (second !== undefined)
    throw invalid('one input such as {"question": "...", "limits": {...}}', second, 'a second one');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalid(wanted: string, came: unknown, what = 'the input') {
  const shown = came === undefined ? 'missing' : oneLine(JSON.stringify(came), 200);
  return createFailure('InputInvalid', `The workflow takes ${wanted}, and ${what} is ${shown}.`);
}
