/** Renders how reliable the judges are: unreadable replies, bias of order, agreement with a metric. */
import { wilsonInterval } from '../../scoring/statistics';
import { html, type Html } from './html';
import { percent } from '../../scoring/statistics';
import { range, whole } from './numbers';
import type { ReportData } from './report-data';
import { listTable, numbered } from './table';

/** Undefined if no run was judged by a model. */
export function renderJudges({ runs }: ReportData): Html | undefined {
  const judged = runs.flatMap(({ label, judge }) => (judge ? [{ label, judge }] : []));
  if (judged.length === 0) return undefined;
  return html`<section id="judge" aria-labelledby="judge-title">
    <h2 id="judge-title">The judge</h2>
    ${listTable(
      'Answers judged by a language model, each twice with the two answers swapped',
      [
        'Run',
        ...numbered('Judged', 'Unreadable', 'Changed with the order'),
        '95 % interval',
        ...numbered('Same only with the label first', 'Agrees with the metric', "Cohen's kappa"),
      ],
      judged.map(({ label, judge: { judged: all, unreadable, swapped, sameOnlyWithGoldFirst, agreement } }) => {
        const read = all - unreadable;
        return [
          label,
          whole(all),
          whole(unreadable),
          { value: read > 0 ? `${percent(swapped / read)} %` : '–', style: 'strong' },
          read > 0 ? range(wilsonInterval(swapped, read)) : '–',
          `${whole(sameOnlyWithGoldFirst)} of ${whole(swapped)}`,
          agreement ? `${percent(agreement.rate)} % of ${whole(agreement.pairs)}` : '–',
          agreement ? agreement.kappa.toFixed(2) : '–',
        ];
      }),
    )}
    <p class="note">
      Only an answer that is the same in both orders counts as right. A verdict that changes with the order is noise
      where about half are the same only with the label first, and a bias of position where nearly all or none are.
    </p>
  </section>`;
}
