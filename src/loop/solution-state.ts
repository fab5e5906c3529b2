/**
 * The state of one solution: the trajectory, what it has spent, and why it stopped.
 *
 * @module
 */
import { bestAnswer } from '../trajectory/best-answer';
import { boundTrajectory, roomForSteps } from '../trajectory/bound-trajectory';
import type { SolutionSoFar } from '../contract/payloads';
import type { SolveProfile } from '../contract/profile';
import type { HistoryEntry } from '../trajectory/solution-history';
import {
  addUsage,
  HINT_TOOL,
  NO_USAGE,
  type Solution,
  type SolutionProgress,
  type Step,
  type StopReason,
  type Usage,
} from '../trajectory/step';

/** What continue-as-new carries over. */
export interface CarriedSolution {
  profile: SolveProfile;
  steps: Step[];
  usage: Usage;
  startedAt: number;
  /** Cost from which the next step waits for a person, where the profile asks for that. */
  moneyAllowed?: number;
}

export interface SolutionStateOptions {
  id: string;
  question: string;
  profile: SolveProfile;
  workflowId: string;
  runId: string;
  carried?: CarriedSolution;
  /** @default what the question leaves of a payload */
  maxTrajectoryBytes?: number;
  /** Called when steps are added and when the solution ends. */
  changed?: (solution: SolutionState, added: readonly Step[]) => void;
}

export class SolutionState {
  readonly id: string;
  readonly question: string;
  readonly profile: SolveProfile;
  readonly steps: Step[];
  usage: Usage;
  /** Milliseconds since the epoch, of the first run when continued as new. */
  readonly startedAt: number;
  /** Cost from which the next step waits for a person. */
  moneyAllowed: number | undefined;
  /** The action that is being carried out. */
  chosen: { tool: string; step: string } | undefined;
  private readonly room: number;
  stopReason: StopReason | undefined;
  answer = '';

  constructor(private readonly options: SolutionStateOptions) {
    const { id, question, profile, carried } = options;
    this.id = id;
    this.question = question;
    this.profile = profile;
    this.room = options.maxTrajectoryBytes ?? roomForSteps(question);
    this.steps = carried?.steps ?? [];
    this.usage = carried?.usage ?? NO_USAGE;
    this.startedAt = carried?.startedAt ?? Date.now();
    this.moneyAllowed = carried?.moneyAllowed ?? profile.approval?.money;
    options.changed?.(this, []);
  }

  /** Steps that tools carried out, or were kept from carrying out: all but hints. */
  get taken(): number {
    return this.steps.filter(({ tool }) => tool !== HINT_TOOL).length;
  }

  /** Tells again what the solution looks like, after something beside its steps has changed. */
  show(): void {
    this.options.changed?.(this, []);
  }

  history(): HistoryEntry[] {
    return this.steps.map(({ tool, step, output }) => ({ ...(tool === '' ? {} : { tool }), step, output }));
  }

  /** How the next call learns about the solution: inline while that is cheaper than a query. */
  soFar(): SolutionSoFar {
    const size = this.steps.reduce((sum, { step, output }) => sum + step.length + output.length, this.question.length);
    return size <= this.profile.inlineChars
      ? { question: this.question, history: this.history() }
      : { pull: { solutionId: this.id, steps: this.steps.length } };
  }

  spend(usage: Usage): void {
    this.usage = addUsage(this.usage, usage);
  }

  append(step: Step): void {
    this.take([step], this.usage);
  }

  /** Takes over steps that were made elsewhere, and the usage after them. */
  take(steps: readonly Step[], usage: Usage): void {
    this.chosen = undefined;
    this.steps.push(...steps);
    boundTrajectory(this.steps, this.room);
    this.usage = usage;
    this.options.changed?.(this, steps);
  }

  /** Why no further call may be made, if so. */
  spentBudget(): 'token-budget' | 'money-budget' | undefined {
    const { maxTokens, money = 0 } = this.profile.limits;
    if (maxTokens > 0 && this.usage.inputTokens + this.usage.outputTokens >= maxTokens) return 'token-budget';
    return money > 0 && (this.usage.money ?? 0) >= money ? 'money-budget' : undefined;
  }

  isSpent(): boolean {
    return this.spentBudget() !== undefined;
  }

  end(stopReason: StopReason, answer?: string): Solution {
    this.stopReason = stopReason;
    this.answer = answer ?? bestAnswer(this.steps);
    this.options.changed?.(this, []);
    return { ...this.progress(), stopReason };
  }

  carry(): CarriedSolution {
    const { profile, steps, usage, startedAt, moneyAllowed } = this;
    return { profile, steps, usage, startedAt, ...(moneyAllowed === undefined ? {} : { moneyAllowed }) };
  }

  progress(): SolutionProgress {
    const { workflowId, runId } = this.options;
    return {
      question: this.question,
      answer: this.answer,
      stopReason: this.stopReason,
      partial: this.stopReason !== 'finished',
      steps: this.steps,
      usage: this.usage,
      models: this.profile.models,
      prompts: this.profile.prompts,
      ...(this.profile.notices ? { notices: this.profile.notices } : {}),
      workflowId,
      runId,
      ...(this.chosen && this.stopReason === undefined ? { chosen: this.chosen } : {}),
    };
  }
}
