/** Summarizes how reliable a run's judge is: its bias of order, and its agreement with the metric. */
import { judgeReport, type JudgeReport } from '../scoring/metrics/judge';
import { percent } from '../scoring/statistics';
import type { Sample } from '../formats/run';

/** Undefined when no sample was judged. */
export function judgedSamples(samples: readonly Sample[]): JudgeReport | undefined {
  const judged = samples.flatMap(({ verdict }) => {
    const { judgements, metric } = verdict;
    return judgements ? [{ verdict: { ...verdict, judgements }, metric }] : [];
  });
  if (judged.length === 0) return undefined;
  return judgeReport(
    judged.map(({ verdict }) => verdict),
    judged.map(({ metric }) => metric),
  );
}

/** A few sentences for people. */
export function describeJudge({ judged, unreadable, swapped, sameOnlyWithGoldFirst, agreement }: JudgeReport): string {
  const sentences = [
    `Answers that the judge read: ${judged}. Replies that could not be read: ${unreadable}. Verdicts that changed with the order of the two answers: ${swapped} (SAME only with the gold answer first: ${sameOnlyWithGoldFirst}).`,
  ];
  if (agreement)
    sentences.push(
      `It agrees with the metric on ${percent(agreement.rate)} % of ${agreement.pairs} (Cohen's kappa ${agreement.kappa.toFixed(2)}).`,
    );
  return sentences.join(' ');
}
