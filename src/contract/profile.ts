/**
 * The profile of a solution: everything that configuration decides, recorded once when the solution starts, so that a change of
 * configuration breaks neither a running solution nor a replay, and the result can say what made it.
 */
import type { Expert, ModuleName } from '../trajectory/modules';
import type { Approval } from './people';

/** More would not fit one payload, however short their texts are cut (bound-trajectory.ts). */
export const MAX_STEPS = 2000;

/** Samples of one solution. */
export const MAX_SAMPLES = 32;
/** Samples of all questions of a batch together: their trajectories share one payload. */
export const MAX_BATCH_SAMPLES = 64;

/** What bounds a solution. */
export interface Limits {
  /** Steps that experts may carry out, at most `MAX_STEPS`; the action generator may be called once more to finish. @default 10 */
  maxSteps: number;
  /** Input and output tokens of all calls together; 0 for no bound. @default 0 */
  maxTokens: number;
  /** Milliseconds from the start to the moment when the best answer so far is returned; 0 for no bound. @default 0 */
  deadlineMs: number;
  /** Times that the code generator may repair a failing program of one step. @default 2; 0 in output style `husky-v1` */
  maxRepairs: number;
  /** Cost of all calls together, in the currency of the models' `price`; absent or 0 for no bound. @default 0 */
  money?: number;
}

/** What a solution may ask for beside its question; what is absent is as the worker is configured. */
export interface SolutionWishes {
  limits?: Partial<Limits>;
  /** Built-in tools that may be used, such as `['math', 'code']` where nothing is to be searched. */
  builtInTools?: string[];
  /** Steps that share one activity; 0 for an activity a call. */
  stepsPerActivity?: number;
  /** Rules (`always`, `programs`, `custom-tools`) and tools whose steps wait for a person, beside those of the configuration. */
  approval?: string[];
  /** Solutions of the question that vote on its answer, up to `MAX_SAMPLES` (32). */
  samples?: number;
}

/** How models that were not trained for the loop are led through it (loop/consider.ts, loop/settle.ts). */
export interface Guidance {
  /** Answers to the whole question, by thinking and by program, of which two have to agree; 1 takes the first. */
  votes: number;
  /** Characters up to which the result of a program or a search is the step's output as it stands. */
  shortResult: number;
  /** Independent steps that an action generator may name together, and that are carried out at the same time; absent for one. */
  parallel?: number;
  /** Whether what is missing is looked up, and answers of another kind than the question asks for are not taken; absent in solutions of 0.1.0 and before. */
  checks?: true;
  /**
   * 2: what a question names is looked up before it is solved, and a number counts without its sentence. 3: the step in the place of an
   * action that cannot be read is taken once, and a program that compares what searches found settles yes or no. 4: an answer
   * may round what a step found. 5: a judgement is read by the yes or no that it begins with, and programs have no vote on it. 6: a
   * thought with a false equation has no vote, an answer keeps the `million` outside its box or of its table, yes is no answer to who,
   * what or where, and marks of LaTeX around a number neither divide votes nor are shown. 7: what cannot be (a probability of 11, a negative
   * age) is no answer, a false product voids a thought, and lists of the same numbers agree. Absent in solutions that began before.
   */
  rules?: 2 | 3 | 4 | 5 | 6 | 7;
}

/** The rules that new solutions follow. */
export const NEWEST_RULES = 7;

/** A JSON Schema of an object. */
export type ArgumentSchema = Record<string, unknown>;

/** A tool of the user's own: the action generator may choose it, an activity carries it out. */
export interface CustomTool {
  /** As in `[name] step`: letters, digits, underscore. */
  name: string;
  /** One sentence for the action generator's prompt. */
  description: string;
  /**
   * Activity type; it is given {@link CustomToolInput}, or with `input` {@link TypedToolInput}, and returns the output text or
   * {@link CustomToolResult}.
   */
  activity: string;
  /** @default the solution's own queue */
  taskQueue?: string;
  /** Start-to-close timeout in milliseconds. @default 60000 */
  timeoutMs?: number;
  /** JSON Schema of its arguments, which the argument generator writes. Absent: the tool is given the step as a sentence. */
  input?: ArgumentSchema;
  /** Heartbeat timeout in milliseconds. @default none: only the start-to-close timeout ends a silent call */
  heartbeatMs?: number;
  /** Attempts of a call. @default 3 with `input`, else those of `retry` */
  maxAttempts?: number;
  /** Whether a model makes a sentence of what it returns. @default false */
  rewrite?: boolean;
  /** Where it is a tool of an MCP server. */
  mcp?: { server: string; tool: string };
}

/** What a tool with a schema is given. The history is left out: what a tool needs of it stands in its arguments. */
export interface TypedToolInput {
  question: string;
  step: string;
  /** They fit the tool's schema. */
  arguments: Record<string, unknown>;
}

export interface CustomToolInput {
  question: string;
  step: string;
  /**
   * Steps before, oldest first. Up to 4,000 characters, so that a long solution stays linear: beyond, the oldest outputs are shortened, then
   * the oldest steps are left out, and one entry in their place says how many.
   */
  history: { step: string; output: string }[];
}

export interface CustomToolResult {
  output: string;
  observation?: string;
}

export interface SolveProfile {
  version: 1;
  /** Rewriters are named where they have models of their own. */
  models: Record<Expert, string> & Partial<Record<ModuleName, string>>;
  prompts: { style: string; hashes: Partial<Record<ModuleName, string>> };
  /** Task queues of the experts and of `tool`; one that is absent is the solution's own queue, where activities start eagerly. */
  queues: Partial<Record<Expert | 'tool', string>>;
  tools: CustomTool[];
  /** MCP servers whose tools are still to be listed, by the workflow; absent once they are among `tools`. */
  mcp?: string[];
  /** What was left out when the solution began, and why: a sentence each. */
  notices?: string[];
  /** Built-in tools that are not offered. */
  off?: string[];
  /** Absent for experts that were trained for the loop. */
  guidance?: Guidance;
  /** Solutions of the one question that vote on its answer; absent for 1. */
  samples?: number;
  /** Absent where no step waits for a person. */
  approval?: Approval;
  language: 'javascript' | 'python';
  outputStyle: 'default' | 'husky-v1';
  limits: Limits;
  /** Milliseconds. `listing`: for MCP servers to be started and listed. */
  timeouts: { model: number; execute: number; search: number; heartbeat: number; listing?: number };
  retry: { initialMs: number; maximumMs: number; maximumAttempts: number };
  /** Question and history up to this many characters travel with each call; longer ones are pulled by query. 0 with shared queues. */
  inlineChars: number;
  /**
   * 0: every call is an activity of its own. More: so many steps run inside one `advance` activity, whose journal records each
   * finished call before the next begins; fewer events, the same durability, all calls on the solution's own queue.
   */
  stepsPerActivity: number;
  /** `file`: that journal is a file of the worker's host (`journal: file`); absent: the server's. */
  journal?: 'file';
  /** Whether typed search attributes are set (they must exist on the namespace). */
  searchAttributes: boolean;
}
