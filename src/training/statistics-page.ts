/**
 * The statistics of a training set as one HTML file that needs no network and no script to be read.
 *
 * @module
 */
import type { ModuleName } from '../trajectory/modules';
import { TOKEN_BOUNDS, type Counts, type ModuleStatistics, type SampleExample } from './extract-statistics';
import type { TrainingSetManifest } from './training-set';

export function statisticsPage(
  manifest: TrainingSetManifest,
  samples: (module: ModuleName) => SampleExample[],
): string {
  const { statistics } = manifest;
  const { read, kept, questions } = statistics.trajectories;
  const modules = Object.entries(statistics.modules) as [ModuleName, ModuleStatistics][];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training set</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Training set</h1>
<p>${kept} of ${read} trajectories kept; ${questions.train} questions to train on, ${questions.dev} held out. Prompt style
<b>${escape(manifest.style)}</b>, format <b>${manifest.format}</b>, at most ${manifest.maxTokens} tokens (${escape(manifest.tokenizer)}),
seed ${manifest.seed}.</p>
<section><h2>Modules</h2>${moduleTable(modules)}</section>
<section class="columns">
${chart('Steps per question', statistics.steps, byNumber)}
${chart('Steps by tool', statistics.tools)}
${chart('Trajectories left out', statistics.rejections)}
</section>
${modules.map(([name, entry]) => moduleSection(name, entry, samples(name))).join('\n')}
</main>
</body>
</html>
`;
}

function moduleTable(modules: [ModuleName, ModuleStatistics][]): string {
  const rows = modules.map(
    ([name, { train, dev, maxTokens, dropped }]) =>
      `<tr><th scope="row"><a href="#${name}">${name}</a></th><td>${train}</td><td>${dev}</td><td>${maxTokens}</td><td class="words">${escape(words(dropped))}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">module</th><th scope="col">train</th><th scope="col">dev</th><th scope="col">longest, tokens</th><th scope="col">dropped</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function moduleSection(name: ModuleName, entry: ModuleStatistics, samples: SampleExample[]): string {
  const bounds = [...TOKEN_BOUNDS.map((bound) => `≤ ${bound}`), `> ${TOKEN_BOUNDS.at(-1)}`];
  const lengths = Object.fromEntries(
    entry.tokens.map((count, at) => [bounds[at] ?? '', count]).filter(([, count]) => count),
  );
  return `<section id="${name}"><h2>${name}</h2>
<div class="columns">${chart('Tokens of an example', lengths, asGiven)}${chart('Examples by tool', entry.tools)}</div>
<h3>${samples.length} examples</h3>
${samples.map(sample).join('\n')}
</section>`;
}

function sample({ id, tool, prompt, completion }: SampleExample): string {
  return `<details><summary><b>${escape(tool)}</b> ${escape(id)}</summary><pre>${escape(prompt)}<mark>${escape(completion)}</mark></pre></details>`;
}

type Order = (a: [string, number], b: [string, number]) => number;
const byCount: Order = (a, b) => b[1] - a[1];
const byNumber: Order = (a, b) => Number(a[0]) - Number(b[0]);
const asGiven: Order = () => 0;

function chart(title: string, counts: Counts, order: Order = byCount): string {
  const entries = Object.entries(counts).sort(order);
  const largest = Math.max(1, ...entries.map(([, count]) => count));
  const bars = entries.map(
    ([label, count]) =>
      `<tr><th scope="row">${escape(label)}</th><td>${count}</td><td class="bar"><span style="width:${((100 * count) / largest).toFixed(1)}%"></span></td></tr>`,
  );
  const body = bars.length > 0 ? `<table class="chart"><tbody>${bars.join('')}</tbody></table>` : '<p>none</p>';
  return `<div><h3>${title}</h3>${body}</div>`;
}

function words(counts: Counts): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --bar: #4a7ab5; --mark: #cfe3c8; --ink: #1b1b1b; }
@media (prefers-color-scheme: dark) { :root { --bar: #6f9fd8; --mark: #27452a; --ink: #ececec; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
table { border-collapse: collapse; }
th, td { padding: .2rem .8rem .2rem 0; text-align: right; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th[scope=row], td.words { text-align: left; font-weight: normal; }
.columns { display: flex; flex-wrap: wrap; gap: 2.5rem; }
.bar { width: 12rem; }
.bar span { display: block; height: .8rem; min-width: 1px; background: var(--bar); }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; }
summary { cursor: pointer; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .8rem; }
mark { background: var(--mark); color: var(--ink); }
`;
