/**
 * The tables: right answers with their 95 % Wilson intervals, and the experts against every other system by exact McNemar test and paired
 * bootstrap, for each base and seed.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export async function writeTables(place, load) {
  const { readRun } = load('formats/run');
  const { compareRuns } = load('evaluation/compare');
  const { scoreQuestions, totalOf } = load('evaluation/question-scores');
  const runs = new Map();
  for (const system of readdirSync(join(place.work, 'runs')).sort())
    for (const line of readdirSync(join(place.work, 'runs', system))) {
      const path = join(place.work, 'runs', system, line);
      if (!existsSync(join(path, 'samples.jsonl'))) continue;
      const run = await readRun(path);
      for (const name of new Set(run.samples.map((sample) => sample.task)))
        runs.set(`${system}|${name}`, { ...run, samples: run.samples.filter((sample) => sample.task === name) });
    }
  const systems = [...new Set([...runs.keys()].map((key) => key.split('|')[0]))];
  const tasks = place.tests.flatMap((line) => line.tasks).filter((task) => systems.some((system) => runs.has(`${system}|${task}`)));
  const percent = (share) => (100 * share).toFixed(1);
  const cell = (system, task) => {
    const run = runs.get(`${system}|${task}`);
    if (!run || run.samples.length === 0) return '-';
    const { accuracy, interval, questions } = totalOf(task, scoreQuestions(run.samples));
    return `${percent(accuracy)} (${percent(interval.low)} to ${percent(interval.high)}), ${questions}`;
  };
  const text = [
    `# ${place.miniature ? 'In miniature: what the script does, not what experts can do' : 'Experts of a real base'}`,
    '',
  ];
  for (const base of [...place.bases, 'teacher']) {
    const rows = systems.filter((system) => system.startsWith(`${base}-`));
    text.push(
      `## ${base}`,
      '',
      `| % right (95 %), questions | ${tasks.join(' | ')} |`,
      `|---|${'---|'.repeat(tasks.length)}`,
    );
    for (const system of rows)
      text.push(`| ${system.slice(base.length + 1)} | ${tasks.map((task) => cell(system, task)).join(' | ')} |`);
    text.push('');
  }
  const tests = [];
  for (const base of place.bases)
    for (const seed of place.seeds)
      for (const other of systems.filter(
        (system) =>
          (system.startsWith(`${base}-`) && !system.includes('-experts-') && !isOtherSeed(system, seed)) ||
          system.startsWith('teacher-'),
      ))
        for (const task of tasks) {
          const [first, second] = [runs.get(`${other}|${task}`), runs.get(`${base}-experts-${seed}|${task}`)];
          if (!first?.samples.length || !second?.samples.length) continue;
          const [{ mcnemar, difference, conclusion }] = compareRuns(first, second, { seed: 0 }).tasks;
          tests.push({ base, seed, other, task, mcnemar, difference, conclusion });
        }
  text.push(
    '## The experts against each',
    '',
    '| base, seed | against | task | points (95 %) | right only in one: other, experts | p | |',
    '|---|---|---|---|---|---|---|',
  );
  for (const { base, seed, other, task, mcnemar, difference: d, conclusion } of tests)
    text.push(
      `| ${base}, ${seed} | ${other.replace(`${base}-`, '')} | ${task} | ${percent(d.difference)} (${percent(d.low)} to ${percent(d.high)}) | ${mcnemar.onlyFirst}, ${mcnemar.onlySecond} | ${mcnemar.pValue.toFixed(3)} | ${conclusion === 'second is better' ? 'experts better' : conclusion === 'first is better' ? 'experts worse' : ''} |`,
    );
  mkdirSync(place.out, { recursive: true });
  writeFileSync(join(place.out, 'tables.md'), `${text.join('\n')}\n`);
  writeFileSync(join(place.out, 'tests.json'), `${JSON.stringify(tests, null, 1)}\n`);
  return text.join('\n');
}

const isOtherSeed = (system, seed) => /-(?:cot|one)-\d+$/.test(system) && !system.endsWith(`-${seed}`);
