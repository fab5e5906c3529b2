/** Builds the report of one or more runs: a single HTML file that needs no network. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURE_RULES, UNEXPLAINED } from '../failure-rules';
import type { RunDirectory } from '../../formats/run';
import { html, type Html } from './html';
import { percent } from '../../scoring/statistics';
import { range, whole } from './numbers';
import { packedScript } from './packed-json';
import { renderSample, sampleRow } from './render-sample';
import { renderSections } from './render-sections';
import { stylesheet } from './render-solution';
import { reportData, type ReportData, type ReportedRun } from './report-data';

/** Trajectories in a block. A block is unpacked when one of them is first opened, so that the page opens quickly. */
const BLOCK = 100;

export interface ReportOptions {
  /** @default the runs' names */
  title?: string;
}

/** Runs in the order given; the others are compared with the first. @returns the file's text */
export function buildReport(runs: readonly RunDirectory[], options: ReportOptions = {}): string {
  const data = reportData(runs);
  const title = options.title ?? data.runs.map(({ label }) => label).join(', ');
  const all = data.runs.flatMap((run) => run.samples.map((one) => ({ run, one })));
  const rows = all.map(({ run, one }) => sampleRow(run, one));
  const blocks: Html[] = [];
  for (let start = 0; start < all.length; start += BLOCK) {
    const pages = all.slice(start, start + BLOCK).map(({ run, one }) => renderSample(run, one).markup);
    blocks.push(packedScript(`block-${start / BLOCK}`, pages));
  }
  const parts: Record<string, string> = {
    title: html`${title}`.markup,
    style: stylesheet(),
    header: header(title, data).markup,
    navigation: navigation(data).markup,
    sections: renderSections(data).markup,
    filters: filters(data).markup,
    rows: packedScript('rows', { block: BLOCK, rows }).markup,
    blocks: blocks.join('\n'),
    script: asset('page.cjs'),
  };
  return asset('template.html').replace(/<!--\s*\{(\w+)\}\s*-->/g, (_, name: string) => parts[name] ?? '');
}

const asset = (name: string) => readFileSync(join(__dirname, name), 'utf8');

function header(title: string, { runs }: ReportData): Html {
  return html`<h1>${title}</h1>
    <div class="runs">${runs.map(renderRun)}</div>`;
}

function renderRun({ manifest, label, all, samples }: ReportedRun): Html {
  const models = [...new Set(Object.values(manifest.models))].join(', ');
  const fact = (name: string, value: string) =>
    value !== '' &&
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<section class="run" aria-label="Run ${label}">
    <p class="run-name">${label}</p>
    <p class="headline">
      <span class="big">${percent(all.accuracy)} %</span> right <span class="quiet">(${range(all.interval)})</span>
    </p>
    <dl>
      ${fact('System', manifest.system)}${fact('Questions', `${whole(all.questions)}${samples.length > all.questions ? `, ${whole(samples.length)} answers` : ''}`)}${fact('Models', models)}${fact('Prompts', Object.keys(manifest.prompts.hashes).length > 0 ? manifest.prompts.style : '')}${fact('Begun', manifest.createdAt)}${fact('Software', `temporal-husky ${manifest.software}`)}${fact('Settings', manifest.settingsHash.slice(0, 12))}
    </dl>
  </section>`;
}

function navigation({ runs }: ReportData): Html {
  const links: [string, string][] = [
    ['scores', 'Scores'],
    ...(runs.some(({ extractions }) => extractions.length > 0)
      ? ([['extraction', 'How answers were taken']] as [string, string][])
      : []),
    ...(runs.some(({ judge }) => judge !== undefined) ? ([['judge', 'Judge']] as [string, string][]) : []),
    ...(runs.length > 1 ? ([['comparison', 'Comparison']] as [string, string][]) : []),
    ['failures', 'Where it fails'],
    ['cost', 'Cost and time'],
    ...(runs.some(({ steps }) => steps.length > 0) ? ([['steps', 'Steps']] as [string, string][]) : []),
    ['samples', 'Samples'],
  ];
  return html`${links.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}`;
}

function filters({ runs }: ReportData): Html {
  const tasks = [...new Set(runs.flatMap((run) => run.tasks.map(({ task }) => task)))];
  const rules = [...FAILURE_RULES, { id: UNEXPLAINED, title: 'Unexplained' }].filter(({ id }) =>
    runs.some((run) => run.failures.some(({ rule }) => rule === id)),
  );
  const choice = (name: string, label: string, options: [string, string][]) =>
    html`<label
      >${label}
      <select id="filter-${name}">
        <option value="">all</option>
        ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
      </select></label
    >`;
  return html`${
    runs.length > 1 &&
    choice(
      'run',
      'Run',
      runs.map(({ label }) => [label, label]),
    )
  }${
    tasks.length > 1 &&
    choice(
      'task',
      'Task',
      tasks.map((task) => [task, task]),
    )
  }${choice('verdict', 'Verdict', [
    ['right', 'right'],
    ['wrong', 'wrong'],
  ])}${
    rules.length > 0 &&
    choice(
      'rule',
      'Failure',
      rules.map(({ id, title }) => [id, title]),
    )
  }`;
}
