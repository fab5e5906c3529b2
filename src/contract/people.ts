/** What people and a running solution say to each other: what waits for a decision, the decision, hints and pauses. */
import type { Decision } from '../trajectory/step';

/** Rules beside the names of tools: every step, every program, every tool of the user's own. */
export const APPROVAL_RULES = ['always', 'programs', 'custom-tools'] as const;

/** Which steps of a solution wait for a person; recorded with its profile. */
export interface Approval {
  /** Rules, and names of tools. */
  steps: string[];
  /** A step waits when the solution has cost so much, and again with each further sum of this size. */
  money?: number;
  /** Milliseconds between reminders; absent for none. */
  remindMs?: number;
  /** Milliseconds after which {@link atDeadline} decides; absent for no end. */
  deadlineMs?: number;
  atDeadline: 'approve' | 'refuse' | 'finish';
  /** Activity that is told of each step that waits, and with each reminder. */
  notify?: { activity: string; taskQueue?: string };
}

/** A step, its program or its arguments, before it is carried out. */
export interface ProposedStep {
  /** Position of the step in the solution, from 0. */
  index: number;
  tool: string;
  step: string;
  /** The program, for `code`. */
  code?: string;
  /** What a tool of the user's own is to be called with, where it has a schema. */
  arguments?: Record<string, unknown>;
  /** The rule that asks: `always`, `programs`, `custom-tools`, `money`, or the tool's name. */
  because: string;
}

/** A step that waits for a person. */
export interface WaitingApproval extends ProposedStep {
  /** Names it within its workflow: number of the solution, and of the step as people count, such as `1.3`. */
  id: string;
  solutionId: string;
  /** Milliseconds since 1970. */
  askedAt: number;
  /** When the default decides; absent where nothing does. */
  deadlineAt?: number;
  /** What the default does then. */
  atDeadline?: Approval['atDeadline'];
}

/** What the query `huskyWaiting` returns. */
export interface Waiting {
  approvals: WaitingApproval[];
  /** Present while the workflow's solutions are paused. */
  paused?: { by?: string; at: number };
  /** Hints that no action generator has read yet. */
  hints: number;
  /** The last signal (`huskyApprove` and the like), if it was refused. An update is refused with the reason as its answer. */
  unheeded?: { signal: string; why: string; at: number };
}

/** What the activity `notify` is given. */
export interface ApprovalNotice {
  workflowId: string;
  question: string;
  approval: WaitingApproval;
  /** 0 when the step begins to wait, then counted up. */
  reminder: number;
}

export interface ByPerson {
  /** Who decides, as the step is to say it. */
  by?: string;
}

export interface OfApproval extends ByPerson {
  /** Id of the step that is meant. @default the only one that waits */
  approval?: string;
  /** Why; the action generator reads the reason of a refusal. */
  reason?: string;
}

export type ApproveInput = OfApproval;
export type RefuseInput = OfApproval;
/** At least one of the four. Changed programs run and changed arguments are used as they stand; a changed step or tool begins the step anew. */
export interface EditInput extends OfApproval {
  step?: string;
  tool?: string;
  code?: string;
  arguments?: Record<string, unknown>;
}
export interface AnswerInput extends OfApproval {
  /** Stands in the place of the tool's result. */
  answer: string;
}
export interface HintInput extends ByPerson {
  hint: string;
  /** Number of the solution, in a workflow of several. @default the only one that runs */
  solutionId?: string;
}
export type PauseInput = ByPerson;

/** What was decided, for whoever decided it. */
export interface Decided {
  approval: WaitingApproval;
  decision: Decision;
}

/** A hint on its way to the action generator. */
export interface Hint {
  text: string;
  by?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** What continue-as-new carries of people's wishes. */
export interface CarriedPeople {
  paused?: Waiting['paused'];
  /** By number of the solution. */
  hints?: Record<string, Hint[]>;
  /** Of solutions of several samples: hints that samples which begin later are given. */
  heard?: Record<string, Hint[]>;
}
