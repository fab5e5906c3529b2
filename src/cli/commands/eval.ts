/** `husky eval`: an evaluation as a durable workflow, followed live. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describeJudge, judgedSamples } from '../../evaluation/judge-summary';
import { judgeMetric, metricNames } from '../../scoring/metrics/registry';
import { majorityScores } from '../../evaluation/majority';
import { scoreTasks } from '../../evaluation/question-scores';
import { readRun, type Sample } from '../../formats/run';
import { programEnvironment } from '../../evaluation/command-system';
import { planRun } from '../../evaluation/plan-run';
import { noticeOfLists } from '../../scoring/list-golds';
import { findTaskQuestions } from '../../evaluation/task-questions';
import { findTask, taskNames } from '../../scoring/tasks';
import { describeShare, percent } from '../../scoring/statistics';
import type {
  EvaluatedSystem,
  EvaluationProgress,
  EvaluationSettings,
  EvaluationTask,
} from '../../contract/evaluation';
import { BASELINES } from '../../prompts/baseline-prompts';
import { configuredPrompts } from '../../prompts';
import { BUILT_IN_TOOLS } from '../../trajectory/step';
import { oneLine } from '../../trajectory/bounded-text';
import { MAX_STEPS } from '../../contract/profile';
import { EVALUATION_PROGRESS_QUERY } from '../../contract/names-evaluation';
import { EXTRACTIONS, RULES, type Extraction, type Rules } from '../../contract/scoring';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions, type SessionFlags } from '../options/command-config';
import { choice, oneOf, wholeNumber } from '../options/option-values';
import { userFolder } from '../../files/user-folders';
import { longRunId, runInSession } from '../session/long-run';
import { builtInToolsOf } from '../options/solve-flags';
import { checkOutFolder } from '../options/out-folder';
import { PER_WORKFLOW_HELP, questionsPerWorkflow, questionsTogether } from '../session/per-workflow';
import { printable } from '../terminal/terminal';
import { timeLeft } from '../terminal/time-left';
import type { LabNeeds } from '../session/solve-workers';
import { withSession, type Session } from '../session/session';

interface EvalFlags extends SessionFlags {
  task: string[];
  out: string;
  data?: string;
  metric?: string;
  system: string;
  command?: string;
  env: string[];
  limit: number;
  seed: number;
  samples: number;
  maxInFlight: number;
  perWorkflow?: number;
  maxSteps?: number;
  rules: Rules;
  extract?: Extraction;
  tools?: string[];
  json?: boolean;
}

const METRICS = [...metricNames(), judgeMetric];
const SYSTEMS = `husky, a baseline of one prompt (${BASELINES.join(', ')}), or command`;

const HELP = `
A task is a name of the registry (${taskNames().slice(0, 4).join(', ')}, ... , atlas-qa) whose questions lie below --data
(or HUSKY_DATA), or the path of a JSONL file of { index, question, answer } together with --metric.

The run directory is append-only: manifest.json, and samples.jsonl with one finished question a line, readable while it runs.
The same command continues where it stopped and asks no finished question twice, also after --out was changed to a folder
beside the first. husky report DIR makes a page of it, husky compare DIR DIR tells two runs apart.

Examples:
  husky eval --task atlas-qa --limit 100 --out runs/atlas
  husky eval --task questions.jsonl --metric number --system command --command "python3 mine.py" --out runs/mine`;

export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .description('answer the questions of tasks, score them, and write a run directory')
    .requiredOption('--task <name...>', 'tasks: names of the registry, or JSONL files')
    .requiredOption('--out <dir>', 'run directory')
    .option('--data <dir>', 'folder of the datasets (default: HUSKY_DATA)')
    .option('--metric <name>', `${METRICS.join(', ')} (default: the task's; needed for files of your own)`)
    .option('--system <system>', SYSTEMS, 'husky')
    .option('--command <command>', 'for --system command: reads a question, prints an answer')
    .option(
      '--env <name...>',
      'variables that the program of --system command is given beside PATH, HOME, LANG and TMPDIR',
      [],
    )
    .option('--limit <n>', 'questions of each task, drawn by the seed; 0 for all', wholeNumber(0), 0)
    .option('--seed <n>', 'draws the questions', wholeNumber(0), 0)
    .option('--samples <k>', 'answers to each question, sampled; their majority is shown, too', wholeNumber(1), 1)
    .option('--max-in-flight <n>', 'questions at a time', wholeNumber(1), 16)
    .option('--per-workflow <n>', PER_WORKFLOW_HELP, questionsTogether)
    .option(
      '--tools <name...>',
      `built-in tools that Husky may use: ${BUILT_IN_TOOLS.join(', ')} (default: the task's)`,
    )
    .option('--max-steps <n>', 'steps of a solution', wholeNumber(1, MAX_STEPS))
    .addOption(choice('--rules <rules>', 'rules of scoring', RULES, 'default'))
    .addOption(choice('--extract <rule>', 'which part of an answer is scored, see husky score --help', EXTRACTIONS))
    .option('--ephemeral', 'a server in memory for this command alone')
    .option('--json', 'print the result as JSON on standard output')
    .addHelpText('after', HELP);
  addConnectionOptions(command).action(async (flags: EvalFlags) => {
    process.exitCode = await runEval(flags);
  });
}

async function runEval(flags: EvalFlags): Promise<number> {
  const settings = settingsOf(flags);
  checkOutFolder(settings.out);
  const lab = labOf(settings, flags);
  // A dataset that cannot be asked is told before a server and workers start; the run reads it again.
  await planRun(settings);
  return withSession({ flags, lab }, (session) => follow(session, settings, flags));
}

/** The program's queue is named after the run, so that the same command continues a killed run. */
function labOf(settings: EvaluationSettings, { env }: EvalFlags): LabNeeds {
  const { system, out } = settings;
  const runId = longRunId('eval', out);
  if (system.kind !== 'command') return { runId };
  const absent = env.find((name) => process.env[name] === undefined);
  if (absent !== undefined) throw new ProgramError(`--env ${absent}: this variable is not set.`, 2);
  return {
    runId,
    program: { run: { command: system.command, env: programEnvironment(env) }, taskQueue: `husky-${runId}` },
  };
}

async function follow(session: Session, asked: EvaluationSettings, flags: EvalFlags): Promise<number> {
  const isGuided = configuredPrompts(session.config).guided === true;
  const offered: readonly string[] = session.config.builtInTools;
  const helpful = (task: string) => findTask(task)?.tools?.filter((tool) => offered.includes(tool));
  const settings = {
    ...asked,
    tasks: asked.tasks.map((task) => withTools(task, flags.tools ?? (isGuided ? helpful(task.name) : undefined))),
    questionsPerWorkflow: questionsPerWorkflow(session.config, flags.maxInFlight, flags.perWorkflow),
  };
  return runInSession<EvaluationProgress>(session, 'eval', flags, {
    workflow: 'huskyEvaluate',
    input: { settings },
    out: settings.out,
    summary: `${settings.system.kind} on ${settings.tasks.map(({ name }) => name).join(', ')}`,
    priority: 'evaluation',
    status: async (handle) =>
      statusLine((await handle.query(EVALUATION_PROGRESS_QUERY)) as EvaluationProgress, settings),
    report: async (progress, terminal) => {
      terminal.line(statusLine(progress, settings));
      if (progress.done < progress.total) return 1;
      for (const line of await describeRun(settings)) terminal.line(line);
      // A wrong answer is a result; no answer at all is none.
      return progress.failed === progress.done ? 1 : 0;
    },
  });
}

/** Further results of the samples. */
async function describeRun({ out, samples: wanted }: EvaluationSettings): Promise<string[]> {
  const run = await readRun(out);
  const majorities = wanted > 1 ? await majorityScores(run) : [];
  const judge = judgedSamples(run.samples);
  return [
    ...describeFailures(run.samples),
    ...run.manifest.tasks.flatMap(({ name, metric }) => {
      const golds = new Map(run.samples.flatMap((one) => (one.task === name ? [[one.index, one.gold] as const] : [])));
      return noticeOfLists(name, [...golds.values()], metric) ?? [];
    }),
    ...(wanted > 1 ? scoreTasks(run.samples) : []).map(
      ({ task, questions, accuracy, interval, once = accuracy }) =>
        `${task}: ${percent(accuracy)} % of answers to ${questions} questions are right (95 % interval ${percent(interval.low)} to ${percent(interval.high)}), at least one of ${wanted} for ${percent(once)} % (pass@${wanted})`,
    ),
    ...majorities.map(
      ({ task, questions, accuracy, interval }) =>
        `${task}: the majority of ${wanted} answers is right for ${percent(accuracy)} % of ${questions} questions (95 % interval ${percent(interval.low)} to ${percent(interval.high)})`,
    ),
    ...(judge ? [describeJudge(judge)] : []),
  ];
}

/** Reasons for missing answers, each once, with an example. */
function describeFailures(samples: readonly Sample[]): string[] {
  const kinds = new Map<string, { count: number; example: string }>();
  for (const { key, failure } of samples) {
    if (!failure) continue;
    const kind = kinds.get(failure.type) ?? { count: 0, example: `${key}: ${failure.message}` };
    kinds.set(failure.type, { ...kind, count: kind.count + 1 });
  }
  return [...kinds].map(
    ([type, { count, example }]) => `failed: ${count} ${type}, such as ${printable(oneLine(example, 300))}`,
  );
}

function settingsOf(flags: EvalFlags): EvaluationSettings {
  if (flags.metric !== undefined) oneOf(METRICS, 'metric', flags.metric);
  const foreign = flags.rules === 'husky-v1' ? flags.task.find((name) => !findTask(name)) : undefined;
  if (foreign !== undefined)
    throw new ProgramError(`The rules husky-v1 are those of a task of the registry, and ${foreign} is none.`, 2);
  builtInToolsOf(flags.tools);
  return {
    out: resolve(flags.out),
    tasks: flags.task.map((name) => locate(name, flags)),
    system: systemOf(flags),
    limit: flags.limit,
    seed: flags.seed,
    samples: flags.samples,
    maxInFlight: flags.maxInFlight,
    limits: flags.maxSteps === undefined ? {} : { maxSteps: flags.maxSteps },
    stepsPerActivity: 8,
    rules: flags.rules,
    extract: flags.extract,
  };
}

function systemOf({ system, command }: EvalFlags): EvaluatedSystem {
  if (system === 'husky') return { kind: system };
  const baseline = BASELINES.find((name) => name === system);
  if (baseline) return { kind: baseline };
  if (system !== 'command') throw new ProgramError(`--system is ${system}; it must be ${SYSTEMS}.`, 2);
  if (!command)
    throw new ProgramError('--system command needs --command "PROGRAM": it reads a question and prints an answer.', 2);
  return { kind: 'command', command };
}

/** Undefined if all tools of the configuration are offered. */
function withTools(task: EvaluationTask, tools: readonly string[] | undefined): EvaluationTask {
  return tools?.length ? { ...task, builtInTools: [...tools] } : task;
}

function locate(name: string, { data = process.env.HUSKY_DATA, metric }: EvalFlags): EvaluationTask {
  const task = findTask(name);
  if (!task) {
    if (!existsSync(name))
      throw new ProgramError(`No task and no file is called ${name}. Tasks: ${taskNames().join(', ')}.`, 2);
    if (!metric)
      throw new ProgramError(
        `${name} is a file of your own: name its metric with --metric (number, exact-match, ...).`,
        2,
      );
    return { name: basename(name).replace(/\.jsonl?$/, ''), file: resolve(name), metric };
  }
  const file = findTaskQuestions(task, { data, folder: join(userFolder('data'), 'questions') });
  if (file === undefined)
    throw new ProgramError(
      `The questions of ${task.name} are not at ${data ? join(data, task.file) : '--data'}: name the folder that holds ${task.file} with --data or HUSKY_DATA.`,
      2,
    );
  return { name: task.name, file, metric };
}

function statusLine(
  { done, total, correct, failed, reused, usage, money, startedAt }: EvaluationProgress,
  { samples }: EvaluationSettings,
): string {
  const asked = done - reused;
  const elapsed = Date.now() - startedAt;
  const left = asked > 0 && done < total ? `, ${timeLeft((elapsed / asked) * (total - done))}` : '';
  return [
    `${done} of ${total} answered${reused > 0 ? ` (${reused} taken over)` : ''}`,
    // Several answers to one question are not independent: describeRun has the interval over questions.
    done > 0 ? `${correct} right (${samples > 1 ? `${percent(correct / done)} %` : describeShare(correct, done)})` : '',
    failed > 0 ? `${failed} failed` : '',
    `${usage.inputTokens + usage.outputTokens} tokens${money > 0 ? `, ${money.toFixed(2)} spent` : ''}${left}`,
  ]
    .filter(Boolean)
    .join(', ');
}
