/**
 * Keeps a trajectory small enough to be carried by one payload, however many steps it has.
 *
 * @module
 */
import { cutEnd } from './bounded-text';
import type { Step } from './step';

/** Bytes of JSON. Temporal refuses a payload of 2 MB; question, prompts' hashes and models' names need some of it. */
export const MAX_TRAJECTORY_BYTES = 1_400_000;
/** A question and its trajectory together. */
const MAX_SOLUTION_BYTES = 1_900_000;
/** 400,000 characters of any script fit, and leave room for a thousand steps of which little more than their numbers is left. */
export const MAX_QUESTION_BYTES = 1_210_000;
/** Characters that are kept of a text that is shortened, and of one for which even that is too much. */
const KEPT = 160;
const KEPT_AT_LEAST = 8;

type TextField = 'step' | 'code' | 'query' | 'observation' | 'output' | 'error' | 'raw';

/** `done` spares a long solution from looking at each of its steps again with every new one. */
const stage = (kept: number, ...fields: TextField[]) => ({ kept, fields, done: new WeakSet<Step>() });
const STAGES = [
  stage(KEPT, 'code', 'observation', 'raw'),
  stage(KEPT, 'output'),
  stage(KEPT_AT_LEAST, 'code', 'observation', 'query', 'error', 'raw', 'output', 'step'),
];

const sizes = new WeakMap<Step, number>();
const encoder = new TextEncoder();

/**
 * Shortens texts of the oldest steps, in place, until the trajectory fits: first what a step was made from (program and
 * observation), oldest step first, then outputs, then whatever is left. No step is dropped, and each text that was cut ends with its length.
 */
export function boundTrajectory(steps: Step[], maxBytes = MAX_TRAJECTORY_BYTES): void {
  let bytes = steps.reduce((sum, step) => sum + sizeOf(step), 0);
  for (const { fields, kept, done } of STAGES)
    for (let index = 0; index < steps.length && bytes > maxBytes; index += 1) {
      const step = steps[index] as Step;
      if (done.has(step)) continue;
      const shorter = cutTexts(step, fields, kept);
      done.add(shorter);
      bytes += sizeOf(shorter) - sizeOf(step);
      steps[index] = shorter;
    }
}

/** Bytes that steps may take beside a question. */
export function roomForSteps(question: string): number {
  return Math.min(MAX_TRAJECTORY_BYTES, MAX_SOLUTION_BYTES - payloadBytes(question));
}

/** Bytes of a value as JSON, which is how it travels. */
export function payloadBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/** @returns the step itself where there is nothing to cut */
function cutTexts(step: Step, fields: readonly TextField[], kept: number): Step {
  const shorter = { ...step };
  for (const field of fields) {
    const text = step[field];
    if (text !== undefined) shorter[field] = cutAgain(text, kept);
  }
  return fields.every((field) => shorter[field] === step[field]) ? step : shorter;
}

/** A text that was cut before keeps the length that its marker names. */
function cutAgain(text: string, kept: number): string {
  const [, body = text, length = text.length] = /^([^]*) \[\.\.\. cut, (\d+) characters in all\]$/.exec(text) ?? [];
  const cut = cutEnd(body, kept);
  if (cut === body || cut.length >= text.length) return text;
  return cut.replace(/\d+ characters in all\]$/, `${length} characters in all]`);
}

function sizeOf(step: Step): number {
  let size = sizes.get(step);
  if (size === undefined) {
    size = payloadBytes(step);
    sizes.set(step, size);
  }
  return size;
}
