/**
 * The report's sections, top to bottom; the sample browser is filled by page.cjs.
 *
 * @module
 */
import type { Comparison } from '../compare';
import { publishedFor, publishedResults } from '../published';
import type { TaskScore } from '../question-scores';
import { html, type Html } from './html';
import { duration, percent, points, pValue, range, whole } from './numbers';
import type { ReportData, ReportedRun } from './report-data';

export function renderSections(data: ReportData): Html {
  return html`${scores(data)}${comparisons(data)}${failures(data)}${costs(data)}${stepCounts(data)}`;
}

/** Tables scroll sideways in a narrow window; the keyboard reaches them. */
function table(caption: string, head: Html, body: Html): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        ${head}
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function scores({ runs }: ReportData): Html {
  const tasks = [...new Set(runs.flatMap((run) => run.tasks.map(({ task }) => task)))];
  const published = tasks.some((task) => publishedFor(task) !== undefined);
  const systems = published ? publishedResults().systems : [];
  const rows = tasks.map((task) => scoreRow(task, runs, systems));
  const total =
    tasks.length > 1 &&
    html`<tr class="total">
      <th scope="row">All tasks</th>
      ${runs.map((run) => scoreCells(run.all))}${systems.map(() => html`<td class="published quiet">–</td>`)}
    </tr>`;
  const notes = tasks.flatMap((task) => publishedFor(task) ?? []).filter(({ tasks: group }) => group.length > 1);
  return html`<section id="scores" aria-labelledby="scores-title">
    <h2 id="scores-title">Scores</h2>
    ${table(
      'Right answers in per cent, by task, with 95 % Wilson intervals',
      html`<tr>
          <th scope="col" rowspan="2">Task</th>
          ${runs.map((run) => html`<th scope="colgroup" colspan="4">${run.label}</th>`)}${systems.length > 0 && html`<th scope="colgroup" colspan="${systems.length}">Published</th>`}
        </tr>
        <tr>
          ${runs.map(
            () =>
              html`<th scope="col" class="number">Right</th>
                <th scope="col">95 % interval</th>
                <th scope="col" class="number">EM / F1</th>
                <th scope="col" class="number">Questions</th>`,
          )}${systems.map((system) => html`<th scope="col" class="number published">${system}</th>`)}
        </tr>`,
      html`${rows}${total}`,
    )}
    ${published && html`<p class="note">Published: Husky's results as the authors report them (${publishedResults().source}), with their models, search engine and scorer. They stand beside this run's numbers for orientation; they were not measured here.${notes.length > 0 && html` One published number covers ${[...new Set(notes.map(({ name, tasks: group }) => `${group.length} tasks of ${name}`))].join(' and ')} together.`}</p>`}
  </section>`;
}

function scoreRow(task: string, runs: readonly ReportedRun[], systems: readonly string[]): Html {
  const published = publishedFor(task);
  return html`<tr>
    <th scope="row">${task}</th>
    ${runs.map((run) => scoreCells(run.tasks.find((score) => score.task === task)))}${systems.map(
      (_, position) =>
        html`<td class="number published">
          ${published ? published.values[position] : '–'}${published && html`<span class="unit"> ${published.metrics}</span>`}
        </td>`,
    )}
  </tr>`;
}

function scoreCells(score: TaskScore | undefined): Html {
  if (!score) return html`<td colspan="4" class="quiet">not run</td>`;
  const { accuracy, interval, em, f1, questions } = score;
  const detail =
    em === undefined && f1 === undefined
      ? '–'
      : [em, f1].flatMap((value) => (value === undefined ? [] : percent(value))).join(' / ');
  return html`<td class="number strong">${percent(accuracy)}</td>
    <td class="interval">${whiskers(accuracy, interval)}<span>${range(interval)}</span></td>
    <td class="number">${detail}</td>
    <td class="number">${whole(questions)}</td>`;
}

/** The interval on a line from 0 to 100; the numbers stand beside it, so it is hidden from a screen reader. */
function whiskers(at: number, { low, high }: { low: number; high: number }): Html {
  const x = (share: number) => (100 * share).toFixed(1);
  return html`<svg class="whiskers" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    <line class="axis" x1="0" x2="100" y1="6" y2="6" />
    <rect class="span" x="${x(low)}" y="4" width="${Math.max(0.5, 100 * (high - low)).toFixed(1)}" height="4" />
    <rect class="point" x="${(100 * at - 0.8).toFixed(1)}" y="1" width="1.6" height="10" />
  </svg>`;
}

function comparisons({ runs, comparisons: pairs, incomparable }: ReportData): Html | undefined {
  if (runs.length < 2) return undefined;
  return html`<section id="comparison" aria-labelledby="comparison-title">
    <h2 id="comparison-title">Comparison</h2>
    ${pairs.map(renderComparison)}
    ${incomparable.map((label) => html`<p>${label} shares no question with ${runs[0]?.label}.</p>`)}
    <p class="note">
      Only questions that both runs answered count. p: exact McNemar test. Interval of the difference: paired bootstrap
      over questions, 10,000 resamples. A difference is shown when both agree at the 5 % level.
    </p>
  </section>`;
}

const SAID = {
  'first is better': 'better',
  'second is better': 'better',
  'no difference shown': 'no difference shown',
};

function renderComparison({ first, second, tasks, unpaired }: Comparison): Html {
  const left = unpaired.onlyFirst + unpaired.onlySecond + unpaired.changed;
  return html`${table(
    `${first} and ${second} on the same questions`,
    html`<tr>
      <th scope="col">Task</th>
      <th scope="col" class="number">Questions</th>
      <th scope="col" class="number">${first}</th>
      <th scope="col" class="number">${second}</th>
      <th scope="col" class="number">Difference</th>
      <th scope="col">95 % interval</th>
      <th scope="col" class="number">Only ${first}</th>
      <th scope="col" class="number">Only ${second}</th>
      <th scope="col" class="number">p</th>
      <th scope="col">Conclusion</th>
    </tr>`,
    html`${tasks.map(
      ({ task, first: one, second: other, mcnemar, difference, conclusion }) =>
        html`<tr class="${task === 'all tasks' ? 'total' : ''}">
          <th scope="row">${task}</th>
          <td class="number">${whole(one.questions)}</td>
          <td class="number">${percent(one.accuracy)}</td>
          <td class="number">${percent(other.accuracy)}</td>
          <td class="number strong">${points(difference.difference)}</td>
          <td>${points(difference.low)} to ${points(difference.high)}</td>
          <td class="number">${mcnemar.onlyFirst}</td>
          <td class="number">${mcnemar.onlySecond}</td>
          <td class="number">${pValue(mcnemar.pValue)}</td>
          <td>
            ${conclusion !== 'no difference shown' && html`<strong>${conclusion === 'first is better' ? first : second}</strong> `}${SAID[conclusion]}
          </td>
        </tr>`,
    )}`,
  )}${left > 0 && html`<p class="note">Left out: ${unpaired.onlyFirst} questions that only ${first} answered, ${unpaired.onlySecond} that only ${second} answered, ${unpaired.changed} whose text differs.</p>`}`;
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
        : table(
            `${run.label}: ${whole(run.wrong)} wrong answers of ${whole(run.samples.length)}`,
            html`<tr>
              <th scope="col">Rule</th>
              <th scope="col" class="number">Answers</th>
              <th scope="col" class="number">Share</th>
              <th scope="col">Examples</th>
            </tr>`,
            html`${run.failures.map(
              ({ rule, title, meaning, count, examples }) =>
                html`<tr>
                  <th scope="row">
                    <button type="button" class="link" data-filter="${rule}" data-run="${run.label}">${title}</button
                    ><span class="meaning">${meaning}</span>
                  </th>
                  <td class="number">${whole(count)}</td>
                  <td class="number bar-cell">
                    <span class="bar" style="width:${((100 * count) / run.wrong).toFixed(1)}%"></span
                    >${percent(count / run.wrong, 0)} %
                  </td>
                  <td>
                    <ul class="examples">
                      ${examples.map(({ key, evidence }) => html`<li><a href="#sample=${encodeURIComponent(`${run.label}|${key}`)}">${key}</a> ${evidence.slice(0, 160)}</li>`)}
                    </ul>
                  </td>
                </tr>`,
            )}`,
          ),
    )}
  </section>`;
}

function costs({ runs }: ReportData): Html {
  return html`<section id="cost" aria-labelledby="cost-title">
    <h2 id="cost-title">Cost and time</h2>
    ${table(
      'By run',
      html`<tr>
        <th scope="col">Run</th>
        <th scope="col" class="number">Answers</th>
        <th scope="col" class="number">Tokens in</th>
        <th scope="col" class="number">Tokens out</th>
        <th scope="col" class="number">Tokens an answer</th>
        <th scope="col" class="number">Money</th>
        <th scope="col" class="number">Median time</th>
        <th scope="col" class="number">95 % within</th>
      </tr>`,
      html`${runs.map(
        ({ label, samples, cost }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="number">${whole(samples.length)}</td>
            <td class="number">${whole(cost.inputTokens)}</td>
            <td class="number">${whole(cost.outputTokens)}</td>
            <td class="number">${whole((cost.inputTokens + cost.outputTokens) / Math.max(1, samples.length))}</td>
            <td class="number">${cost.money > 0 ? cost.money.toFixed(2) : '–'}</td>
            <td class="number">${duration(cost.medianMs)}</td>
            <td class="number">${duration(cost.p95Ms)}</td>
          </tr>`,
      )}`,
    )}
    ${runs
      .filter(({ kinds }) => kinds.length > 0)
      .map(
        (run) =>
          html`${table(
              `${run.label}: by kind of step, each with the call that chose it`,
              html`<tr>
                <th scope="col">Step</th>
                <th scope="col" class="number">Steps</th>
                <th scope="col" class="number">Median time</th>
                <th scope="col" class="number">95 % within</th>
                <th scope="col" class="number">Tokens in</th>
                <th scope="col" class="number">Tokens out</th>
                <th scope="col" class="number">Failed</th>
              </tr>`,
              html`${run.kinds.map(
                (kind) =>
                  html`<tr>
                    <th scope="row">${kind.tool}</th>
                    <td class="number">${whole(kind.steps)}</td>
                    <td class="number">${duration(kind.median)}</td>
                    <td class="number">${duration(kind.p95)}</td>
                    <td class="number">${whole(kind.inputTokens)}</td>
                    <td class="number">${whole(kind.outputTokens)}</td>
                    <td class="number">${whole(kind.failed)}</td>
                  </tr>`,
              )}`,
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
        const width = (count: number) => ((100 * count) / most).toFixed(1);
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
