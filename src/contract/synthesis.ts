/**
 * What travels between the synthesize workflow, its activities and its clients. Every field is in the recorded history, so
 * fields are added, never renamed.
 *
 * @module
 */
import type { Usage } from '../trajectory/step';
import type { QuestionIndex, Trajectory, TrajectoryStep } from '../trajectory/trajectory';

export type SynthesisStyle = 'trajectory' | 'modular';

/** How a trajectory's answer is compared with its label; `judge` asks the judge's model, `dataset` takes the dataset's own metric. */
export type SynthesisMetric = 'dataset' | 'exact' | 'number' | 'judge';

export interface SynthesisBudget {
  /** Questions begun in all. 0 for no bound. */
  questions: number;
  /** Input and output tokens of all calls. 0 for no bound. */
  tokens: number;
  /** In the currency of {@link SynthesisSettings.price}. 0 for no bound. */
  money: number;
}

export interface SynthesisSettings {
  /** Dataset file: JSON lines of `{ index, question, answer }`. */
  dataset: string;
  /** Goes into ids and decides the metric. */
  datasetName: string;
  /** Folder of trajectories.jsonl and manifest.json. */
  out: string;
  style: SynthesisStyle;
  /** Trajectories of each question. */
  samples: number;
  temperature: number;
  seed: number;
  maxSteps: number;
  metric: SynthesisMetric;
  /** Questions at a time. */
  maxInFlight: number;
  budget: SynthesisBudget;
  /** Per million tokens. */
  price: { input: number; output: number };
}

export interface SynthesisQuestion {
  index: QuestionIndex;
  question: string;
  gold?: string;
  /** Samples that are still to be made. */
  samples: number[];
}

export interface OpenedSynthesis {
  /** Bytes of trajectories.jsonl; the next line belongs there. */
  offset: number;
  questions: number;
  /** Questions of which every sample is there already. */
  finished: number;
  accepted: number;
  rejections: Record<string, number>;
  /** By earlier runs into this folder. */
  spent?: { usage: Usage; money: number };
}

/** Where reading of the dataset stands, in bytes. */
export interface NextQuestionsInput {
  settings: SynthesisSettings;
  cursor: number;
  limit: number;
  /** Lines of the output before this offset are finished work. */
  finishedBefore: number;
}
export interface NextQuestionsResult {
  questions: SynthesisQuestion[];
  cursor: number;
  exhausted: boolean;
}

export interface RecordSynthesisInput {
  settings: SynthesisSettings;
  progress: SynthesisProgress;
}

export interface AppendTrajectoriesInput {
  out: string;
  offset: number;
  trajectories: Trajectory[];
}

/** One stretch of the teacher's writing, from a question and what is there of its trajectory. */
export interface WriteTrajectoryInput {
  question: string;
  steps: TrajectoryStep[];
  /** A tool call that was carried out; its output is still to be written as a sentence. */
  pending?: PendingStep;
  temperature: number;
  seed: number;
}
/** A step whose tool has to be carried out, or was: without `observation` the tool gave nothing usable. */
export type PendingStep = Omit<TrajectoryStep, 'output'> & { error?: string };

export interface WriteTrajectoryResult {
  /** The sentence for the pending step. */
  output?: string;
  /** Steps that needed no tool. */
  steps: TrajectoryStep[];
  /** The tool call at which writing stopped. */
  call?: PendingStep;
  finish?: string;
  /** What cannot be read, as written. */
  malformed?: string;
  model: string;
  usage: Usage;
  /** sha256 of the prompt's template. */
  promptHash: string;
}

export interface JudgeTrajectoryInput {
  trajectory: Trajectory;
  metric: SynthesisMetric;
}
export interface JudgeTrajectoryResult {
  rejection?: string;
  usage: Usage;
}

/** What a question's workflow tells the synthesis when it is done. */
export interface QuestionOutcome {
  index: QuestionIndex;
  trajectories: Trajectory[];
  usage: Usage;
  /** Set when a call failed in a way that will fail for every question. */
  fatal?: { type: string; message: string };
}

export type SynthesisEnd = 'finished' | 'question-budget' | 'token-budget' | 'money-budget' | 'cancelled' | 'failed';

export interface SynthesisProgress {
  state: 'running' | 'paused' | SynthesisEnd;
  /** In the dataset. */
  questions: number;
  /** Questions finished, those of earlier runs included. */
  finished: number;
  inFlight: number;
  accepted: number;
  rejections: Record<string, number>;
  usage: Usage;
  money: number;
  startedAt: number;
}
