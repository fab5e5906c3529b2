/** Renders a solution for people: the question, each step with its work and output, and the answer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Solution, Step } from '../../trajectory/step';
import { html, Html } from './html';
import { duration, whole } from './numbers';

export type ShownSolution = Pick<Solution, 'question' | 'answer' | 'steps' | 'usage' | 'partial'> &
  Partial<Pick<Solution, 'stopReason' | 'models' | 'prompts' | 'workflowId'>>;

const STOPPED: Record<string, string> = {
  'max-steps': 'The steps ran out',
  'token-budget': 'The token budget was spent',
  'money-budget': 'The money was spent',
  'no-progress': 'The same step came again, and nothing was left to try',
  deadline: 'The deadline passed',
  'finish-now': 'Ended by a person',
  cancelled: 'Cancelled',
};

/** A fragment with the steps. @param marked steps to point at, with the reason */
export function renderSteps(steps: readonly Step[], marked: ReadonlyMap<number, readonly string[]> = new Map()): Html {
  if (steps.length === 0) return html`<p class="quiet">No step was taken.</p>`;
  return html`<ol class="steps">
    ${steps.map((step, position) => renderStep(step, marked.get(position)))}
  </ol>`;
}

function renderStep(step: Step, remarks: readonly string[] = []): Html {
  const tokens = step.usage.inputTokens + step.usage.outputTokens;
  const models = [...new Set(Object.values(step.model))].join(', ');
  return html`<li>
    <p class="action"><span class="tool tool-${toolClass(step.tool)}">${step.tool}</span> <bdi>${step.step}</bdi></p>
    ${remarks.map((remark) => html`<p class="remark">${remark}</p>`)}
    ${step.query !== undefined && html`<p class="query"><span class="label">Query</span> <bdi>${step.query}</bdi></p>`}
    ${step.arguments !== undefined && block('Arguments', JSON.stringify(step.arguments))}
    ${step.code !== undefined && block('Program', step.code)}
    ${step.observation !== undefined && step.observation !== step.output && block('Result', step.observation)}
    ${step.error !== undefined && block('Problem', step.error, 'problem')}
    <p class="output">${step.output}</p>
    <p class="quiet small">
      ${duration(step.durationMs)}${step.attempts > 1 && html`, ${step.attempts} attempts`}${tokens > 0 && html`, ${whole(tokens)} tokens`}${models !== '' && html`, ${models}`}
    </p>
  </li>`;
}

/** Short text stays in its line; a program or a long result gets its own block. */
function block(label: string, text: string, kind = ''): Html {
  const body = text.trim();
  return body.includes('\n') || body.length > 160 || label === 'Program'
    ? html`<div class="block ${kind}">
        <span class="label">${label}</span>
        <pre tabindex="0" role="group" aria-label="${label}">${body}</pre>
      </div>`
    : html`<p class="block ${kind}"><span class="label">${label}</span> <code>${body || '(empty)'}</code></p>`;
}

const toolClass = (tool: string) => (['code', 'math', 'search', 'commonsense'].includes(tool) ? tool : 'custom');

export function stopNote({ stopReason, partial, answer }: ShownSolution): string | undefined {
  if (stopReason === undefined) return 'Still running.';
  if (stopReason === 'finished') return undefined;
  const kept = partial && answer !== '' ? 'the answer is the best result so far' : 'nothing could serve as an answer';
  return `${STOPPED[stopReason] ?? stopReason}; ${kept}.`;
}

/** One self-contained page, for `husky show --html`. */
export function renderSolutionHtml(solution: ShownSolution): string {
  const { question, answer, steps, usage, models, prompts, workflowId, stopReason } = solution;
  const note = stopNote(solution);
  const spent = `${usage.calls} model calls, ${whole(usage.inputTokens)} tokens in, ${whole(usage.outputTokens)} out`;
  const made = [
    models && [...new Set(Object.values(models))].join(', '),
    prompts && `prompts ${prompts.style}`,
    workflowId,
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${question.slice(0, 80)}</title>
        <style>
          ${new Html(stylesheet())}
        </style>
      </head>
      <body class="single">
        <main>
          <h1 class="question">${question}</h1>
          ${renderSteps(steps)}
          <h2>Answer</h2>
          <p class="answer">${answer || (stopReason === undefined ? 'None yet.' : 'None.')}</p>
          ${note !== undefined && html`<p class="remark">${note}</p>`}
          <p class="quiet small">${spent}. ${made.filter(Boolean).join(' · ')}</p>
        </main>
      </body>
    </html> `;
  return page.markup;
}

let style: string | undefined;

/** Style of every page of this room. */
export function stylesheet(): string {
  style ??= readFileSync(join(__dirname, 'report.css'), 'utf8');
  return style;
}
