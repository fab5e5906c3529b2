/** Renders how answers were extracted: the rules, counted. */
import { percent } from '../../scoring/statistics';
import { html, type Html } from './html';
import { whole } from './numbers';
import type { ReportData } from './report-data';
import { table } from './table';

/** Undefined for runs without recorded rules: those by the rules husky-v1, and those that only a model judged. */
export function renderExtractions({ runs }: ReportData): Html | undefined {
  const counted = runs.filter(({ extractions }) => extractions.length > 0);
  if (counted.length === 0) return undefined;
  return html`<section id="extraction" aria-labelledby="extraction-title">
    <h2 id="extraction-title">How answers were taken</h2>
    ${counted.map(({ label, extractions }) =>
      table(
        `${label}: rules of extraction`,
        html`<tr>
          <th scope="col">Rule</th>
          <th scope="col" class="number">Answers</th>
          <th scope="col" class="number">Right</th>
          <th scope="col" class="number">Right, %</th>
        </tr>`,
        html`${extractions.map(
          ({ rule, answers, right }) =>
            html`<tr>
              <th scope="row">${rule}</th>
              <td class="number">${whole(answers)}</td>
              <td class="number">${whole(right)}</td>
              <td class="number">${percent(right / answers)}</td>
            </tr>`,
        )}`,
      ),
    )}
    <p class="note">
      A rule that takes many answers and finds few right may read the system's form wrongly: open some of its samples.
    </p>
  </section>`;
}
