/** The state of a synthesis inside its workflow: questions in flight, questions that wait, usage. */
import { addUsage, NO_USAGE, type Usage } from '../../trajectory/step';
import type {
  NextQuestionsResult,
  OpenedSynthesis,
  QuestionOutcome,
  SynthesisEnd,
  SynthesisProgress,
  SynthesisQuestion,
  SynthesisSettings,
} from '../../contract/synthesis';
import type { QuestionIndex, Trajectory } from '../../trajectory/trajectory';
import { tally } from '../../trajectory/tally';

/** What continue-as-new carries over: the window's questions, never the results. */
export interface CarriedSynthesis {
  opened: OpenedSynthesis;
  offset: number;
  cursor: number;
  exhausted: boolean;
  waiting: SynthesisQuestion[];
  window: SynthesisQuestion[];
  begun: number;
  finished: number;
  accepted: number;
  rejections: Record<string, number>;
  usage: Usage;
  failuresInARow: number;
  fatal?: { type: string; message: string };
  paused: boolean;
  startedAt: number;
}

export class SynthesisState {
  /** Judged trajectories that are not written yet. */
  readonly results: Trajectory[] = [];
  readonly carried: CarriedSynthesis;
  private isCancelled = false;
  private readonly window: Map<QuestionIndex, SynthesisQuestion>;

  constructor(
    readonly settings: SynthesisSettings,
    carried: CarriedSynthesis,
  ) {
    this.carried = { ...carried, waiting: [...carried.waiting], rejections: { ...carried.rejections } };
    this.window = new Map(carried.window.map((question) => [question.index, question]));
  }

  static begin(settings: SynthesisSettings, opened: OpenedSynthesis): SynthesisState {
    const { offset, finished, accepted, rejections, spent } = opened;
    return new SynthesisState(settings, {
      ...{ opened, offset, finished, accepted, rejections, usage: spent?.usage ?? NO_USAGE },
      ...{ cursor: 0, exhausted: false, waiting: [], window: [], begun: 0, failuresInARow: 0, paused: false },
      startedAt: Date.now(),
    });
  }

  get finishedBefore(): number {
    return this.carried.opened.offset;
  }

  inFlight(): SynthesisQuestion[] {
    return [...this.window.values()];
  }

  /** Takes as many waiting questions into the window as its size and the budget allow. */
  take(): SynthesisQuestion[] {
    const taken: SynthesisQuestion[] = [];
    while (this.hasRoom()) {
      const question = this.carried.waiting.shift();
      if (!question) break;
      this.window.set(question.index, question);
      this.carried.begun += 1;
      taken.push(question);
    }
    return taken;
  }

  wantsQuestions(): boolean {
    const { exhausted, waiting } = this.carried;
    return !exhausted && this.ended() === undefined && waiting.length < this.settings.maxInFlight;
  }

  /** Whether there is work before the next question ends. */
  hasWork(): boolean {
    return this.carried.waiting.length > 0 ? this.hasRoom() : this.wantsQuestions();
  }

  add({ questions, cursor, exhausted }: NextQuestionsResult): void {
    this.carried.waiting.push(...questions);
    Object.assign(this.carried, { cursor, exhausted });
  }

  /** Counts a question that has ended. A second report of the same question changes nothing. */
  done({ index, trajectories, usage, fatal, callsFailed }: QuestionOutcome): void {
    if (!this.window.delete(index)) return;
    const { carried } = this;
    carried.usage = addUsage(carried.usage, usage);
    carried.fatal ??= fatal;
    if (fatal) return;
    carried.finished += 1;
    this.results.push(...trajectories);
    for (const { accepted, rejection = 'unknown' } of trajectories) {
      if (accepted) carried.accepted += 1;
      else tally(carried.rejections, rejection);
    }
    carried.failuresInARow = callsFailed ? carried.failuresInARow + 1 : 0;
  }

  isOver(): boolean {
    return this.window.size === 0 && this.results.length === 0 && this.ended() !== undefined;
  }

  cancel(): void {
    this.isCancelled = true;
  }

  progress(paused: boolean): SynthesisProgress {
    const { opened, finished, accepted, rejections, usage, startedAt } = this.carried;
    const end = this.isOver() || this.isCancelled ? this.ended() : undefined;
    return {
      state: end ?? (paused ? 'paused' : 'running'),
      ...{ questions: opened.questions, finished, inFlight: this.window.size, accepted, rejections, usage },
      ...{ money: this.money(), startedAt },
    };
  }

  carry(paused: boolean): CarriedSynthesis {
    return { ...this.carried, window: this.inFlight(), paused };
  }

  /** Why no further question is begun. */
  private ended(): SynthesisEnd | undefined {
    const { questions, tokens, money } = this.settings.budget;
    const { fatal, begun, usage, exhausted, waiting } = this.carried;
    if (fatal) return 'failed';
    if (this.isCancelled) return 'cancelled';
    if (questions > 0 && begun >= questions) return 'question-budget';
    if (tokens > 0 && usage.inputTokens + usage.outputTokens >= tokens) return 'token-budget';
    if (money > 0 && this.money() >= money) return 'money-budget';
    return exhausted && waiting.length === 0 ? 'finished' : undefined;
  }

  private hasRoom(): boolean {
    return this.ended() === undefined && this.window.size < this.settings.maxInFlight;
  }

  private money(): number {
    const { input, output } = this.settings.price;
    const { inputTokens, outputTokens } = this.carried.usage;
    return (inputTokens * input + outputTokens * output) / 1e6;
  }
}

/** For the Temporal UI. */
export function describeProgress({
  state,
  questions,
  finished,
  inFlight,
  accepted,
  rejections,
  usage,
  money,
}: SynthesisProgress): string {
  const rejected = Object.entries(rejections).map(([reason, count]) => `- ${reason}: ${count}`);
  return [
    `**${state}**: ${finished} of ${questions} questions, ${inFlight} in flight, ${accepted} trajectories accepted`,
    ...(rejected.length > 0 ? ['Rejected:', ...rejected] : []),
    `_${usage.calls} model calls, ${usage.inputTokens + usage.outputTokens} tokens${money > 0 ? `, ${money.toFixed(2)} spent` : ''}_`,
  ].join('\n\n');
}
