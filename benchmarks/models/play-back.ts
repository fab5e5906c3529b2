/**
 * What more votes or other rules of the loop would do, without asking everything again: recorded runs of `compare-systems.ts` are played
 * back through the loop, and only the votes that they lack are asked of the model.
 *
 *     node benchmarks/node-ts.cjs benchmarks/models/play-back.ts --config husky.yaml --runs runs/qwen --out votes --tasks gsm8k \
 *         --before votes=3 --now votes=5 --questions 16
 *
 * `--before rules=6 --now rules=7` compares rules. Of each task it goes on until so many questions needed further votes; the same command
 * goes on where it was stopped.
 *
 * @module
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { executeCode } from '../../src/activities/solve/execute-code';
import { generateCode } from '../../src/activities/solve/generate-code';
import { reasonMath } from '../../src/activities/solve/reason';
import { loadConfig } from '../../src/config';
import { NEWEST_RULES, type SolveProfile } from '../../src/contract/profile';
import { readRun, type Sample } from '../../src/formats/run';
import type { Calls } from '../../src/loop/calls';
import { SolutionState } from '../../src/loop/solution-state';
import { solveLoop, type LoopEnd } from '../../src/loop/solve-loop';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { openContext } from '../../src/runtime/open-context';
import { isWholeQuestion } from '../../src/trajectory/parse-action';
import { addUsage, NO_USAGE, type Step, type Usage } from '../../src/trajectory/step';

const report = { model: 'recorded', usage: NO_USAGE, durationMs: 0 };
/** What both ways answered, and what the asked votes used. */
interface Row {
  key: string;
  before: { answer: string; correct: boolean };
  now: { answer: string; correct: boolean; usage: Usage };
}

type Guidance = NonNullable<SolveProfile['guidance']>;
const GUIDANCE: Guidance = { votes: 5, shortResult: 300, checks: true, rules: NEWEST_RULES };

/** `votes=3,rules=5` over what new solutions have. */
const guidanceOf = (text: string): Guidance => ({
  ...GUIDANCE,
  ...(Object.fromEntries(
    text.split(',').map((part) => [part.split('=')[0], Number(part.split('=')[1])]),
  ) as Partial<Guidance>),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      runs: { type: 'string' },
      out: { type: 'string' },
      tasks: { type: 'string', default: 'gsm8k,MATH,tabmwp' },
      before: { type: 'string', default: 'votes=3' },
      now: { type: 'string', default: 'votes=5' },
      questions: { type: 'string', default: '16' },
    },
  });
  const { config, runs, out } = values;
  if (!config || !runs || !out) throw new Error('Name --config FILE, --runs FOLDER and --out FOLDER.');
  mkdirSync(out, { recursive: true });
  const context = openContext(loadConfig({ path: config }));
  try {
    for (const task of values.tasks.split(','))
      await playTask(context, task, join(runs, `${task}-husky`), join(out, `${task}.jsonl`), values);
  } finally {
    await context.close();
  }
}

async function playTask(
  context: ActivityContext,
  task: string,
  run: string,
  file: string,
  { before, now, questions }: { before: string; now: string; questions: string },
): Promise<void> {
  const rows: Row[] = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
    : [];
  const asked = () => rows.filter(({ now }) => now.usage.calls > 0);
  for (const sample of (await readRun(run)).samples) {
    if (asked().length >= Number(questions)) break;
    const steps = sample.solution?.steps ?? [];
    // Facts that were looked up are not played back.
    if (steps.length === 0 || !steps.every(({ step }) => isWholeQuestion(step))) continue;
    if (rows.some(({ key }) => key === sample.key)) continue;
    const first = await play(context, sample, steps, guidanceOf(before));
    const then = await play(context, sample, steps, guidanceOf(now));
    const row = {
      key: sample.key,
      before: await judged(context, task, sample, first.answer),
      now: { ...(await judged(context, task, sample, then.answer)), usage: then.usage },
    };
    rows.push(row);
    appendFileSync(file, `${JSON.stringify(row)}\n`);
  }
  const these = asked();
  const isOther = ({ before, now }: Row) => before.answer !== now.answer;
  const count = (is: (row: Row) => boolean) => rows.filter(is).length;
  const tokens = these.reduce((sum, { now: { usage } }) => sum + usage.inputTokens + usage.outputTokens, 0);
  process.stdout.write(
    `${task}: of ${rows.length} questions ${these.length} needed further votes, of ${Math.round(tokens / Math.max(1, these.length))} tokens, and ${count(isOther)} have another answer; right with ${before}: ${count(({ before }) => before.correct)},` +
      ` with ${now}: ${count(({ now }) => now.correct)} (won ${count(({ before, now }) => now.correct && !before.correct)}, lost ${count(({ before, now }) => !now.correct && before.correct)})\n`,
  );
}

async function judged(context: ActivityContext, task: string, { question, gold }: Sample, answer: string) {
  const { correct } = await (await context.scorer()).score({ task, prediction: answer || null, gold, question });
  return { answer, correct };
}

/** Plays the loop: recorded answers as long as there are any, then the model's. */
async function play(context: ActivityContext, { question }: Sample, recorded: readonly Step[], guidance: Guidance) {
  const { signal } = new AbortController();
  const left = [...recorded];
  let usage = NO_USAGE;
  let played: Step | undefined;
  const next = (tool: string) => (played = left[0]?.tool === tool ? left.shift() : undefined);
  const counted = <Result extends { usage: Usage }>(result: Result): Result => {
    usage = addUsage(usage, result.usage);
    return result;
  };
  const calls: Partial<Calls> = {
    predictAction: async () => {
      const { tool = 'math', step = '' } = recorded[0] ?? {};
      return { ...report, action: { kind: 'step', tool, step } };
    },
    generateCode: async (input) => {
      // A recorded program that failed had been repaired already.
      const program = input.repair && played ? played : next('code');
      return program ? { ...report, code: program.code ?? '' } : counted(await generateCode(context, input, signal));
    },
    executeCode: async (input) => {
      if (!played) return executeCode(context, input, signal);
      const { failure, observation = '' } = played;
      return { text: observation, durationMs: 0, ...(failure ? { error: failure.message } : {}) };
    },
    reasonMath: async (input) => {
      const thought = next('math');
      return thought ? { ...report, text: thought.output } : counted(await reasonMath(context, input, signal));
    },
    rewriteResult: async ({ observation }) => ({ ...report, text: observation }),
  };
  const profile: Partial<SolveProfile> = {
    limits: { maxSteps: 10, maxTokens: 0, deadlineMs: 0, maxRepairs: 2 },
    tools: [],
    language: context.config.sandbox.language,
    outputStyle: 'default',
    inlineChars: Infinity,
    off: ['search', 'commonsense'],
    guidance,
  };
  const solution = new SolutionState({
    id: '1',
    question,
    profile: profile as SolveProfile,
    workflowId: 'w',
    runId: 'r',
  });
  const end = (await solveLoop(solution, calls as Calls)) as LoopEnd;
  return { answer: solution.end(end.stopReason, end.answer).answer, usage };
}

void main();
