/**
 * Messages between the evaluate workflow, its activities and its clients. Histories hold every field, so fields are added, never renamed.
 */
import type { Limits } from './profile';
import type { Extraction, Rules } from './scoring';
import type { Solution, Usage } from '../trajectory/step';
import type { QuestionIndex } from '../trajectory/trajectory';

/**
 * The system that answers the questions: Husky's loop, a baseline of one prompt (prompts/baseline-prompts.ts), or a program that reads a
 * question and prints an answer.
 */
export type EvaluatedSystem =
  { kind: 'husky' } | { kind: 'direct' | 'cot' | 'cot-few-shot' | 'program' } | { kind: 'command'; command: string };

export interface EvaluationTask {
  /** Name in the task registry, or the file's name for a dataset of your own. */
  name: string;
  /** JSON lines of `{ index, question, answer }`. */
  file: string;
  /** Overrides the registry's metric. */
  metric?: string;
  /** Built-in tools that Husky may use. @default the worker's */
  builtInTools?: string[];
}

export interface EvaluationSettings {
  /** The run directory. */
  out: string;
  tasks: EvaluationTask[];
  system: EvaluatedSystem;
  /** Questions of each task, drawn by the seed; 0 for all. */
  limit: number;
  seed: number;
  /** Answers to each question. */
  samples: number;
  /** Questions at once. */
  maxInFlight: number;
  /** Questions that share one child workflow. @default 1 */
  questionsPerWorkflow?: number;
  limits: Partial<Limits>;
  /** Steps that share one activity, see SolveProfile. */
  stepsPerActivity: number;
  /** Rules of scoring. */
  rules: Rules;
  /** Which part of a response is its answer. @default 'auto' */
  extract?: Extraction;
}

/** One question to be answered once. */
export interface EvaluationItem {
  /** `task:index:sample`. */
  key: string;
  /** In the run's order of questions, from 0. */
  position: number;
  task: string;
  index: QuestionIndex;
  sample: number;
  question: string;
  /** How often it failed in earlier runs into the folder. Absent for none. */
  failedBefore?: number;
}

export interface EvaluationProgress {
  total: number;
  done: number;
  /** Samples copied from this or another run directory of the same settings, without asking again. */
  reused: number;
  correct: number;
  /** Questions whose solution failed for good; they count as wrong. */
  failed: number;
  inFlight: number;
  usage: Usage;
  /** In the currency of the models' `price`. */
  money: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

export interface OpenedEvaluation {
  total: number;
  done: number;
  reused: number;
  correct: number;
}

export interface NextItemsInput {
  settings: EvaluationSettings;
  /** Position in the run's order of questions. */
  cursor: number;
  /** Most questions to begin now. */
  limit: number;
}

export interface NextItems {
  items: EvaluationItem[];
  cursor: number;
}

/** The answer of a baseline. */
export interface DirectAnswer {
  answer: string;
  /** The model's whole text. */
  text: string;
  model: string;
  usage: Usage;
  durationMs: number;
}

export interface AnswerDirectlyInput {
  system: EvaluatedSystem;
  item: EvaluationItem;
  /** Answers to each question; if more than one, they are sampled so that they differ. @default 1 */
  samples?: number;
}

export interface RecordSampleInput {
  settings: EvaluationSettings;
  item: EvaluationItem;
  startedAt: number;
  durationMs: number;
  solution?: Solution;
  direct?: DirectAnswer;
  /** Why there is no answer. */
  failure?: { type: string; message: string };
}
/** Of several questions, whose it is. */
export type KeyedSample = RecordedSample & Pick<EvaluationItem, 'key'>;

export interface RecordedSample {
  correct: boolean;
  failed: boolean;
  usage: Usage;
  money: number;
}
