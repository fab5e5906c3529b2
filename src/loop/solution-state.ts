/** The state of one solution: the trajectory, what it has spent, and why it stopped. */
import { bestAnswer } from '../trajectory/best-answer';
import { boundTrajectory, roomForSteps } from '../trajectory/bound-trajectory';
import type { SolutionSoFar } from '../contract/payloads';
import type { SolveProfile } from '../contract/profile';
import { entryOf, type HistoryEntry } from '../trajectory/solution-history';
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
  /** Only for several samples: what each has done, and the votes so far. `steps` is empty then. */
  samples?: CarriedSamples;
}

export interface CarriedSamples {
  /** By position; null for a sample that has not begun. */
  states: (CarriedSample | null)[];
  /** Positions of samples that gave the same answer. */
  groups: number[][];
}
export interface CarriedSample extends Pick<CarriedSolution, 'steps' | 'usage' | 'moneyAllowed'> {
  /** How it ended; absent where it goes on. */
  ended?: { stopReason: StopReason; answer: string };
  failure?: { type: string; message: string };
}

/** The budget that the samples of a question share, as one of them sees it. */
export interface SharedBudget {
  /** What the other samples have used. */
  usage(): Usage;
  /** How many samples run, including this one. */
  running(): number;
}

export interface SolutionStateOptions {
  id: string;
  question: string;
  profile: SolveProfile;
  workflowId: string;
  runId: string;
  carried?: CarriedSolution;
  /** Id of the solution that this one is a sample of. @default its own */
  head?: string;
  /** Position among the samples of the question. @default 0 */
  sample?: number;
  /** Absent if there is only one sample. */
  shared?: SharedBudget;
  /** @default what the question leaves of a payload */
  maxTrajectoryBytes?: number;
  /** Called when steps are added and when the solution ends. */
  changed?: (solution: SolutionState, added: readonly Step[]) => void;
}

export class SolutionState {
  readonly id: string;
  readonly head: string;
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
    this.head = options.head ?? id;
    this.question = question;
    this.profile = profile;
    this.room = options.maxTrajectoryBytes ?? roomForSteps(question);
    this.steps = carried?.steps ?? [];
    this.usage = carried?.usage ?? NO_USAGE;
    this.startedAt = carried?.startedAt ?? Date.now();
    this.moneyAllowed = carried?.moneyAllowed ?? profile.approval?.money;
    options.changed?.(this, []);
  }

  /** Number of steps without hints. Refused steps count. */
  get taken(): number {
    return this.steps.filter(({ tool }) => tool !== HINT_TOOL).length;
  }

  /** Calls `changed` again, because something other than the steps has changed. */
  show(): void {
    this.options.changed?.(this, []);
  }

  history(): HistoryEntry[] {
    return this.steps.map(entryOf);
  }

  /** What the next call is told of the solution: all of it if it is short, else how to query it. */
  soFar(): SolutionSoFar {
    const size = this.steps.reduce((sum, { step, output }) => sum + step.length + output.length, this.question.length);
    const { sample = 0 } = this.options;
    return {
      ...(size <= this.profile.inlineChars
        ? { question: this.question, history: this.history() }
        : { pull: { solutionId: this.id, steps: this.steps.length } }),
      sample: sample || undefined,
    };
  }

  spend(usage: Usage): void {
    this.usage = addUsage(this.usage, usage);
  }

  append(step: Step): void {
    this.take([step], this.usage);
  }

  /** Adds steps that were carried out elsewhere, and sets the usage after them. */
  take(steps: readonly Step[], usage: Usage): void {
    this.chosen = undefined;
    this.steps.push(...steps);
    boundTrajectory(this.steps, this.room);
    this.usage = usage;
    this.options.changed?.(this, steps);
  }

  /** What the question has used: this solution and the other samples. */
  get spent(): Usage {
    const { shared } = this.options;
    return shared ? addUsage(this.usage, shared.usage()) : this.usage;
  }

  /** @returns the budget that is spent, so that no further call may be made; undefined if none is */
  spentBudget(): 'token-budget' | 'money-budget' | undefined {
    const { maxTokens, money = 0 } = this.profile.limits;
    const { inputTokens, outputTokens, money: cost = 0 } = this.spent;
    if (maxTokens > 0 && inputTokens + outputTokens >= maxTokens) return 'token-budget';
    return money > 0 && cost >= money ? 'money-budget' : undefined;
  }

  /**
   * The profile for an activity of several steps, which does not hear what other samples spend meanwhile. It gets an equal share of what is
   * left of the common budget.
   */
  profileApart(): SolveProfile {
    const { shared } = this.options;
    if (!shared) return this.profile;
    const { maxTokens, money = 0 } = this.profile.limits;
    const beside = shared.usage();
    const own = this.usage.inputTokens + this.usage.outputTokens;
    const cost = this.usage.money ?? 0;
    const share = (left: number) => Math.max(0, left) / shared.running();
    const limits = { ...this.profile.limits };
    // 0 would mean that there is no limit.
    if (maxTokens > 0)
      limits.maxTokens = Math.max(
        1,
        Math.floor(own + share(maxTokens - own - beside.inputTokens - beside.outputTokens)),
      );
    if (money > 0) limits.money = cost + share(money - cost - (beside.money ?? 0)) || Number.MIN_VALUE;
    return { ...this.profile, limits };
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
    return { profile, steps, usage, startedAt, moneyAllowed };
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
      notices: this.profile.notices,
      workflowId,
      runId,
      chosen: this.stopReason === undefined ? this.chosen : undefined,
    };
  }
}
