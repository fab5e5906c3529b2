/**
 * Measures a set of experts on atlas-qa without a Temporal server. Needs the built package (npm run build) and Node 24.
 *
 * `node trainer/measure.mjs [--models FOLDER] [--split test|dev|families|entities] [--questions 300] [--seed 5] [--wrong 5]`
 * answers from question to answer; `--modules` measures each module alone on gold histories; `--cot` the chain-of-thought model;
 * `--ask "QUESTION"` answers one question; `--file FILE` asks questions of your own (JSON lines with question and answer), such as
 * benchmarks/atlas/reworded.jsonl and outside.jsonl. Prints one JSON object: right answers with their 95 % Wilson interval.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { moduleVerdicts } from './measure-modules.mjs';
import { openExperts } from './plain-loop.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = (room) => createRequire(import.meta.url)(join(root, 'dist', `${room}.js`));
const { wilsonInterval } = load('scoring/statistics');
const { scoreAnswer } = load('scoring/score');

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: join(root, 'models') },
    split: { type: 'string', default: 'test' },
    questions: { type: 'string', default: '300' },
    seed: { type: 'string', default: '5' },
    wrong: { type: 'string', default: '5' },
    modules: { type: 'boolean', default: false },
    cot: { type: 'boolean', default: false },
    ask: { type: 'string' },
    file: { type: 'string' },
  },
});
const { split } = values;
const [wanted, seed, shown] = [values.questions, values.seed, values.wrong].map(Number);
const experts = await openExperts(load, { models: values.models });
const answer = values.cot ? experts.think : experts.solve;
const began = Date.now();
try {
  if (values.ask === undefined) await measure();
  else console.log(JSON.stringify(await answer(values.ask)));
} finally {
  await experts.close();
}

async function measure() {
  const { counts, asked, wrong } = values.modules ? await modules() : await answers();
  const scores = Object.fromEntries([...counts].map(([name, count]) => [name, scored(count)]));
  const seconds = Math.round((Date.now() - began) / 1000);
  const system = values.cot ? 'cot' : 'experts';
  const told = { ...(values.file ? { file: values.file } : { split, seed }), system, questions: asked, seconds };
  if (values.modules) console.log(JSON.stringify({ ...told, modules: scores }));
  else {
    const of = asked;
    const right = [...counts.values()].reduce((sum, count) => sum + count.right, 0);
    console.log(JSON.stringify({ ...told, ...scored({ right, of }), families: scores }));
  }
  for (const text of wrong.slice(0, shown)) console.error(text);
}

async function answers() {
  const counts = new Map();
  const wrong = [];
  let asked = 0;
  for (const { family, trajectory } of questions()) {
    asked += 1;
    const { question, gold } = trajectory;
    const { answer: given, told } = await answer(question);
    // Gold trajectories say how an answer is written; people do not.
    const isRight = values.file ? scoreAnswer({ metric: 'answer', prediction: given, gold }).correct : given === gold;
    add(counts, family, isRight);
    if (!isRight) wrong.push([question, `gold: ${gold}`, ...told].join('\n  '));
  }
  return { counts, asked, wrong };
}

async function modules() {
  const counts = new Map();
  const wrong = [];
  let asked = 0;
  for (const { trajectory } of questions()) {
    asked += 1;
    for await (const [module, isRight, text, gold] of moduleVerdicts(experts, trajectory)) {
      add(counts, module, isRight);
      if (!isRight) wrong.push(`${module}: ${trajectory.question}\n  said: ${text}\n  gold: ${gold}`);
    }
  }
  return { counts, asked, wrong };
}

/** As many as are wanted, or all that the split or the file has. */
function* questions() {
  if (values.file) {
    for (const line of readFileSync(values.file, 'utf8').trim().split('\n')) {
      const { question, answer: gold } = JSON.parse(line);
      yield { family: 'file', trajectory: { question, gold } };
    }
    return;
  }
  const all = load('atlas/index').atlasQuestions(split, { seed });
  for (let index = 0; index < wanted; index += 1) {
    try {
      yield all.next().value;
    } catch (error) {
      if (error instanceof RangeError && index > 0) return;
      throw error;
    }
  }
}

function add(counts, name, isRight) {
  const { right, of } = counts.get(name) ?? { right: 0, of: 0 };
  counts.set(name, { right: right + Number(isRight), of: of + 1 });
}

function scored({ right, of }) {
  const { low, high } = wilsonInterval(right, of);
  const share = (value) => Math.round(value * 1000) / 1000;
  return { right, of, accuracy: share(right / of), interval: [share(low), share(high)] };
}
