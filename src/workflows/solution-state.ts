/**
 * The state of one solution inside its workflow: the trajectory, what it has spent, and why it should stop.
 *
 * @module
 */
import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { bestAnswer } from '../trajectory/best-answer';
import type { SolutionSoFar } from '../trajectory/payloads';
import type { SolveProfile } from '../trajectory/profile';
import { renderMarkdown } from '../trajectory/render-markdown';
import type { HistoryEntry } from '../trajectory/solution-history';
import {
  addUsage,
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
}

/** Steps and characters shown as current details; the query returns all. */
const DETAILS = { lastSteps: 20, maxChars: 600 };

export class SolutionState {
  readonly steps: Step[];
  usage: Usage;
  readonly startedAt: number;
  stopReason: StopReason | undefined;
  answer = '';

  constructor(
    readonly id: string,
    readonly question: string,
    readonly profile: SolveProfile,
    carried?: CarriedSolution,
  ) {
    this.steps = carried?.steps ?? [];
    this.usage = carried?.usage ?? NO_USAGE;
    this.startedAt = carried?.startedAt ?? Date.now();
    this.show();
  }

  history(): HistoryEntry[] {
    return this.steps.map(({ step, output }) => ({ step, output }));
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
    this.steps.push(step);
    this.show();
  }

  tokensSpent(): boolean {
    const { maxTokens } = this.profile.limits;
    return maxTokens > 0 && this.usage.inputTokens + this.usage.outputTokens >= maxTokens;
  }

  end(stopReason: StopReason, answer?: string): Solution {
    this.stopReason = stopReason;
    this.answer = answer ?? bestAnswer(this.steps);
    this.show();
    return { ...this.progress(), stopReason };
  }

  carry(): CarriedSolution {
    return { profile: this.profile, steps: this.steps, usage: this.usage, startedAt: this.startedAt };
  }

  progress(): SolutionProgress {
    const { workflowId, runId } = workflowInfo();
    return {
      question: this.question,
      answer: this.answer,
      stopReason: this.stopReason,
      partial: this.stopReason !== 'finished',
      steps: this.steps,
      usage: this.usage,
      models: this.profile.models,
      prompts: this.profile.prompts,
      workflowId,
      runId,
    };
  }

  private show(): void {
    const { question, steps, usage, answer, stopReason } = this;
    const ended = stopReason === undefined ? {} : { answer, stopReason, partial: stopReason !== 'finished' };
    setCurrentDetails(renderMarkdown({ question, steps, usage, ...ended }, DETAILS));
  }
}
