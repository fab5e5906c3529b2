/**
 * What the experts are compared with: a chain of thought of the same base, trained on the same questions and tokens, and one model in all
 * chairs. Both learn from the trajectories that the experts learn from.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/** Training sets beside the experts', as folders of one module; `epochs` makes their tokens the same. */
export function comparedSets(place, roundFolder, epochs) {
  const load = (room) => createRequire(join(place.package, 'x.js'))(`./dist/${room}.js`);
  const { renderBaseline } = load('prompts/baseline-prompts');
  const set = join(roundFolder, 'training-set');
  const modules = readdirSync(set).filter((name) => existsSync(join(set, name, 'train.jsonl')));
  const rows = modules.flatMap((module) => lines(join(set, module, 'train.jsonl')));
  const { isWholeQuestion } = load('trajectory/parse-action');
  const { answerOfStep, sameAnswer, statedAnswer } = load('trajectory/stated-answer');
  /** Facts that were found, and reasoning that came to the answer; what was thought in vain is left out. */
  const thoughtOf = (steps, answer) => {
    const isRight = (step) => step.tool !== 'code' && sameAnswer(answerOfStep(step) ?? '', answer);
    const whole = steps.filter(({ step }) => isWholeQuestion(step));
    const parts = steps.filter((step) => !whole.includes(step) || step === whole.find(isRight)).map(({ output }) => output);
    const text = parts.join('\n');
    return statedAnswer(text) === undefined ? `${text} The answer is \\boxed{${answer}}.`.trim() : text;
  };
  const kept = keptTrajectories(roundFolder, set);
  const thoughts = kept.map(({ id, question, steps, answer }) => ({
    id,
    tool: 'finish',
    prompt: renderBaseline('cot', { style: 'expert', question, language: 'python' }).text,
    completion: ` ${thoughtOf(steps, answer)}`,
  }));
  const one = store(place, 'one', 'action', set, rows);
  const cot = store(place, 'cot', 'action', set, thoughts);
  const size = (some) => some.reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length, 0);
  return {
    one: { folder: one, epochs, characters: size(rows) * epochs },
    cot: {
      folder: cot,
      epochs: Math.max(1, Math.round((size(rows) * epochs) / Math.max(1, size(thoughts)))),
      characters: size(thoughts),
    },
    questions: kept.length,
  };
}

/** Those of the rounds that the set was made from, without the questions that it held out. */
function keptTrajectories(roundFolder, set) {
  const trained = new Set(lines(join(set, 'action', 'train.jsonl')).map(({ id }) => id.split('#')[0]));
  const last = Number(basename(roundFolder).slice('round-'.length));
  const rounds = Array.from({ length: last }, (_, at) => join(roundFolder, '..', `round-${at + 1}`, 'trajectories'));
  const gold = join(roundFolder, '../../data/gold-train.jsonl');
  const made = rounds.flatMap((folder) => readdirSync(folder).map((key) => join(folder, key, 'trajectories.jsonl')));
  const files = existsSync(gold) ? [...made, gold] : made;
  return files.flatMap(lines).filter(({ id, accepted }) => accepted && trained.has(id));
}

function store(place, name, module, set, rows) {
  const folder = join(place.work, `${name}-set`);
  mkdirSync(join(folder, module), { recursive: true });
  writeFileSync(join(folder, module, 'train.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(join(folder, module, 'dev.jsonl'), '');
  copyFileSync(join(set, 'manifest.json'), join(folder, 'manifest.json'));
  return folder;
}

function lines(path) {
  const text = readFileSync(path, 'utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}
