/**
 * Messages between the synthesize workflow, its activities and its clients. Histories hold every field, so fields are added, never
 * renamed.
 */
import type { CustomTool } from './profile';
import type { Usage } from '../trajectory/step';
import type { QuestionIndex, Trajectory, TrajectoryStep } from '../trajectory/trajectory';

type SynthesisStyle = 'trajectory' | 'modular';

/** How a trajectory's answer is compared with its label; `judge` asks the judge's model, `dataset` takes the dataset's own metric. */
export type SynthesisMetric = 'dataset' | 'exact' | 'number' | 'judge';

interface SynthesisBudget {
  /** Most questions to begin. 0 for no bound. */
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
  /** Questions at once. */
  maxInFlight: number;
  budget: SynthesisBudget;
  /** Per million tokens. */
  price: { input: number; output: number };
}

export interface SynthesisQuestion {
  index: QuestionIndex;
  question: string;
  gold?: string;
  /** Samples still to be made. */
  samples: number[];
}

export interface OpenedSynthesis {
  /** Bytes of trajectories.jsonl; the next line belongs there. */
  offset: number;
  questions: number;
  /** Questions with every sample made. */
  finished: number;
  accepted: number;
  rejections: Record<string, number>;
  /** What earlier runs into this folder have spent. */
  spent?: { usage: Usage; money: number };
}

/** `cursor` is the position in the dataset in bytes. */
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

/** Asks the teacher to continue a trajectory. */
export interface WriteTrajectoryInput {
  question: string;
  steps: TrajectoryStep[];
  /** A tool call that was carried out; the teacher has yet to write its output as a sentence. */
  pending?: PendingStep;
  temperature: number;
  seed: number;
  /** Tools of MCP servers, listed once for the trajectory; absent where there are none. */
  mcpTools?: Pick<CustomTool, 'name' | 'description' | 'input'>[];
}
/** A step whose tool must run, or has run; without `observation` the tool gave nothing usable. */
export type PendingStep = Omit<TrajectoryStep, 'output'> & { error?: string };

export interface WriteTrajectoryResult {
  /** The sentence for the pending step. */
  output?: string;
  /** Steps that needed no tool. */
  steps: TrajectoryStep[];
  /** The tool call at which writing stopped. */
  call?: PendingStep;
  finish?: string;
  /** Text that cannot be read as a step. */
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

/** Reported to the synthesis when a question's workflow ends. */
export interface QuestionOutcome {
  index: QuestionIndex;
  trajectories: Trajectory[];
  usage: Usage;
  /** Every sample ended because a call failed for good. */
  callsFailed?: boolean;
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
