/**
 * Keeps a trajectory small enough to be carried by one payload, however many steps it has.
 *
 * @module
 */
import { cutEnd } from './bounded-text';
import type { Step } from './step';

/** Bytes of JSON. Temporal refuses a payload of 2 MB; question, prompts' hashes and models' names need some of it. */
export const MAX_TRAJECTORY_BYTES = 1_400_000;
/** Characters that are kept of a text that is shortened. */
const KEPT = 160;

const sizes = new WeakMap<Step, number>();
const encoder = new TextEncoder();

/**
 * Shortens texts of the oldest steps, in place, until the trajectory fits: first what a step was made from (program and
 * observation), oldest step first, then outputs. No step is dropped, and each text that was cut ends with its length.
 */
export function boundTrajectory(steps: Step[], maxBytes = MAX_TRAJECTORY_BYTES): void {
  let bytes = steps.reduce((sum, step) => sum + sizeOf(step), 0);
  for (const shorten of [withoutDetails, withShortOutput])
    for (let index = 0; index < steps.length && bytes > maxBytes; index += 1) {
      const step = steps[index] as Step;
      const shorter = shorten(step);
      bytes += sizeOf(shorter) - sizeOf(step);
      steps[index] = shorter;
    }
}

function withoutDetails(step: Step): Step {
  const { code, observation } = step;
  const short = { code: code && cutOnce(code), observation: observation && cutOnce(observation) };
  return short.code === code && short.observation === observation ? step : { ...step, ...short };
}

function withShortOutput(step: Step): Step {
  const output = cutOnce(step.output);
  return output === step.output ? step : { ...step, output };
}

/** A text that was cut before keeps the length that its marker names. */
function cutOnce(text: string): string {
  return /\[\.\.\. cut, \d+ characters in all\]$/.test(text) && text.length < 2 * KEPT ? text : cutEnd(text, KEPT);
}

function sizeOf(step: Step): number {
  let size = sizes.get(step);
  if (size === undefined) {
    size = encoder.encode(JSON.stringify(step)).length;
    sizes.set(step, size);
  }
  return size;
}
