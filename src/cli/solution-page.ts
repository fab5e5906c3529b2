/**
 * A solution as one self-contained HTML page, to be kept or sent.
 *
 * @module
 */
import type { Solution, SolutionProgress, Step } from '../trajectory/step';
import { count, endNote, seconds } from './solution-view';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#595959, #b0b0b0); --box: light-dark(#f6f6f6, #222); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; background: light-dark(#fff, #161616); color: light-dark(#111, #eee); }
ol { list-style: none; padding: 0; } li { border-top: 1px solid var(--line); padding: 1rem 0; }
pre { background: var(--box); padding: .75rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; font-size: .875rem; }
.tool { font-weight: 600; } .soft, dt { color: var(--soft); font-size: .875rem; } dd { margin: 0 0 .5rem; } .answer { font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
`;

export function solutionPage(solution: Solution | SolutionProgress): string {
  const { question, answer, steps, usage, models, prompts, workflowId } = solution;
  const spent = `${count(steps.length, 'step')}, ${count(usage.calls, 'model call')}, ${usage.inputTokens} tokens in, ${usage.outputTokens} out`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(question.slice(0, 80))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(question)}</h1>
<ol>
${steps.map(renderStep).join('\n')}
</ol>
<h2>Answer</h2>
<p class="answer">${answer ? escape(answer) : 'None was found.'}</p>
<p class="soft">${escape(endNote(solution).trim())}</p>
<p class="soft">${escape(spent)}. Solution ${escape(workflowId)}, prompts ${escape(prompts.style)}, models ${escape([...new Set(Object.values(models))].join(', '))}.</p>
</main>
</body>
</html>
`;
}

function renderStep(step: Step): string {
  const part = (label: string, text: string | undefined) =>
    text === undefined ? '' : `<dt>${label}</dt><dd><pre>${escape(text)}</pre></dd>`;
  return `<li>
<p><span class="tool">${step.index + 1}. [${escape(step.tool)}]</span> ${escape(step.step)} <span class="soft">${seconds(step.durationMs)}</span></p>
<dl>${part('Query', step.query)}${part('Program', step.code)}${part('Result', step.observation)}${part('Problem', step.error)}</dl>
<p>${escape(step.output)}</p>
</li>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
