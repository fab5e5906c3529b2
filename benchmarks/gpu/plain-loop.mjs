/**
 * Husky's loop as a plain program: the same prompts, model calls, programs and searches in one process, and nothing durable. What a run
 * through Temporal takes longer than this is what durability costs.
 *
 *     node benchmarks/gpu/plain-loop.mjs --config husky.yaml --file questions.jsonl --in-flight 64 [--repeat 2]
 *
 * Prints a line of JSON: seconds, questions a second, model calls, output tokens.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    file: { type: 'string' },
    'in-flight': { type: 'string', default: '64' },
  },
});
const load = createRequire(join(process.env.HUSKY_PACKAGE ?? join(import.meta.dirname, '../..'), 'x.js'));
const room = (name) => load(`./dist/${name}.js`);
const { loadConfig } = room('config');
const { openContext } = room('runtime/open-context');
const { profileOf } = room('runtime/solution-profile');
const { SolutionState } = room('loop/solution-state');
const { solveLoop } = room('loop/solve-loop');
const { NO_USAGE } = room('trajectory/step');
const bodies = {
  ...room('activities/solve/predict-action'),
  ...room('activities/solve/generate-code'),
  ...room('activities/solve/execute-code'),
  ...room('activities/solve/generate-query'),
  ...room('activities/solve/search'),
  ...room('activities/solve/rewrite-result'),
  ...room('activities/solve/reason'),
};

const context = openContext(loadConfig({ path: values.config }));
const profile = { ...profileOf(context, 'shared', { limits: {} }), inlineChars: Infinity };
const questions = readFileSync(values.file, 'utf8').trim().split('\n').map((line) => JSON.parse(line).question);
const { signal } = new AbortController();
const callsOf = () => {
  const calls = Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, (input) => body(context, input, signal)]));
  return { ...calls, beside: callsOf };
};

const done = [];
async function solve(question) {
  const solution = new SolutionState({
    ...{ id: '', workflowId: '', runId: '', question, profile },
    carried: { profile, usage: NO_USAGE, startedAt: Date.now(), steps: [] },
  });
  const { answer } = (await solveLoop(solution, callsOf())) ?? {};
  done.push({ answer, usage: solution.usage });
}

const started = Date.now();
const waiting = [...questions];
await Promise.all(
  Array.from({ length: Number(values['in-flight']) }, async () => {
    for (let question = waiting.shift(); question !== undefined; question = waiting.shift()) await solve(question);
  }),
);
const seconds = (Date.now() - started) / 1000;
const sum = (of) => done.reduce((total, { usage }) => total + of(usage), 0);
console.log(
  JSON.stringify({
    way: 'plain loop',
    startedAt: started,
    seconds,
    questions: done.length,
    perSecond: done.length / seconds,
    calls: sum(({ calls }) => calls),
    outputTokens: sum(({ outputTokens }) => outputTokens),
  }),
);
await context.close();
