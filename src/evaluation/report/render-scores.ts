/** Renders the table of scores by task, with the paper's numbers. */
import { publishedFor, publishedResults } from '../published';
import type { TaskScore } from '../question-scores';
import { html, type Html } from './html';
import { percent } from '../../scoring/statistics';
import { range, whole } from './numbers';
import type { ReportData } from './report-data';
import { table } from './table';

export function renderScores({ runs }: ReportData): Html {
  const tasks = [...new Set(runs.flatMap((run) => run.tasks.map(({ task }) => task)))];
  const systems = tasks.some((task) => publishedFor(task) !== undefined) ? publishedResults().systems : [];
  const detailed = runs.some(({ all }) => all.em !== undefined || all.f1 !== undefined);
  const cells = (score: TaskScore | undefined) => scoreCells(score, detailed);
  const head = html`<tr>
      <th scope="col" rowspan="2">Task</th>
      ${runs.map(({ label }) => html`<th scope="colgroup" colspan="${detailed ? 4 : 3}">${label}</th>`)}
      ${systems.length > 0 && html`<th scope="colgroup" colspan="${systems.length + 1}">Published</th>`}
    </tr>
    <tr>
      ${runs.map(
        () =>
          html`<th scope="col" class="number">Right</th>
            <th scope="col">95 % interval</th>
            ${detailed && html`<th scope="col" class="number">EM / F1</th>`}
            <th scope="col" class="number">Questions</th>`,
      )}
      ${systems.length > 0 && html`<th scope="col" class="published">Metric</th>`}
      ${systems.map((system) => html`<th scope="col" class="number published">${system}</th>`)}
    </tr>`;
  const rows = tasks.map(
    (task) =>
      html`<tr>
        <th scope="row">${task}</th>
        ${runs.map((run) => cells(run.tasks.find((score) => score.task === task)))} ${publishedCells(task, systems)}
      </tr>`,
  );
  const total = html`<tr class="total">
    <th scope="row">All tasks</th>
    ${runs.map((run) => cells(run.all))} ${systems.length > 0 && publishedCells('', systems)}
  </tr>`;
  return html`<section id="scores" aria-labelledby="scores-title">
    <h2 id="scores-title">Scores</h2>
    ${table(
      'Right answers in per cent, by task, with 95 % Wilson intervals',
      head,
      html`${rows}${tasks.length > 1 && total}`,
    )}
    ${runs.map(
      ({ label, all: { once, samples, questions } }) =>
        once !== undefined &&
        html`<p class="note">
          ${label}: at least one of ${(samples / questions).toFixed(1).replace('.0', '')} answers is right for
          ${percent(once)} % of questions (pass@k).
        </p>`,
    )}
    ${systems.length > 0 && publishedNote(tasks)}
  </section>`;
}

function scoreCells(score: TaskScore | undefined, detailed: boolean): Html {
  if (!score) return html`<td colspan="${detailed ? 4 : 3}" class="quiet">not run</td>`;
  const { accuracy, interval, em, f1, questions } = score;
  const detail = [em, f1].flatMap((value) => (value === undefined ? [] : percent(value))).join(' / ');
  return html`<td class="number strong">${percent(accuracy)}</td>
    <td class="interval">${whiskers(accuracy, interval)}<span>${range(interval)}</span></td>
    ${detailed && html`<td class="number">${detail || '–'}</td>`}
    <td class="number">${whole(questions)}</td>`;
}

/** The interval on a line from 0 to 100. It is hidden from screen readers, since the numbers are beside it. */
function whiskers(at: number, { low, high }: { low: number; high: number }): Html {
  return html`<svg class="whiskers" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    <line class="axis" x1="0" x2="100" y1="6" y2="6" />
    <rect class="span" x="${percent(low)}" y="4" width="${percent(Math.max(0.005, high - low))}" height="4" />
    <rect class="point" x="${percent(at - 0.008)}" y="1" width="1.6" height="10" />
  </svg>`;
}

function publishedCells(task: string, systems: readonly string[]): readonly Html[] {
  if (systems.length === 0) return [];
  const published = publishedFor(task);
  return [
    html`<td class="published">${published?.metrics ?? '–'}</td>`,
    ...systems.map((_, position) => html`<td class="number published">${published?.values[position] ?? '–'}</td>`),
  ];
}

function publishedNote(tasks: readonly string[]): Html {
  const groups = tasks.flatMap((task) => publishedFor(task) ?? []).filter(({ tasks: group }) => group.length > 1);
  const together = [...new Set(groups.map(({ name, tasks: group }) => `${group.length} tasks of ${name}`))];
  return html`<p class="note">
    Published: Husky's results as the authors report them (${publishedResults().source}), with their models, search
    engine and scorer. They stand beside this run's numbers for orientation; they were not measured here.
    ${together.length > 0 && html`One published number covers ${together.join(' and ')} together.`}
  </p>`;
}
