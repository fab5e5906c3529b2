/** Many questions: a sliding window of solutions, a line for each that ends, and accuracy where the answers are known. */
import { goldText } from '../../scoring/metric';
import { oneLine } from '../../trajectory/bounded-text';
import { addUsage, NO_USAGE, type Solution } from '../../trajectory/step';
import { runPriority } from '../../contract/priority';
import { tellHowToComeBack } from './come-back';
import { explainSolutionFailure } from '../../explain-error';
import type { BatchOptions } from '../../husky-client';
import { accuracy, grade } from './grade';
import { INTERRUPTED } from './interrupt';
import { undefinedOnAbort } from '../../process/abort';
import { inGroups, questionsPerWorkflow } from './per-workflow';
import { readAnyQuestions, type Question } from '../../formats/question';
import { withSession, type Session } from './session';
import { watchOldest } from './what-holds';
import { newId, wishesOf, type SolveFlags } from '../options/solve-flags';
import { count, endNote, seconds } from '../terminal/solution-view';
import { printSteadily, whenReaderLeaves } from '../terminal/output';
import { createTerminal, printable } from '../terminal/terminal';

interface Outcome {
  question: Question;
  workflowId: string;
  solution?: Solution;
  error?: { type: string; message: string };
  correct?: boolean;
}

/** Steps that share one activity where throughput counts; durability is the same (config.ts, stepsPerActivity). */
const STEPS_PER_ACTIVITY = 8;

/** @returns the exit code: 0 when every question has ended with an answer */
export async function solveFile(file: Parameters<typeof readAnyQuestions>[0], flags: SolveFlags): Promise<number> {
  const questions = await readAnyQuestions(file);
  return withSession({ flags }, (session) => solveMany(session, questions, flags));
}

/** One run of the command over a file. */
interface Batch {
  session: Session;
  /** The ids of its solutions begin with it. */
  id: string;
  options: BatchOptions;
  /** Ids of the workflows that run, in the order in which they began. */
  running: Set<string>;
}

async function solveMany(session: Session, questions: readonly Question[], flags: SolveFlags): Promise<number> {
  const { interrupted, failures } = session;
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const id = flags.id ?? newId();
  const batch: Batch = { session, id, options: optionsOf(session, id, flags), running: new Set() };
  const startedAt = Date.now();
  const tally = { done: 0, answered: 0, failed: 0, graded: 0, correct: 0, usage: NO_USAGE };
  const samples = flags.samples ?? session.config.samples;
  const together = questionsPerWorkflow({ ...session.config, samples }, flags.inFlight, flags.perWorkflow);
  const waiting = inGroups(questions, together).values();
  terminal.line(
    terminal.style('dim', `${count(questions.length, 'question')}, ${flags.inFlight} at a time, batch ${id}`),
  );
  const tellHow = () => tellHowToComeBack(`the same command with --id ${id}`, session, flags);
  whenReaderLeaves(tellHow);

  const status = () =>
    terminal.status(`${tally.done} of ${questions.length} done${tally.graded > 0 ? `, ${accuracy(tally)}` : ''}`);
  const lane = async () => {
    for (const group of waiting) {
      if (interrupted.aborted) return;
      const outcomes = await solveGroup(batch, group);
      if (!outcomes) return;
      for (const outcome of outcomes) {
        tally.done += 1;
        if (outcome.error) tally.failed += 1;
        if (outcome.solution?.answer) tally.answered += 1;
        if (outcome.solution) tally.usage = addUsage(tally.usage, outcome.solution.usage);
        if (outcome.correct !== undefined) tally.graded += 1;
        if (outcome.correct) tally.correct += 1;
        terminal.line(outcomeLine(terminal, outcome, tally.done, questions.length));
        if (flags.json) await print(outcome);
      }
      status();
    }
  };
  status();
  const over = new AbortController();
  void watchOldest(session.access.client, batch.running, terminal, over.signal);
  const lanes = Promise.all(Array.from({ length: Math.max(1, Math.floor(flags.inFlight / together)) }, lane));
  try {
    await Promise.race([lanes, ...failures]);
  } finally {
    over.abort();
    terminal.status(undefined);
    whenReaderLeaves(undefined);
  }
  terminal.line();
  const { calls, inputTokens, outputTokens } = tally.usage;
  terminal.line(
    `${tally.done} of ${questions.length} ended: ${tally.answered} with an answer, ${tally.failed} failed; ${calls} model calls, ${inputTokens} tokens in, ${outputTokens} out, ${seconds(Date.now() - startedAt)}`,
  );
  if (tally.graded > 0) terminal.line(terminal.style('bold', `Accuracy: ${accuracy(tally)}`));
  if (interrupted.aborted && tally.done < questions.length) {
    tellHow();
    return INTERRUPTED;
  }
  return tally.answered === questions.length ? 0 : 1;
}

/** @returns undefined when the person has left */
async function solveGroup(batch: Batch, group: readonly Question[]): Promise<Outcome[] | undefined> {
  const { session, id, options, running } = batch;
  const alone = (question: Question) => solveOneOf(batch, question);
  const { maxQuestionChars } = session.config.limits;
  const [first] = group;
  if (!first || group.length === 1 || group.reduce((sum, { question }) => sum + question.length, 0) > maxQuestionChars)
    return eachOf(group, alone);
  const workflowId = `${id}-${first.index}x${group.length}`;
  try {
    const asked = group.map(({ question }) => question);
    running.add(workflowId);
    const handle = await session.husky.startBatch(asked, { ...options, workflowId });
    const results = await undefinedOnAbort(session.interrupted, handle.results());
    if (!results) return undefined;
    return eachOf(group, async (question, at) => {
      const result = results[at];
      if (result && 'solution' in result)
        return { question, workflowId, solution: result.solution, ...(await grade(question, result.solution)) };
      // What failed in an earlier run of this command is asked again.
      return handle.joined ? alone(question) : { question, workflowId, error: result?.failure };
    });
  } catch (error) {
    return group.map((question) => ({ question, workflowId, error: explainSolutionFailure(error) }));
  } finally {
    running.delete(workflowId);
  }
}

/** @returns undefined when one of them is */
async function eachOf(
  group: readonly Question[],
  solve: (question: Question, at: number) => Promise<Outcome | undefined>,
): Promise<Outcome[] | undefined> {
  const outcomes = await Promise.all(group.map(solve));
  return outcomes.some((outcome) => outcome === undefined) ? undefined : (outcomes as Outcome[]);
}

/** A batch that is gone on with asks no finished question again; failed ones are. */
const optionsOf = ({ config }: Session, id: string, flags: SolveFlags): BatchOptions => ({
  ...wishesOf(flags),
  stepsPerActivity: config.stepsPerActivity || STEPS_PER_ACTIVITY,
  priority: runPriority('evaluation', id),
  maxQuestionChars: config.limits.maxQuestionChars,
});

/** @returns undefined when the person has left */
async function solveOneOf({ session, id, options, running }: Batch, question: Question): Promise<Outcome | undefined> {
  const workflowId = `${id}-${question.index}`;
  running.add(workflowId);
  try {
    const handle = await session.husky.start(question.question, { ...options, workflowId });
    const solution = await undefinedOnAbort(session.interrupted, handle.result());
    if (!solution) return undefined;
    return { question, workflowId, solution, ...(await grade(question, solution)) };
  } catch (error) {
    return { question, workflowId, error: explainSolutionFailure(error) };
  } finally {
    running.delete(workflowId);
  }
}

function outcomeLine(terminal: ReturnType<typeof createTerminal>, outcome: Outcome, done: number, all: number): string {
  const { question, solution, error, correct } = outcome;
  const mark =
    error !== undefined
      ? terminal.style('red', 'failed')
      : correct === undefined
        ? terminal.style('dim', 'done  ')
        : correct
          ? terminal.style('green', 'right ')
          : terminal.style('yellow', 'wrong ');
  const text = error
    ? error.message
    : `${solution?.answer || 'no answer'}${correct === false ? ` (gold: ${goldText(question.gold ?? '')})` : ''}${solution ? endNote(solution) : ''}`;
  const position = `${String(done).padStart(String(all).length)}/${all}`;
  return `${position} ${mark} ${printable(oneLine(text, 120))}  ${terminal.style('dim', printable(oneLine(question.question, 90)))}`;
}

/** One line a question. */
async function print({ question, workflowId, solution, error, correct }: Outcome): Promise<void> {
  const { index, dataset, gold } = question;
  const end = solution
    ? { prediction: solution.answer, ...solution }
    : { question: question.question, workflowId, error };
  await printSteadily({ dataset, index, gold, correct, ...end });
}
