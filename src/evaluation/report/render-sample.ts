/** Renders a sample: its line in the list, and its page. */
import { FAILURE_RULES, UNEXPLAINED } from '../failure-rules';
import { goldText } from '../../scoring/metric';
import { html, type Html } from './html';
import { duration, whole } from './numbers';
import { renderSteps, stopNote } from './render-solution';
import type { ReportedRun, ReportedSample } from './report-data';
import type { Sample } from '../../formats/run';

/** A line of the list, as page.cjs reads it; short names, since there are thousands. */
export interface SampleRow {
  /** `run|key`, its address in the page. */
  id: string;
  run: string;
  task: string;
  key: string;
  /** Question, gold answer and prediction. */
  q: string;
  g: string;
  p: string;
  right: boolean;
  /** Rules that apply. */
  f: string[];
  steps: number;
}

const TITLES = new Map(FAILURE_RULES.map(({ id, title }) => [id, title]));

export function sampleRow({ label }: ReportedRun, { sample, findings }: ReportedSample): SampleRow {
  return {
    id: `${label}|${sample.key}`,
    run: label,
    task: sample.task,
    key: sample.key,
    q: sample.question.slice(0, 300),
    g: goldText(sample.gold).slice(0, 200),
    p: (sample.prediction ?? '').slice(0, 200),
    right: sample.verdict.correct,
    f: sample.verdict.correct
      ? []
      : findings.length > 0
        ? [...new Set(findings.map(({ rule }) => rule))]
        : [UNEXPLAINED],
    steps: sample.solution?.steps.length ?? 0,
  };
}

/** The extracted answer and its rule, if it is not the whole prediction. */
function taken({ verdict: { extraction, answer }, prediction }: Sample): string {
  if (extraction === undefined || answer === undefined || answer === null) return '';
  return `; taken by the rule “${extraction}”${answer.trim() === prediction?.trim() ? '' : `: ${answer.slice(0, 200)}`}`;
}

export function renderSample({ label }: ReportedRun, { sample, findings }: ReportedSample): Html {
  const { solution, verdict, prediction, text, failure, usage } = sample;
  const remarks = new Map<number, string[]>();
  for (const { rule, step, evidence } of findings)
    if (step !== undefined)
      remarks.set(step, [...(remarks.get(step) ?? []), `${TITLES.get(rule) ?? rule}: ${evidence}`]);
  const general = findings.filter(({ step }) => step === undefined);
  const note = solution && stopNote(solution);
  return html`<p class="quiet small">${label} · ${sample.key}</p>
    <h3 class="question">${sample.question}</h3>
    <dl class="verdict">
      <div>
        <dt>Answer</dt>
        <dd>${prediction === null || prediction === '' ? 'none' : prediction}</dd>
      </div>
      <div>
        <dt>Gold</dt>
        <dd>${goldText(sample.gold)}</dd>
      </div>
      <div>
        <dt>Verdict</dt>
        <dd>
          <span class="mark ${verdict.correct ? 'right' : 'wrong'}">${verdict.correct ? 'right' : 'wrong'}</span>
          <span class="quiet">${verdict.reason}${taken(sample)}</span>
        </dd>
      </div>
    </dl>
    ${general.map(({ rule, evidence }) => html`<p class="remark">${TITLES.get(rule) ?? rule}: ${evidence}</p>`)}
    ${note !== undefined && html`<p class="remark">${note}</p>`}
    ${failure && html`<p class="remark">${failure.type}: ${failure.message}</p>`}
    ${solution && renderSteps(solution.steps, remarks)}
    ${
      text !== undefined &&
      html`<div class="block">
        <span class="label">What it wrote</span>
        <pre tabindex="0" role="group" aria-label="What it wrote">${text}</pre>
      </div>`
    }
    <p class="quiet small">
      ${duration(sample.durationMs)}, ${usage.calls} model calls, ${whole(usage.inputTokens)} tokens in,
      ${whole(usage.outputTokens)} out, begun
      ${sample.startedAt}${solution && solution.workflowId !== '' && html`, solution ${solution.workflowId}`}
    </p>`;
}
