/** The state of a solution of several samples: what each sample has done, their votes, and the resulting solution. */
import type { CallFailure } from '../contract/batch';
import type { SolveProfile } from '../contract/profile';
import {
  addUsage,
  type SampleProgress,
  type Solution,
  type SolutionProgress,
  type StopReason,
  type Usage,
  type Votes,
} from '../trajectory/step';
import { ranked, type Vote } from '../trajectory/votes';
import { SolutionState, type CarriedSample, type CarriedSolution, type SolutionStateOptions } from './solution-state';

/** These limits hold for all samples together. Once one sample ends by such a limit, no further sample begins. */
const COMMON_LIMITS: readonly (StopReason | undefined)[] = ['token-budget', 'money-budget', 'deadline', 'finish-now'];

export interface SamplesOptions extends Pick<
  SolutionStateOptions,
  'id' | 'question' | 'profile' | 'workflowId' | 'runId' | 'carried'
> {
  /** Called when something has changed that a person may want to see. */
  changed?: (samples: Samples) => void;
}

/** Names a sample among the solutions of a workflow: `1-3` is the third sample of solution 1. */
export const sampleId = (head: string, position: number) => `${head}-${position + 1}`;

export class Samples {
  readonly id: string;
  readonly profile: SolveProfile;
  readonly startedAt: number;
  /** Samples that gave the same answer. */
  readonly groups: Vote[][];
  /** Samples that are allowed. */
  readonly count: number;
  private readonly states: (SolutionState | undefined)[];
  private readonly failures = new Map<number, CallFailure & { usage?: Usage }>();
  private whole: Solution | undefined;
  private cancelled = false;

  constructor(private readonly options: SamplesOptions) {
    const { id, profile, carried } = options;
    this.id = id;
    this.profile = profile;
    this.count = profile.samples ?? 1;
    this.startedAt = carried?.startedAt ?? Date.now();
    this.states = Array.from({ length: this.count }, (_, position) => this.restored(position));
    this.groups = (carried?.samples?.groups ?? []).map((group) =>
      group.map((sample) => ({ sample, answer: this.states[sample]?.answer ?? '' })),
    );
    options.changed?.(this);
  }

  /** Samples that have begun, in this run or an earlier one. */
  get begun(): SolutionState[] {
    return this.states.flatMap((state) => state ?? []);
  }

  /** Samples that have not begun. */
  get waiting(): number[] {
    return this.positions((state) => !state);
  }

  /** Samples that have begun and have not ended, in this run or an earlier one. */
  get unfinished(): number[] {
    return this.positions((state, position) => state !== undefined && !this.hasEnded(position));
  }

  /** What all samples have used, including those that failed or were cancelled. */
  get usage(): Usage {
    return this.usageBut(-1);
  }

  usageBut(position: number): Usage {
    return addUsage(
      ...this.states.flatMap((state, at) =>
        state && at !== position ? [this.failures.get(at)?.usage ?? state.usage] : [],
      ),
    );
  }

  /** The state with which a sample begins or continues. The time limit of all samples counts from the first one's start. */
  carriedOf(position: number): CarriedSolution {
    const { profile, startedAt } = this;
    const state = this.states[position];
    return state ? { ...state.carry(), startedAt } : { profile, steps: [], usage: addUsage(), startedAt };
  }

  began(position: number, state: SolutionState): void {
    this.states[position] = state;
  }

  failed(position: number, failure: CallFailure, usage?: Usage): void {
    this.failures.set(position, { ...failure, ...(usage ? { usage } : {}) });
    this.changed();
  }

  changed(): void {
    this.options.changed?.(this);
  }

  /** @returns undefined unless the sample has ended with an answer of its action generator */
  voteOf(position: number): Vote | undefined {
    const { stopReason } = this.states[position] ?? {};
    return stopReason === 'finished' ? this.anyVoteOf(position) : undefined;
  }

  /** As {@link voteOf}, but the best answer of a sample that ended at a limit counts too. */
  anyVoteOf(position: number): Vote | undefined {
    const { stopReason, answer = '' } = this.states[position] ?? {};
    if (stopReason === undefined || stopReason === 'cancelled' || answer.trim() === '') return undefined;
    return { sample: position, answer };
  }

  /** Whether a limit of all samples together has been reached. */
  isAtLimit(): boolean {
    return this.states.some((state) => COMMON_LIMITS.includes(state?.stopReason));
  }

  /** @returns undefined when every sample that began has failed or was cancelled */
  end(): Solution | undefined {
    const ended = this.positions((state) => state?.stopReason !== undefined && state.stopReason !== 'cancelled');
    const winner = ranked(this.groups)[0]?.map(({ sample }) => sample) ?? ended;
    const shown = winner.length > 0 ? Math.min(...winner) : undefined;
    const state = shown === undefined ? undefined : this.states[shown];
    if (shown !== undefined && state?.stopReason !== undefined)
      this.whole = {
        ...state.progress(),
        stopReason: state.stopReason,
        usage: this.usage,
        votes: this.votes(shown),
      };
    this.changed();
    return this.whole;
  }

  /** Marks the whole solution as cancelled. */
  cancel(): void {
    this.cancelled = true;
    this.changed();
  }

  carry(): CarriedSolution {
    const { profile, startedAt } = this;
    const states = this.states.map((state, position): CarriedSample | null => {
      if (!state) return null;
      const { steps, usage, moneyAllowed } = state.carry();
      const { stopReason, answer } = state;
      const { usage: used = usage, ...failure } = this.failures.get(position) ?? {};
      return {
        steps,
        usage: used,
        moneyAllowed,
        ...(stopReason === undefined ? {} : { ended: { stopReason, answer } }),
        ...('type' in failure ? { failure } : {}),
      };
    });
    const groups = this.groups.map((group) => group.map(({ sample }) => sample));
    return { profile, steps: [], usage: addUsage(), startedAt, samples: { states, groups } };
  }

  progress(): SolutionProgress {
    if (this.whole) return this.whole;
    const { question, workflowId, runId } = this.options;
    const { models, prompts, notices } = this.profile;
    return {
      question,
      answer: '',
      stopReason: this.cancelled ? 'cancelled' : undefined,
      partial: true,
      steps: [],
      usage: this.usage,
      models,
      prompts,
      ...(notices ? { notices } : {}),
      workflowId,
      runId,
      samples: this.states.flatMap((state, position) => (state ? [this.sampleProgress(state, position)] : [])),
    };
  }

  private sampleProgress(state: SolutionState, position: number): SampleProgress {
    const { stopReason, answer, steps, chosen, id } = state;
    const ended = this.failures.has(position) ? 'failed' : stopReason;
    if (ended === undefined) return { id, steps: steps.length, ...(chosen ? { chosen } : {}) };
    return { id, steps: steps.length, stopReason: ended, answer };
  }

  private votes(shown: number): Votes {
    const voted = new Set(this.groups.flat().map(({ sample }) => sample));
    return {
      samples: this.count,
      shown: shown + 1,
      answers: ranked(this.groups).map((group) => {
        const inOrder = group.toSorted((one, other) => one.sample - other.sample);
        return { answer: inOrder[0]?.answer ?? '', samples: inOrder.map(({ sample }) => sample + 1) };
      }),
      none: this.positions((_, position) => !voted.has(position)).map((position) => ({
        sample: position + 1,
        ...this.whyNoVote(position),
      })),
    };
  }

  private whyNoVote(position: number): Omit<Votes['none'][number], 'sample'> {
    const failure = this.failures.get(position);
    if (failure) return { because: 'failed', message: failure.message };
    return { because: this.states[position]?.stopReason ?? 'not-needed' };
  }

  private hasEnded(position: number): boolean {
    return this.failures.has(position) || this.states[position]?.stopReason !== undefined;
  }

  private positions(which: (state: SolutionState | undefined, position: number) => boolean): number[] {
    return this.states.flatMap((state, position) => (which(state, position) ? [position] : []));
  }

  /** A sample as an earlier run left it. If it continues, `began` replaces this state. */
  private restored(position: number): SolutionState | undefined {
    const { id, question, profile, workflowId, runId, carried } = this.options;
    const before = carried?.samples?.states[position];
    if (!before) return undefined;
    const { ended, failure, ...rest } = before;
    const state = new SolutionState({
      ...{ id: sampleId(id, position), question, profile, workflowId, runId },
      carried: { ...rest, profile, startedAt: carried.startedAt },
      maxTrajectoryBytes: Infinity,
    });
    if (ended) {
      state.stopReason = ended.stopReason;
      state.answer = ended.answer;
    }
    if (failure) this.failures.set(position, failure);
    return state;
  }
}
