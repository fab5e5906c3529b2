/** Renders how reliable the judges are: unreadable replies, bias of order, agreement with a metric. */
import { wilsonInterval } from '../../scoring/statistics';
import { html, type Html } from './html';
import { percent } from '../../scoring/statistics';
import { range, whole } from './numbers';
import type { ReportData } from './report-data';
import { table } from './table';

/** Undefined if no run was judged by a model. */
export function renderJudges({ runs }: ReportData): Html | undefined {
  const judged = runs.flatMap(({ label, judge }) => (judge ? [{ label, judge }] : []));
  if (judged.length === 0) return undefined;
  return html`<section id="judge" aria-labelledby="judge-title">
    <h2 id="judge-title">The judge</h2>
    ${table(
      'Answers judged by a language model, each twice with the two answers swapped',
      html`<tr>
        <th scope="col">Run</th>
        <th scope="col" class="number">Judged</th>
        <th scope="col" class="number">Unreadable</th>
        <th scope="col" class="number">Changed with the order</th>
        <th scope="col">95 % interval</th>
        <th scope="col" class="number">Same only with the label first</th>
        <th scope="col" class="number">Agrees with the metric</th>
        <th scope="col" class="number">Cohen's kappa</th>
      </tr>`,
      html`${judged.map(({ label, judge }) => {
        const { judged: all, unreadable, swapped, sameOnlyWithGoldFirst, agreement } = judge;
        const read = all - unreadable;
        return html`<tr>
          <th scope="row">${label}</th>
          <td class="number">${whole(all)}</td>
          <td class="number">${whole(unreadable)}</td>
          <td class="number strong">${read > 0 ? `${percent(swapped / read)} %` : '–'}</td>
          <td>${read > 0 ? range(wilsonInterval(swapped, read)) : '–'}</td>
          <td class="number">${whole(sameOnlyWithGoldFirst)} of ${whole(swapped)}</td>
          <td class="number">${agreement ? `${percent(agreement.rate)} % of ${whole(agreement.pairs)}` : '–'}</td>
          <td class="number">${agreement ? agreement.kappa.toFixed(2) : '–'}</td>
        </tr>`;
      })}`,
    )}
    <p class="note">
      Only an answer that is the same in both orders counts as right. A verdict that changes with the order is noise
      where about half are the same only with the label first, and a bias of position where nearly all or none are.
    </p>
  </section>`;
}
