/**
 * Husky beside the baselines of the same model: one run directory for each system and task, and a table of all.
 *
 *     npm run build
 *     node benchmarks/node-ts.cjs benchmarks/models/compare-systems.ts --config husky.yaml --data DATASETS --out DIR --limit 60
 *
 * A system may carry settings of the configuration: `husky+samples=3` votes among three samples, `husky+parallel=3` looks up to three
 * facts up at once. What voting and steps side by side do:
 *
 *     ... compare-systems.ts --config husky.yaml --out DIR --tasks atlas-qa,gsm8k --in-flight 1 \
 *         --systems husky,husky+samples=3,husky+samples=5,husky+parallel=3
 *
 * The same command goes on where it was stopped, and asks no finished question twice; `--table` only prints what there is.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config';
import { explainFailure } from '../../src/evaluation/failure-rules';
import { majorityVerdicts } from '../../src/evaluation/majority';
import { scoreQuestions } from '../../src/evaluation/question-scores';
import { readRun, type Sample } from '../../src/formats/run';
import { mcnemarExact, pairedBootstrap, wilsonInterval } from '../../src/scoring/statistics';

const TASKS = ['gsm8k', 'MATH', 'tabmwp', 'atlas-qa'];
const SYSTEMS = ['direct', 'cot', 'cot-few-shot', 'program', 'husky'];
const ROOT = join(__dirname, '../..');

interface Row {
  task: string;
  system: string;
  questions: number;
  /** Per cent, with its 95 % interval. */
  right: string;
  tokens: number;
  seconds: number;
  /** Steps of a hundred whose action could not be taken as written, or was replaced (repeats, early ends). */
  fallbacks: string;
  repeats: string;
  failures: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      data: { type: 'string', default: process.env.HUSKY_DATA },
      out: { type: 'string' },
      tasks: { type: 'string', default: TASKS.join() },
      systems: { type: 'string', default: SYSTEMS.join() },
      limit: { type: 'string', default: '60' },
      seed: { type: 'string', default: '11' },
      samples: { type: 'string', default: '1' },
      'in-flight': { type: 'string', default: '4' },
      table: { type: 'boolean', default: false },
    },
  });
  const { config, data, out } = values;
  if (!out || (!config && !values.table)) throw new Error('Name --config FILE (the models) and --out FOLDER.');
  const [tasks, systems] = [values.tasks.split(','), values.systems.split(',')];
  mkdirSync(out, { recursive: true });
  if (!values.table)
    for (const task of tasks)
      for (const system of systems) {
        const [kind = '', ...settings] = system.split('+');
        const asked = ['--task', task, '--system', kind, '--limit', values.limit, '--seed', values.seed];
        const how = ['--samples', values.samples, '--max-in-flight', values['in-flight'], '--ephemeral'];
        const files = [
          '--config',
          settings.length > 0 ? configWith(resolve(config ?? ''), settings, out) : resolve(config ?? ''),
          ...(data ? ['--data', data] : []),
          '--out',
          folder(out, task, system),
        ];
        await husky(['eval', ...asked, ...how, ...files]);
        await write(out, tasks, systems);
      }
  process.stdout.write(await write(out, tasks, systems));
}

const folder = (out: string, task: string, system: string) => join(resolve(out), `${task}-${system}`);

/** Writes the configuration with other settings. @param settings such as `samples=3` @returns the file */
function configWith(path: string, settings: readonly string[], out: string): string {
  const config = loadConfig({ path });
  for (const setting of settings) {
    const [name = '', value] = setting.split('=');
    if (name === 'samples') config.samples = Number(value);
    else if (name === 'parallel' || name === 'votes') config.guidance[name] = Number(value);
    else throw new Error(`There is no setting ${name}; there are samples, parallel and votes.`);
  }
  const file = join(out, `husky-${settings.join('-')}.json`);
  writeFileSync(file, JSON.stringify(config, null, 2));
  return resolve(file);
}

/** A run that ends without all answers is left for the next time; the others are still asked. */
async function husky(args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  if (code !== 0)
    process.stderr.write(`husky ${args.slice(0, 5).join(' ')} ended with ${code}; the same command goes on with it.\n`);
}

async function write(out: string, tasks: readonly string[], systems: readonly string[]): Promise<string> {
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const task of tasks) {
    const runs = new Map<string, Sample[]>();
    const majorities = new Map<string, Map<string, boolean>>();
    for (const system of systems) {
      if (!existsSync(join(folder(out, task, system), 'manifest.json'))) continue;
      const run = await readRun(folder(out, task, system));
      if (run.samples.length === 0) continue;
      runs.set(system, run.samples);
      rows.push(rowOf(task, system, run.samples));
      if (run.samples.some(({ sample }) => sample > 0))
        for (const verdicts of (await majorityVerdicts(run)).values()) majorities.set(system, verdicts);
    }
    notes.push(...againstMajority(task, majorities, runs.get('husky') ?? []));
    notes.push(...againstBest(task, runs), ...againstPlain(task, runs));
  }
  const head =
    '| task | system | questions | right (95 %) | tokens a question | seconds | fallbacks | repeats and early ends | most frequent failures |';
  const lines = rows.map((row) => `| ${Object.values(row).join(' | ')} |`);
  const text = `${[head, '|---|---|---|---|---|---|---|---|---|', ...lines].join('\n')}\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`;
  writeFileSync(join(out, 'table.md'), text);
  return text;
}

function rowOf(task: string, system: string, samples: readonly Sample[]): Row {
  const questions = scoreQuestions(samples);
  const right = questions.reduce((sum, question) => sum + question.right, 0);
  const { low, high } = wilsonInterval(right, questions.length);
  const steps = samples.flatMap(({ solution }) => solution?.steps ?? []);
  const share = (count: number) => (steps.length === 0 ? '-' : `${percent(count / steps.length)} of ${steps.length}`);
  const rules = new Map<string, number>();
  for (const { rule } of samples.flatMap((sample) => explainFailure(sample)))
    rules.set(rule, (rules.get(rule) ?? 0) + 1);
  const mean = (value: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  return {
    task,
    system,
    questions: questions.length,
    right: `${percent(right / questions.length)} (${percent(low)} to ${percent(high)})`,
    tokens: Math.round(mean(({ usage }) => usage.inputTokens + usage.outputTokens)),
    seconds: Math.round(mean(({ durationMs }) => durationMs / 1000)),
    fallbacks: share(steps.filter(({ raw }) => raw !== undefined).length),
    repeats: share(steps.filter(({ instead }) => instead !== undefined).length),
    failures: [...rules]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 3)
      .map(([rule, count]) => `${rule} ${count}`)
      .join(', '),
  };
}

/** What the majority of each question's answers is worth, and Husky beside it. */
function againstMajority(
  task: string,
  majorities: ReadonlyMap<string, ReadonlyMap<string, boolean>>,
  husky: readonly Sample[],
): string[] {
  const right = new Map(
    husky.filter(({ sample }) => sample === 0).map((one) => [String(one.index), one.verdict.correct]),
  );
  return [...majorities].map(([system, verdicts]) => {
    const count = [...verdicts.values()].filter(Boolean).length;
    const { low, high } = wilsonInterval(count, verdicts.size);
    const shared = [...verdicts].filter(([index]) => right.has(index));
    const own = shared.map(([index]) => right.get(index) ?? false);
    const theirs = shared.map(([, isRight]) => isRight);
    const { onlyFirst, onlySecond, pValue } = mcnemarExact(own, theirs);
    return (
      `${task}, ${system}: the majority of each question's answers is right for ${percent(count / verdicts.size)} of ${verdicts.size} (${percent(low)} to ${percent(high)})` +
      (shared.length > 0 && system !== 'husky'
        ? `; beside it Husky won ${onlyFirst}, lost ${onlySecond} (exact McNemar p = ${pValue.toFixed(2)}).`
        : '.')
    );
  });
}

/** Husky minus the best baseline, over the questions that both have answered. */
function againstBest(task: string, runs: ReadonlyMap<string, Sample[]>): string[] {
  const husky = byIndex(runs.get('husky') ?? []);
  const rate = (samples: Iterable<number>) =>
    [...samples].reduce((sum, value) => sum + value, 0) / Math.max(1, [...samples].length);
  const baselines = [...runs]
    .filter(([system]) => !system.startsWith('husky'))
    .map(([system, samples]) => ({ system, right: byIndex(samples) }));
  const best = baselines.sort((a, b) => rate(b.right.values()) - rate(a.right.values()))[0];
  const shared = best ? [...husky.keys()].filter((index) => best.right.has(index)) : [];
  if (!best || shared.length === 0) return [];
  const { difference, low, high } = pairedBootstrap(
    shared.map((index) => best.right.get(index) ?? 0),
    shared.map((index) => husky.get(index) ?? 0),
  );
  return [
    `${task}: Husky minus ${best.system}, the best baseline: ${points(difference)} points (${points(low)} to ${points(high)}), ${shared.length} questions, paired.`,
  ];
}

/** Husky with other settings minus Husky as configured, and what the settings did. */
function againstPlain(task: string, runs: ReadonlyMap<string, Sample[]>): string[] {
  const plain = byIndex(runs.get('husky') ?? []);
  return [...runs].flatMap(([system, samples]) => {
    if (!system.startsWith('husky+')) return [];
    const right = byIndex(samples);
    const shared = [...plain.keys()].filter((index) => right.has(index));
    const solutions = samples.flatMap(({ solution }) => solution ?? []);
    const steps = solutions.flatMap((solution) => solution.steps);
    const votes = solutions.flatMap((solution) => solution.votes ?? []);
    const begun = votes.reduce(
      (sum, { samples: allowed, none }) =>
        sum + allowed - none.filter(({ because }) => because === 'not-needed').length,
      0,
    );
    const changed = votes.filter(({ answers }) => !answers[0]?.samples.includes(1)).length;
    const together = steps.filter(({ together }, at) => together ?? steps[at + 1]?.together).length;
    const did = [
      ...(votes.length > 0
        ? [
            `${(begun / votes.length).toFixed(2)} samples a question began, and in ${changed} of ${votes.length} the first was outvoted`,
          ]
        : []),
      ...(together > 0 ? [`${together} of ${steps.length} steps were carried out together`] : []),
    ];
    if (shared.length === 0) return [`${task}, ${system}: ${did.join('; ')}.`];
    const { difference, low, high } = pairedBootstrap(
      shared.map((index) => plain.get(index) ?? 0),
      shared.map((index) => right.get(index) ?? 0),
    );
    return [
      `${task}: ${system} minus husky: ${points(difference)} points (${points(low)} to ${points(high)}), ${shared.length} questions, paired${did.length > 0 ? `; ${did.join('; ')}` : ''}.`,
    ];
  });
}

const byIndex = (samples: readonly Sample[]) =>
  new Map(scoreQuestions(samples).map(({ index, right }) => [index, right]));
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const points = (share: number) => (100 * share).toFixed(1);

void main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
