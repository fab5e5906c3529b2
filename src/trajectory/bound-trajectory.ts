/** Keeps a trajectory small enough to be carried by one payload, however many steps it has. */
import { cutEnd } from './bounded-text';
import type { Step } from './step';

/** Bytes of JSON. Temporal refuses payloads above 2 MB; the question, prompt hashes and model names need the rest. */
export const MAX_TRAJECTORY_BYTES = 1_400_000;
/** A question and its trajectory together. */
const MAX_SOLUTION_BYTES = 1_900_000;
/** 400,000 characters of any script fit, and a thousand fully shortened steps beside them. */
export const MAX_QUESTION_BYTES = 1_210_000;
/** Characters kept of a shortened text: in the first two stages, and in the last. */
const KEPT = 160;
const KEPT_AT_LEAST = 8;

type TextField = 'step' | 'code' | 'query' | 'observation' | 'output' | 'error' | 'raw';

/** `done` remembers steps that a stage has shortened, so that a long solution does not check each of them with every new step. */
const stage = (kept: number, ...fields: TextField[]) => ({ kept, fields, done: new WeakSet<Step>() });
const STAGES = [
  stage(KEPT, 'code', 'observation', 'raw'),
  stage(KEPT, 'output'),
  stage(KEPT_AT_LEAST, 'code', 'observation', 'query', 'error', 'raw', 'output', 'step'),
];

const sizes = new WeakMap<Step, number>();
const encoder = new TextEncoder();

/**
 * Shortens texts of the oldest steps, in place, until the trajectory fits: first programs and observations, then outputs, then all
 * other texts. No step is dropped. Each shortened text ends with its full length.
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

/** Bytes that the steps of a question may take. */
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

/** Cuts a text that may have been cut before; its marker keeps naming the first length. */
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
