/**
 * Measures a set of experts on atlas-qa without a Temporal server: the same prompts, models, search engine and sandbox, in a plain
 * loop. `node trainer/measure.mjs [--models FOLDER] [--split test|dev|families|entities] [--questions 144] [--seed 5] [--wrong 5]`
 * Needs the built package (npm run build) and Node 24.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = (room) => createRequire(import.meta.url)(join(root, 'dist', room));
const { atlasQuestions } = load('atlas/index.js');
const { createGgufModel } = load('models/index.js');
const { compactPrompts } = load('prompts/compact/index.js');
const { createSandbox } = load('sandbox/index.js');
const { createSearchEngine } = load('search/index.js');
const { expertOf } = load('trajectory/modules.js');
const { parseAction, trimReasoning } = load('trajectory/parse-action.js');

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: join(root, 'models') },
    split: { type: 'string', default: 'test' },
    questions: { type: 'string', default: '144' },
    seed: { type: 'string', default: '5' },
    wrong: { type: 'string', default: '5' },
  },
});
const { models: files } = JSON.parse(readFileSync(join(values.models, 'manifest.json'), 'utf8'));
const open = new Map();
for (const file of new Set(Object.values(files)))
  open.set(file, await createGgufModel({ path: join(values.models, file), concurrency: 1 }));
const engine = await createSearchEngine({});
const sandbox = createSandbox({ concurrency: 1 });

const questions = atlasQuestions(values.split, { seed: Number(values.seed) });
const families = new Map();
const wrong = [];
let right = 0;
for (let index = 0; index < Number(values.questions); index += 1) {
  const { family, trajectory } = questions.next().value;
  const { answer, told } = await solve(trajectory.question);
  const count = families.get(family) ?? { right: 0, of: 0 };
  families.set(family, { right: count.right + Number(answer === trajectory.gold), of: count.of + 1 });
  if (answer === trajectory.gold) right += 1;
  else wrong.push([trajectory.question, `gold: ${trajectory.gold}`, ...told].join('\n  '));
}
console.log(JSON.stringify({ split: values.split, right, of: Number(values.questions), families: Object.fromEntries(families) }));
for (const text of wrong.slice(0, Number(values.wrong))) console.error(text);
await sandbox.close();
for (const model of open.values()) await model.close();

async function ask(module, fields) {
  const { text: prompt, maxTokens, temperature, stop } = compactPrompts.render(module, fields);
  const { text } = await open.get(files[expertOf(module)]).generate({ prompt, maxTokens, temperature, stop });
  return text.trim();
}

async function solve(question) {
  const history = [];
  const told = [];
  for (let calls = 0; calls <= 10; calls += 1) {
    const action = parseAction(await ask('action', { question, history }));
    if (action.kind === 'finish') return { answer: action.answer, told: [...told, action.text] };
    const output = await carryOut({ question, history: [...history], step: action.step }, action.tool);
    history.push({ step: action.step, output });
    told.push(`[${action.tool}] ${action.step} -> ${output}`);
  }
  return { answer: '', told };
}

async function carryOut(fields, tool) {
  if (tool === 'search') {
    const query = await ask('query', fields);
    const observation = query ? (await engine.search(query)).text : undefined;
    return observation === undefined ? 'The search found nothing.' : ask('search-rewrite', { ...fields, observation });
  }
  if (tool === 'code') {
    const code = await ask('code', fields);
    const { ok, stdout, value } = await sandbox.run({ language: 'javascript', code });
    return ok ? ask('code-rewrite', { ...fields, code, observation: stdout.trim() || value }) : 'This step has failed.';
  }
  return trimReasoning(await ask(tool === 'math' ? 'math' : 'commonsense', fields));
}
