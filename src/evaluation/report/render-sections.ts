/** Renders the report's sections, top to bottom; page.cjs fills the sample browser. */
import type { Comparison } from '../compare';
import { html, type Html } from './html';
import { percent } from '../../scoring/statistics';
import { duration, points, pValue, whole } from './numbers';
import { renderExtractions } from './render-extractions';
import { renderJudges } from './render-judges';
import { renderScores } from './render-scores';
import type { ReportData } from './report-data';
import { table } from './table';

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
                    <span class="bar" style="width:${percent(count / run.wrong)}%"></span
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
