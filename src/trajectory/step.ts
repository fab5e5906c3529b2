/** The records a solution is made of. Pure data: no I/O, no Temporal. */

/** The tools of the paper. Any other name in {@link Step.tool} is a custom tool of the user's. */
export const BUILT_IN_TOOLS = ['code', 'math', 'search', 'commonsense'] as const;

/** What the models consumed, added up. Tokens are counted by the model's own tokenizer, or 0 where it reports none. */
export interface Usage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Of the input tokens, those from the server's prefix cache; absent if the server does not say. */
  cachedTokens?: number;
  /** What the calls cost by the `price` of their models, in the currency of the configuration, else by what their services billed; absent where neither is known. */
  money?: number;
}

export const NO_USAGE: Usage = { calls: 0, inputTokens: 0, outputTokens: 0 };

export function addUsage(...parts: readonly Usage[]): Usage {
  return parts.reduce(
    (sum, part) => ({
      calls: sum.calls + part.calls,
      inputTokens: sum.inputTokens + part.inputTokens,
      outputTokens: sum.outputTokens + part.outputTokens,
      ...added('cachedTokens', sum, part),
      ...added('money', sum, part),
    }),
    NO_USAGE,
  );
}

function added(field: 'cachedTokens' | 'money', sum: Usage, part: Usage): Pick<Usage, typeof field> {
  const [before, more] = [sum[field], part[field]];
  return before === undefined && more === undefined ? {} : { [field]: (before ?? 0) + (more ?? 0) };
}

/**
 * What can go wrong with a step without ending the solution:
 * `unparsable-action`: the action generator wrote something that is not of the form `[tool] step`;
 * `unknown-tool`: it named a tool that does not exist;
 * `program-failed`: a program failed, and its repairs with it;
 * `search-empty`: the search found nothing usable; `search-failed`: the query was empty, or the service rejected it;
 * `tool-empty`: a tool of the user's own returned nothing; `tool-failed`: it failed, and its retries with it;
 * `arguments-invalid`: no arguments that fit the tool were written, and their repairs did not fit either;
 * `no-answer`: the model of the step gave no text: cut while it thought, refused, filtered;
 * `refused`: a person did not let the step be carried out.
 */
export const STEP_FAILURES = [
  'unparsable-action',
  'unknown-tool',
  'program-failed',
  'search-empty',
  'search-failed',
  'tool-empty',
  'tool-failed',
  'arguments-invalid',
  'no-answer',
  'refused',
] as const;

export interface StepFailure {
  kind: (typeof STEP_FAILURES)[number];
  /** Why, in one line of at most 300 characters. */
  message: string;
}

/** Tool of an entry that no tool made: a person's hint, which every later prompt shows. */
export const HINT_TOOL = 'hint';

/** What a person, or a deadline in a person's place, decided about a step. */
export interface Decision {
  kind: 'approved' | 'refused' | 'edited' | 'answered' | 'hinted';
  /** The rule that asked: `always`, `programs`, `custom-tools`, `money`, or the tool's name. Absent for a hint. */
  because?: string;
  /** When the step began to wait, in milliseconds since 1970; absent for a hint. */
  askedAt?: number;
  /** Milliseconds since 1970. */
  decidedAt: number;
  /** As the person was named; absent where nobody said. */
  by?: string;
  /** Nobody decided in time, and the default did. */
  byDeadline?: true;
  reason?: string;
  /** What was proposed before it was edited; `code` where the program was, `arguments` where these were. */
  proposed?: { tool: string; step: string; code?: string; arguments?: Record<string, unknown> };
}

/** One entry of the solution history: the paper's (t_i, s_i, o_i) and how it came about. */
export interface Step {
  /** Position in the solution, from 0. */
  index: number;
  /** `code`, `math`, `search`, `commonsense`, or a custom tool's name; without brackets. */
  tool: string;
  /** What the action generator asked for. */
  step: string;
  /** The program that ran last, for `code`. */
  code?: string;
  /** The search query, for `search`. */
  query?: string;
  /** What a tool of the user's own was called with, or would have been but for a person, where it has a schema. */
  arguments?: Record<string, unknown>;
  /** What the tool returned, before it was rewritten as a sentence: program output or search result. */
  observation?: string;
  /** The step's output o_i, as the next prompts show it. */
  output: string;
  /** Models that took part: module name to model name. */
  model: Record<string, string>;
  usage: Usage;
  durationMs: number;
  /** Calls of the code or argument generator for this step: 1, plus one for each repair. 1 for other tools. */
  attempts: number;
  /** Present when the step has no proper output. */
  failure?: StepFailure;
  /** The same in full: what the program or the search service said. For people; `failure.kind` is for programs. */
  error?: string;
  /** Named in one answer with the step before it, and carried out at the same time. */
  together?: true;
  /** Why this step replaces what the action generator wrote (loop/consider.ts). */
  instead?: string;
  /** What the action generator wrote, where it could not be taken as written; up to 1,000 characters. */
  raw?: string;
  /** Decisions of people about this step, in their order. */
  decisions?: Decision[];
  /** Outputs of earlier steps, and this step's own result, that were shortened, and steps left out, so that the prompt fits the model (fit-history.ts). */
  fitted?: { shortened: number; omitted: number };
}

/** Why a solution ended. Only `finished` means that the action generator gave the answer itself. */
export type StopReason =
  'finished' | 'max-steps' | 'token-budget' | 'money-budget' | 'no-progress' | 'deadline' | 'finish-now' | 'cancelled';

/** How several samples of one solution voted (`samples` above 1). Samples are numbered from 1. */
export interface Votes {
  /** Samples that were allowed. */
  samples: number;
  /** The sample whose answer and steps the solution has. */
  shown: number;
  /** The answers and who gave them, the winner first. */
  answers: { answer: string; samples: number[] }[];
  /**
   * Samples without a vote. `not-needed`: the vote was decided before it began; `cancelled`: while it ran; `failed`: a call failed for good,
   * and `message` says why; else the limit at which it stopped.
   */
  none: { sample: number; because: 'not-needed' | 'failed' | StopReason; message?: string }[];
}

/** A sample of a solution that still runs. */
export interface SampleProgress {
  /** Names it in the query `huskyTrajectory` and in hints. */
  id: string;
  /** Steps that it has taken. */
  steps: number;
  chosen?: { tool: string; step: string };
  /** Absent while it runs. */
  stopReason?: StopReason | 'failed';
  answer?: string;
}

/** What `solve` returns, what `husky solve --json` prints. */
export interface Solution {
  question: string;
  /** Empty when nothing that could serve as an answer was found. */
  answer: string;
  stopReason: StopReason;
  /** True when the answer is the best result so far, not one that the action generator gave with `[finish]`. */
  partial: boolean;
  steps: Step[];
  usage: Usage;
  /** Module name to model name. */
  models: Record<string, string>;
  /** Prompt style, and module name to content hash of the prompt. */
  prompts: { style: string; hashes: Record<string, string> };
  /** What was left out when it began, and why: an MCP server that did not answer, a sentence each. */
  notices?: string[];
  /** Present where several samples voted; `usage` is then that of all. */
  votes?: Votes;
  workflowId: string;
  runId: string;
}

/** A solution that may still be running: what the `trajectory` query returns. */
export type SolutionProgress = Omit<Solution, 'stopReason'> & {
  stopReason: StopReason | undefined;
  /** The action that is being carried out; absent between steps, and where several steps share an activity. */
  chosen?: { tool: string; step: string };
  /** Samples that have begun, while they run. `steps` is empty until their vote is decided. */
  samples?: SampleProgress[];
  /** The loop checks what the action generator gives as the answer, and may go on. */
  guided?: true;
  /** The text of models is told as they write it. */
  tokens?: true;
  /** The step that waits for a person. */
  waiting?: {
    id: string;
    tool: string;
    step: string;
    because: string;
    code?: string;
    arguments?: Record<string, unknown>;
  };
};
