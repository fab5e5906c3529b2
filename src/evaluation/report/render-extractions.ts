/** Renders how answers were extracted: the rules, counted. */
import { percent } from '../../scoring/statistics';
import { html, type Html } from './html';
import { whole } from './numbers';
import type { ReportData } from './report-data';
import { listTable, numbered } from './table';

/** Undefined for runs without recorded rules: those by the rules husky-v1, and those that only a model judged. */
export function renderExtractions({ runs }: ReportData): Html | undefined {
  const counted = runs.filter(({ extractions }) => extractions.length > 0);
  if (counted.length === 0) return undefined;
  return html`<section id="extraction" aria-labelledby="extraction-title">
    <h2 id="extraction-title">How answers were taken</h2>
    ${counted.map(({ label, extractions }) =>
      listTable(
        `${label}: rules of extraction`,
        ['Rule', ...numbered('Answers', 'Right', 'Right, %')],
        extractions.map(({ rule, answers, right }) => [rule, whole(answers), whole(right), percent(right / answers)]),
      ),
    )}
    <p class="note">
      A rule that takes many answers and finds few right may read the system's form wrongly: open some of its samples.
    </p>
  </section>`;
}
