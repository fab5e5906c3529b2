/**
 * The state of a synthesis inside its workflow: the window, what waits, what it has spent.
 *
 * @module
 */
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
  offset: number;
  cursor: number;
  failuresInARow: number;
  fatal: { type: string; message: string } | undefined;
  /** Judged, not yet written. */
  readonly results: Trajectory[] = [];
  private exhausted: boolean;
  private begun: number;
  private finished: number;
  private accepted: number;
  private usage: Usage;
  private isCancelled = false;
  private readonly waiting: SynthesisQuestion[];
  private readonly window: Map<QuestionIndex, SynthesisQuestion>;
  private readonly rejections: Record<string, number>;

  constructor(
    readonly settings: SynthesisSettings,
    private readonly carried: CarriedSynthesis,
  ) {
    this.offset = carried.offset;
    this.cursor = carried.cursor;
    this.exhausted = carried.exhausted;
    this.waiting = carried.waiting;
    this.window = new Map(carried.window.map((question) => [question.index, question]));
    this.begun = carried.begun;
    this.finished = carried.finished;
    this.accepted = carried.accepted;
    this.rejections = { ...carried.rejections };
    this.usage = carried.usage;
    this.failuresInARow = carried.failuresInARow;
    this.fatal = carried.fatal;
  }

  static begin(settings: SynthesisSettings, opened: OpenedSynthesis): SynthesisState {
    const { offset, finished, accepted, rejections, spent } = opened;
    return new SynthesisState(settings, {
      opened,
      offset,
      cursor: 0,
      exhausted: false,
      waiting: [],
      window: [],
      begun: 0,
      finished,
      accepted,
      rejections,
      usage: spent?.usage ?? NO_USAGE,
      failuresInARow: 0,
      paused: false,
      startedAt: Date.now(),
    });
  }

  get finishedBefore(): number {
    return this.carried.opened.offset;
  }

  inFlight(): SynthesisQuestion[] {
    return [...this.window.values()];
  }

  /** Takes waiting questions into the window, as many as window and budget allow. */
  take(): SynthesisQuestion[] {
    const taken: SynthesisQuestion[] = [];
    while (this.hasRoom() && this.waiting.length > 0) {
      const question = this.waiting.shift();
      if (!question) break;
      this.window.set(question.index, question);
      this.begun += 1;
      taken.push(question);
    }
    return taken;
  }

  wantsQuestions(): boolean {
    return !this.exhausted && this.ended() === undefined && this.waiting.length < this.settings.maxInFlight;
  }

  /** Whether the loop has something to do before the next question ends. */
  hasWork(): boolean {
    return (this.hasRoom() && this.waiting.length > 0) || (this.wantsQuestions() && this.waiting.length === 0);
  }

  add({ questions, cursor, exhausted }: NextQuestionsResult): void {
    this.waiting.push(...questions);
    this.cursor = cursor;
    this.exhausted = exhausted;
  }

  /** Twice the same news count once. */
  done({ index, trajectories, usage, fatal }: QuestionOutcome): void {
    if (!this.window.delete(index)) return;
    this.usage = addUsage(this.usage, usage);
    this.fatal ??= fatal;
    if (fatal) return;
    this.finished += 1;
    this.results.push(...trajectories);
    for (const { accepted, rejection = 'unknown' } of trajectories) {
      if (accepted) this.accepted += 1;
      else this.rejections[rejection] = (this.rejections[rejection] ?? 0) + 1;
    }
    const failed = trajectories.every(({ rejection }) => rejection?.startsWith('failed-call'));
    this.failuresInARow = failed ? this.failuresInARow + 1 : 0;
  }

  isOver(): boolean {
    return this.window.size === 0 && this.results.length === 0 && this.ended() !== undefined;
  }

  cancel(): void {
    this.isCancelled = true;
  }

  progress(paused: boolean): SynthesisProgress {
    const { finished, accepted, rejections, usage, carried } = this;
    const end = this.isOver() || this.isCancelled ? this.ended() : undefined;
    return {
      state: end ?? (paused ? 'paused' : 'running'),
      questions: carried.opened.questions,
      finished,
      inFlight: this.window.size,
      accepted,
      rejections,
      usage,
      money: this.money(),
      startedAt: carried.startedAt,
    };
  }

  carry(paused: boolean): CarriedSynthesis {
    const { offset, cursor, exhausted, waiting, begun, finished, accepted, rejections, usage, failuresInARow, fatal } =
      this;
    const { opened, startedAt } = this.carried;
    return {
      opened,
      offset,
      cursor,
      exhausted,
      waiting,
      window: this.inFlight(),
      begun,
      finished,
      accepted,
      rejections,
      usage,
      failuresInARow,
      fatal,
      paused,
      startedAt,
    };
  }

  /** Why no further question is begun. */
  private ended(): SynthesisEnd | undefined {
    const { questions, tokens, money } = this.settings.budget;
    if (this.fatal) return 'failed';
    if (this.isCancelled) return 'cancelled';
    if (questions > 0 && this.begun >= questions) return 'question-budget';
    if (tokens > 0 && this.usage.inputTokens + this.usage.outputTokens >= tokens) return 'token-budget';
    if (money > 0 && this.money() >= money) return 'money-budget';
    return this.exhausted && this.waiting.length === 0 ? 'finished' : undefined;
  }

  private hasRoom(): boolean {
    return this.ended() === undefined && this.window.size < this.settings.maxInFlight;
  }

  private money(): number {
    const { input, output } = this.settings.price;
    return (this.usage.inputTokens * input + this.usage.outputTokens * output) / 1e6;
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
