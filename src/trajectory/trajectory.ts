/**
 * A trajectory as training data: what stage 1 (synthesis) writes and stage 2 (extraction) reads.
 * One JSON object a line; data/trajectory.schema.json is its JSON Schema.
 */
import type { Step } from './step';

export const TRAJECTORY_VERSION = 1;

/** A question's number or name in its dataset. */
export type QuestionIndex = number | string;

/** What training needs of a step. */
export type TrajectoryStep = Pick<Step, 'tool' | 'step' | 'code' | 'query' | 'arguments' | 'observation' | 'output'>;

export interface Trajectory {
  version: typeof TRAJECTORY_VERSION;
  /** Unique within a file: `<dataset>:<index>:<sample>`. */
  id: string;
  dataset: string;
  index: QuestionIndex;
  question: string;
  /** The label, when known. */
  gold?: string;
  /** The answer after the last `The answer is`, without its final point. Empty when unfinished. */
  answer: string;
  /** What the action generator said with `[finish]`, e.g. `The answer is 1972.`; absent when unfinished. */
  finish?: string;
  steps: TrajectoryStep[];
  source: {
    teacher: string;
    style: 'trajectory' | 'modular' | 'scripted' | 'imported';
    sample: number;
    prompts?: Record<string, string>;
  };
  accepted: boolean;
  /** Why it was not accepted, when it was not. */
  rejection?: string;
}
