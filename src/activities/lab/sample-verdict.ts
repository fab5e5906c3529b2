/**
 * The verdict of one sample of an evaluation: by the task's metric in a bounded thread, or by a judge beside that metric.
 *
 * @module
 */
import { judgeMetric } from '../../scoring/metrics/registry';
import { goldText, type Gold, type Rules } from '../../scoring/metric';
import type { Sample } from '../../formats/run';
import { ScoringThread } from '../../scoring/score-bounded';
import { findTask } from '../../scoring/tasks';
import type { Judge } from './judge';

export interface VerdictInput {
  task: string;
  /** A metric of the registry, or `judge`. */
  metric: string;
  question: string;
  prediction: string | null;
  gold: Gold;
  rules: Rules;
}

/** For answers that a judge reads and no task of the registry has a rule for. */
const GENERAL_METRIC = 'answer';

export class SampleVerdicts {
  readonly #thread = new ScoringThread();

  constructor(private readonly judge: Judge) {}

  async of(input: VerdictInput, signal: AbortSignal): Promise<Sample['verdict']> {
    if (input.metric !== judgeMetric) return this.#byMetric(input);
    const metric = findTask(input.task)?.metric ?? GENERAL_METRIC;
    const beside = await this.#byMetric({ ...input, metric });
    const { question, prediction, gold } = input;
    // The judge's own tokens are not the system's, and are not counted with them.
    const answer = { question, prediction: prediction ?? '', gold: goldText(gold) };
    const { correct, reason, judgements } = await this.judge(answer, signal);
    return {
      correct: correct ?? false,
      scores: { acc: correct ? 1 : 0 },
      reason,
      ...(correct === undefined ? { undecided: true } : {}),
      judgements,
      metric: { name: metric, correct: beside.correct },
    };
  }

  async #byMetric({ task, metric, prediction, gold, question, rules }: VerdictInput): Promise<Sample['verdict']> {
    const name = findTask(task)?.name;
    const { correct, scores, reason, undecided } = await this.#thread.score({
      ...(name === undefined ? {} : { task: name }),
      metric,
      prediction,
      gold,
      question,
      rules: name === undefined ? 'default' : rules,
    });
    return { correct, scores, reason: reason || `gold ${goldText(gold)}`, ...(undecided ? { undecided } : {}) };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
