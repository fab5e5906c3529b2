/**
 * Lays out what recipes/real.yaml names: questions to learn from, to choose rounds by and to be tested with; facts to search; configurations.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ONE_HOST, sandboxOf } from './evaluations.mjs';
import { goldTrajectories } from './gold.mjs';
import { wordProblems } from './word-problems.mjs';

/** Of strategyqa's training questions the last ones are kept for the test, since its test set tells no facts. */
const HELD_OUT = 200;

export function prepare(place) {
  const load = (room) => createRequire(join(place.package, 'x.js'))(`./dist/${room}.js`);
  const { atlasQuestions } = load('atlas/index');
  const { atlasDocuments } = load('atlas/documents');
  const { stringify, parseDocument } = createRequire(join(place.package, 'x.js'))('yaml');
  const data = join(place.work, 'data');
  const sets = join(data, 'sets');
  mkdirSync(sets, { recursive: true });
  for (const [name, path] of Object.entries(place.models)) link(path, join(place.work, `${name}.gguf`));

  const counted = Object.entries(place.questions).map(([name, count]) => [name, Math.round(count * place.scale)]);
  const { gsm8k = 0, strategyqa = 0, atlas = 0 } = Object.fromEntries(counted);
  const learn = [];
  const dev = [];
  const documents = [...atlasDocuments()].map(({ title, text }) => ({ title, text }));
  const tests = place.tests.flatMap(({ tasks }) => tasks);
  if (gsm8k > 0) {
    const all = shuffled(read(join(place.datasets, 'gsm8k/train.jsonl')), 11);
    learn.push(...all.slice(0, gsm8k));
    dev.push(...all.slice(gsm8k, gsm8k + place.dev));
  }
  if (strategyqa > 0) {
    const all = read(join(place.datasets, 'strategyqa/train.jsonl')).map((one) => ({
      ...one,
      answer: one.answer ? 'yes' : 'no',
    }));
    documents.push(...all.flatMap(({ facts = [] }) => facts.map((text) => ({ title: text.slice(0, 80), text }))));
    learn.push(...shuffled(all.slice(0, -HELD_OUT), 12).slice(0, strategyqa));
    writeSet(sets, 'strategyqa', all.slice(-HELD_OUT));
  }
  for (const name of tests)
    if (name === 'word-problems') writeSet(sets, name, wordProblems({ seed: 1 }));
    else if (place.datasets && !name.startsWith('atlas') && name !== 'strategyqa')
      writeSet(sets, name, read(join(place.datasets, name, 'test.jsonl')));
  const known = take(atlasQuestions('train', { seed: 5, invented: false }), atlas);
  learn.push(...known.map(({ question, gold }) => ({ question, answer: gold })));
  if (dev.length === 0)
    dev.push(
      ...take(atlasQuestions('dev', { seed: 5 }), place.dev).map(({ question, gold }) => ({ question, answer: gold })),
    );
  write(join(data, 'train.jsonl'), shuffled(learn, 13).map(numbered));
  write(join(data, 'dev.jsonl'), dev.map(numbered));
  write(
    join(data, 'tests.jsonl'),
    tests
      .flatMap((name) => testQuestions(sets, name, atlasQuestions))
      .map(numbered),
  );
  write(join(data, 'gold.jsonl'), known);
  const gold = goldTrajectories(take(atlasQuestions('train', { seed: 6, invented: false }), place.gold));
  if (gold.length > 0) write(join(data, 'gold-train.jsonl'), gold);
  write(join(data, 'facts.jsonl'), documents);
  execFileSync(
    process.execPath,
    [place.husky, 'index', join(data, 'facts.jsonl'), '--out', join(place.work, 'facts.db'), '--force'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );

  const shared = { sandbox: sandboxOf(place), search: { index: 'facts.db' } };
  const yaml = (name, value) => writeFileSync(join(place.work, name), stringify(value));
  const model = {
    provider: 'openai',
    baseUrl: `http://127.0.0.1:${place.port}/v1`,
    model: place.teacher,
    api: 'chat',
    contextTokens: place.slotTokens,
    ...(place.maxTokens ? { maxTokens: place.maxTokens } : {}),
  };
  yaml('teacher.yaml', { prompts: 'instruct', models: { default: model }, ...ONE_HOST, ...shared });
  yaml('experts.yaml', { guidance: { experts: true }, ...ONE_HOST, ...shared });

  const recipe = parseDocument(
    readFileSync(join(place.root, 'recipes/real.yaml'), 'utf8').replaceAll('../.husky-cache/real/', './'),
  );
  const [base] = place.bases;
  recipe.set('out', `./${base}`);
  recipe.setIn(['train', 'base'], `./${base}.gguf`);
  recipe.set('rounds', place.rounds);
  recipe.setIn(['synthesize', 'maxInFlight'], place.inFlight);
  if (gold.length > 0) recipe.setIn(['extract', 'also'], ['./data/gold-train.jsonl']);
  if (place.isVllm) recipe.setIn(['serve', 'server'], 'vllm');
  recipe.setIn(['evaluate', 'maxInFlight'], place.inFlight);
  for (const [name, value] of Object.entries(place.train)) recipe.setIn(['train', 'settings', name], value);
  if (place.miniature) {
    // Known trajectories, in place of a teacher that could write them.
    recipe.set('teacher', { scripted: './data/gold.jsonl' });
    recipe.setIn(['synthesize', 'samples'], 1);
    recipe.setIn(['synthesize', 'maxSteps'], place.maxSteps + 6);
    recipe.setIn(['extract', 'language'], 'javascript');
    recipe.setIn(['extract', 'modules'], ['action', 'query']);
    recipe.setIn(['train', 'parallel'], 1);
    recipe.setIn(['synthesize', 'style'], 'trajectory');
  }
  writeFileSync(join(place.work, 'real.yaml'), String(recipe));
}

function testQuestions(sets, name, atlasQuestions) {
  if (!name.startsWith('atlas-qa')) return read(join(sets, name, 'test.jsonl'));
  const split = name === 'atlas-qa' ? 'test' : name.slice('atlas-qa-'.length);
  return take(atlasQuestions(split, { seed: 1 }), 100).map(({ question, gold }) => ({ question, answer: gold }));
}

function take(questions, count) {
  return Array.from({ length: count }, () => questions.next().value.trajectory);
}

function read(path) {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function write(path, lines) {
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function writeSet(sets, name, lines) {
  mkdirSync(join(sets, name), { recursive: true });
  write(
    join(sets, name, 'test.jsonl'),
    lines.map(({ question, answer, index }, at) => ({ index: index ?? at, question, answer })),
  );
}

const numbered = ({ question, answer }, index) => ({ index, question, answer: String(answer) });

/** The same order on every machine. */
function shuffled(lines, seed) {
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  return lines
    .map((line) => ({ line, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ line }) => line);
}

function link(from, to) {
  rmSync(to, { force: true });
  symlinkSync(from, to);
}
