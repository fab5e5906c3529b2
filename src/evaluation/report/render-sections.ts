/** Renders the report's sections, top to bottom; page.cjs fills the sample browser. */
import type { Comparison } from '../compare';
import { html, type Html } from './html';
import { percent } from '../../scoring/statistics';
import { duration, points, pValue, whole } from './numbers';
import { renderExtractions } from './render-extractions';
import { renderJudges } from './render-judges';
import { renderScores } from './render-scores';
import type { ReportData } from './report-data';
import { listTable, numbered, table } from './table';

export function renderSections(data: ReportData): Html {
  return html`${renderScores(data)}${renderExtractions(data)}${renderJudges(data)}${comparisons(data)}${failures(data)}${costs(data)}${stepCounts(data)}`;
}

function comparisons({ runs, comparisons: pairs, incomparable }: ReportData): Html | undefined {
  if (runs.length < 2) return undefined;
  return html`<section id="comparison" aria-labelledby="comparison-title">
    <h2 id="comparison-title">Comparison</h2>
    ${pairs.map(renderComparison)}
    ${incomparable.map((label) => html`<p>${label} shares no question with ${runs[0]?.label}.</p>`)}
    <p class="note">
      Only questions that both runs answered count. p: exact McNemar test, with several answers to a question a paired
      randomization test of its means. Interval of the difference: paired bootstrap over questions, 10,000 resamples. A
      difference is shown when both agree at the 5 % level.
    </p>
  </section>`;
}

function renderComparison({ first, second, tasks, unpaired, notices }: Comparison): Html {
  const left = unpaired.onlyFirst + unpaired.onlySecond + unpaired.changed;
  return html`${listTable(
    `${first} and ${second} on the same questions`,
    [
      'Task',
      ...numbered('Questions', first, second, 'Difference'),
      '95 % interval',
      ...numbered(`Only ${first}`, `Only ${second}`, 'p'),
      'Conclusion',
    ],
    tasks.map(({ task, first: one, second: other, mcnemar, pValue: p, difference, conclusion }) => [
      task,
      whole(one.questions),
      percent(one.accuracy),
      percent(other.accuracy),
      { value: points(difference.difference), style: 'strong' },
      `${points(difference.low)} to ${points(difference.high)}`,
      mcnemar.onlyFirst,
      mcnemar.onlySecond,
      pValue(p),
      conclusion === 'no difference shown'
        ? conclusion
        : html`<strong>${conclusion === 'first is better' ? first : second}</strong> better`,
    ]),
    (row) => (tasks[row]?.task === 'all tasks' ? 'total' : ''),
  )}${left > 0 && html`<p class="note">Left out: ${unpaired.onlyFirst} questions that only ${first} answered, ${unpaired.onlySecond} that only ${second} answered, ${unpaired.changed} whose text or label differs.</p>`}${notices.map((notice) => html`<p class="note">${notice}</p>`)}`;
}

function failures({ runs }: ReportData): Html {
  return html`<section id="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">Where it fails</h2>
    <p class="note">
      Found by rules over the recorded steps, not by a model. A wrong answer can fall under several rules; an example
      opens its trajectory.
    </p>
    ${runs.map((run) =>
      run.wrong === 0
        ? html`<p>${run.label}: no wrong answer among ${whole(run.samples.length)}.</p>`
        : listTable(
            `${run.label}: ${whole(run.wrong)} wrong answers of ${whole(run.samples.length)}`,
            ['Rule', ...numbered('Answers', 'Share'), 'Examples'],
            run.failures.map(({ rule, title, meaning, count, examples }) => [
              html`<button type="button" class="link" data-filter="${rule}" data-run="${run.label}">${title}</button
                ><span class="meaning">${meaning}</span>`,
              whole(count),
              {
                value: html`<span class="bar" style="width:${percent(count / run.wrong)}%"></span
                  >${percent(count / run.wrong, 0)} %`,
                style: 'bar-cell',
              },
              html`<ul class="examples">
                ${examples.map(({ key, evidence }) => html`<li><a href="#sample=${encodeURIComponent(`${run.label}|${key}`)}">${key}</a> ${evidence.slice(0, 160)}</li>`)}
              </ul>`,
            ]),
          ),
    )}
  </section>`;
}

function costs({ runs }: ReportData): Html {
  return html`<section id="cost" aria-labelledby="cost-title">
    <h2 id="cost-title">Cost and time</h2>
    ${listTable(
      'By run',
      [
        'Run',
        ...numbered('Answers', 'Tokens in', 'Tokens out', 'Tokens an answer', 'Money', 'Median time', '95 % within'),
      ],
      runs.map(({ label, samples, cost }) => [
        label,
        whole(samples.length),
        whole(cost.inputTokens),
        whole(cost.outputTokens),
        whole((cost.inputTokens + cost.outputTokens) / Math.max(1, samples.length)),
        cost.money > 0 ? cost.money.toFixed(2) : '–',
        duration(cost.medianMs),
        duration(cost.p95Ms),
      ]),
    )}
    ${runs
      .filter(({ kinds }) => kinds.length > 0)
      .map(
        (run) =>
          html`${listTable(
              `${run.label}: by kind of step, each with the call that chose it`,
              ['Step', ...numbered('Steps', 'Median time', '95 % within', 'Tokens in', 'Tokens out', 'Failed')],
              run.kinds.map((kind) => [
                kind.tool,
                whole(kind.steps),
                duration(kind.median),
                duration(kind.p95),
                whole(kind.inputTokens),
                whole(kind.outputTokens),
                whole(kind.failed),
              ]),
            )}
            <p class="note">
              Model calls by module: ${run.calls.map(([module, calls]) => `${module} ${whole(calls)}`).join(', ')}.
            </p>`,
      )}
  </section>`;
}

function stepCounts({ runs }: ReportData): Html | undefined {
  const solved = runs.filter(({ steps }) => steps.length > 0);
  if (solved.length === 0) return undefined;
  return html`<section id="steps" aria-labelledby="steps-title">
    <h2 id="steps-title">Steps a question</h2>
    <div class="side-by-side">
      ${solved.map((run) => {
        const most = Math.max(...run.steps.map(({ right, wrong }) => right + wrong));
        const width = (count: number) => percent(count / most);
        return table(
          run.label,
          html`<tr>
            <th scope="col" class="number">Steps</th>
            <th scope="col" class="number">Right</th>
            <th scope="col" class="number">Wrong</th>
            <th scope="col"><span class="visually-hidden">Share</span></th>
          </tr>`,
          html`${run.steps.map(
            ({ right, wrong }, steps) =>
              right + wrong > 0 &&
              html`<tr>
                <th scope="row" class="number">${steps}</th>
                <td class="number">${whole(right)}</td>
                <td class="number">${whole(wrong)}</td>
                <td class="histogram" aria-hidden="true">
                  <span class="bar" style="width:${width(right)}%"></span
                  ><span class="bar bar-wrong" style="width:${width(wrong)}%"></span>
                </td>
              </tr>`,
          )}`,
        );
      })}
    </div>
  </section>`;
}
