/** `husky score`: judge a file of predictions, with no server and no model. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { LineProblem } from '../../formats/json-lines';
import { readPredictions, type Prediction } from '../../formats/prediction';
import { readQuestions, type LabelledQuestion } from '../../formats/question';
import { EXTRACTIONS, RULES, type Extraction, type Rules } from '../../contract/scoring';
import { findMetric, metricNames } from '../../scoring/metrics/registry';
import { scoreFile, type ScoreFileSummary } from '../../scoring/score-file';
import { noticeOfLists } from '../../scoring/list-golds';
import { findTaskQuestions } from '../../evaluation/task-questions';
import { percent } from '../../scoring/statistics';
import { findTask, taskNames } from '../../scoring/tasks';
import { ProgramError } from '../../process/program-error';
import { userFolder } from '../../files/user-folders';
import { choice } from '../options/option-values';
import { printNote, printSteadily } from '../terminal/output';

interface ScoreOptions {
  predictions: string;
  dataset?: string;
  gold?: string;
  data?: string;
  metric?: string;
  rules: Rules;
  extract?: Extraction;
  timeout: string;
  json?: boolean;
}

/** Problems named on stderr; further ones are only counted. */
const SHOWN_PROBLEMS = 20;

export function registerScore(program: Command): void {
  program
    .command('score')
    .description('score predictions against gold answers, without a server and without a model')
    .requiredOption(
      '--predictions <file>',
      'JSONL of { dataset, index, prediction }, or - for stdin; a line may carry its own gold',
    )
    .option('--dataset <name>', 'a task of the registry (below) or a JSONL file of { index, question, answer }')
    .option('--gold <file>', 'JSONL of { index, answer } with the gold answers, instead of the dataset')
    .option(
      '--data <directory>',
      'where the datasets lie, as NAME/test.jsonl (default: the environment variable HUSKY_DATA)',
    )
    .option('--metric <name>', `${metricNames().join(', ')} (default: the task's; "answer" where there is no task)`)
    .addOption(
      choice(
        '--rules <name>',
        'default: right in meaning; husky-v1: as the reference script scores, faults included',
        RULES,
        'default',
      ),
    )
    .addOption(
      choice('--extract <rule>', 'which part of a prediction is its answer (default: auto; see below)', EXTRACTIONS),
    )
    .option('--timeout <seconds>', 'processor time of one verdict', '10')
    .option('--json', 'print the summary on stderr as one JSON object')
    .addHelpText(
      'after',
      `
Prints a JSON line a prediction on stdout: { dataset, index, scores, reason, answer, extraction }; the summary goes to stderr.
A prediction may be a whole response. auto takes the last \\boxed{}, else what follows the last final-answer mark ("The answer is",
####, <answer>, "answer": in JSON), else the whole text, else the last formula or number of the last sentence. marked, boxed, last
and whole take that alone. gsm8k-strict, gsm8k-cot-strict and gsm8k-flexible are lm-evaluation-harness's filters with its exact match.
A gold answer may be a whole solution, too (#### 18, \\boxed{18}). A list as gold answer means all of its elements, in any order;
only metric squad reads it as alternatives.
Exit code 0, 1 when no prediction could be scored, 2 when the input cannot be used.

Tasks: ${taskNames().join(', ')}

Examples:
  husky score --dataset gsm8k --data data/datasets --predictions run.jsonl > scores.jsonl
  husky score --predictions with-gold.jsonl --rules husky-v1
  husky score --dataset my-questions.jsonl --metric number --predictions - < run.jsonl`,
    )
    .action(runScore);
}

async function runScore(options: ScoreOptions): Promise<void> {
  const timeoutMs = Number(options.timeout) * 1000;
  if (!(timeoutMs > 0)) throw new ProgramError(`--timeout takes seconds, not "${options.timeout}".`, 2);
  if (options.metric !== undefined) requireMetric(options.metric);
  const { items: predictions, problems } = await readPredictionFile(options);
  if (predictions.length === 0) {
    const first = problems[0];
    const why = first === undefined ? 'it is empty' : `line ${first.line} ${first.message}`;
    throw new ProgramError(`No prediction could be read from ${options.predictions}: ${why}.`);
  }
  const dataset = datasetName(options.dataset);
  const gold = await goldQuestions(options, dataset, predictions);
  const { metric, rules, extract } = options;
  const { questions } = gold;
  const scoring = scoreFile({ predictions, questions, dataset, metric, rules, extract, bounds: { timeoutMs } });
  for (;;) {
    const step = await scoring.next();
    if (step.done === true) {
      step.value.problems.push(...problems, ...gold.problems);
      report(step.value, options.json === true);
      if (!step.value.datasets.some(({ scored }) => scored > 0)) {
        printNote('No prediction could be scored.');
        process.exitCode = 1;
      }
      return;
    }
    await printSteadily(step.value);
  }
}

function requireMetric(name: string): void {
  try {
    findMetric(name);
  } catch (error) {
    throw new ProgramError((error as Error).message, 2);
  }
}

async function readPredictionFile({
  predictions: file,
  dataset,
  gold,
}: ScoreOptions): ReturnType<typeof readPredictions> {
  const labels = { ownLabels: dataset === undefined && gold === undefined };
  if (file === '-') return readPredictions(process.stdin, labels);
  if (!existsSync(file))
    throw new ProgramError(`There is no file ${file}. Name a JSONL file with --predictions, or - for stdin.`, 2);
  return readPredictions(file, labels);
}

/** The name of a dataset file: its folder's or its own. */
function datasetName(dataset: string | undefined): string | undefined {
  if (dataset === undefined || findTask(dataset) !== undefined || !existsSync(dataset)) return dataset;
  const base = path.basename(dataset, path.extname(dataset));
  const folder = path.basename(path.dirname(path.resolve(dataset)));
  return base === 'test' && findTask(folder) !== undefined ? folder : base;
}

interface GoldAnswers {
  questions: Map<string, LabelledQuestion[]>;
  problems: LineProblem[];
}

/** Questions of every dataset that a line without its own gold answer names. */
async function goldQuestions(
  options: ScoreOptions,
  dataset: string | undefined,
  predictions: readonly Prediction[],
): Promise<GoldAnswers> {
  const gold: GoldAnswers = { questions: new Map(), problems: [] };
  const unlabelled = predictions.filter((line) => line.gold === undefined);
  const needed = new Set(unlabelled.map((line) => dataset ?? line.dataset ?? ''));
  if (dataset !== undefined && options.dataset !== undefined && existsSync(options.dataset)) needed.add(dataset);
  for (const name of needed) {
    const file = options.gold ?? questionsFile(options, name);
    if (!existsSync(file)) throw new ProgramError(`There is no file ${file}. ${GOLD_ADVICE}`, 2);
    const problems: LineProblem[] = [];
    const questions = await readQuestions(file, { needs: 'gold only', onProblem: (one) => problems.push(one) });
    const [first] = problems;
    // Else each prediction would be told to be of no question.
    if (questions.length === 0 && first)
      throw new ProgramError(`No gold answer could be read from ${file}: line ${first.line} ${first.message}.`, 2);
    for (const one of problems) gold.problems.push({ ...one, message: `of ${path.basename(file)} ${one.message}` });
    const notice = noticeOfLists(
      name || 'predictions',
      questions.map((question) => question.gold),
      options.metric,
    );
    if (notice !== undefined) printNote(notice);
    gold.questions.set(name || 'predictions', questions);
  }
  return gold;
}

const GOLD_ADVICE =
  'Say where the datasets lie with --data DIR or HUSKY_DATA (as NAME/test.jsonl below it), or give --gold FILE.';

function questionsFile(options: ScoreOptions, name: string): string {
  const task = findTask(name);
  const given = options.dataset;
  if (given !== undefined && findTask(given) === undefined) {
    if (existsSync(given)) return given;
    throw new ProgramError(`"${given}" is no file and no task. Tasks: ${taskNames().join(', ')}.`, 2);
  }
  if (task === undefined) {
    // `--data questions.jsonl`, where a folder of datasets is meant.
    if (options.data !== undefined && statSync(options.data, { throwIfNoEntry: false })?.isDirectory() === false)
      return options.data;
    const lines = name === '' ? 'Lines that name no dataset' : `Lines of "${name}", which is no task,`;
    throw new ProgramError(`${lines} need --dataset (a task or a file) or --gold (a file).`, 2);
  }
  const directory = options.data ?? process.env['HUSKY_DATA'];
  const file = findTaskQuestions(task, { data: directory, folder: path.join(userFolder('data'), 'questions') });
  if (file !== undefined) return file;
  if (directory === undefined) throw new ProgramError(`The gold answers of ${task.name} are needed. ${GOLD_ADVICE}`, 2);
  return path.join(directory, task.file);
}

function report(summary: ScoreFileSummary, asJson: boolean): void {
  if (asJson) return printNote(JSON.stringify(summary));
  for (const { dataset, scored, questions, undecided, scores, extractions, missing } of summary.datasets) {
    const parts = Object.entries(scores).map(
      ([name, { mean, low, high }]) => `${name} ${percent(mean, 2)} % [${percent(low, 2)}, ${percent(high, 2)}]`,
    );
    printNote(
      `${dataset} (${summary.rules}): ${parts.join(', ')}, ${questions < scored ? `${scored} answers to ${questions} questions` : scored} scored`,
    );
    const taken = Object.entries(extractions).map(([rule, count]) => `${count} ${rule}`);
    if (taken.length > 0) printNote(`  answers taken by: ${taken.join(', ')}`);
    if (undecided > 0) printNote(`  ${undecided} undecided within the bounds, counted as wrong`);
    if (missing.length > 0) {
      const shown = missing.slice(0, 10).join(', ');
      const more = missing.length > 10 ? ', ...' : '';
      printNote(`  ${missing.length} without a prediction, not counted: ${shown}${more}`);
    }
  }
  for (const [kind, found] of Map.groupBy(summary.problems, (problem) => problem.kind)) {
    printNote(`${found.length} ${kind}:`);
    for (const { line, message } of found.slice(0, SHOWN_PROBLEMS)) printNote(`  line ${line} ${message}`);
    const rest = found.slice(SHOWN_PROBLEMS).map((problem) => problem.line);
    if (rest.length > 0) printNote(`  and lines ${rest.join(', ')}`);
  }
}
