/**
 * Settles the answer of a step that asked the whole question: the question is asked again in another way until two answers agree.
 * Reasoning and programs fail on different questions, so their agreement is worth more than either alone.
 */
import { isWholeQuestion, otherTool, WHOLE_QUESTION } from '../trajectory/parse-action';
import { falseEquation, falseProduct } from '../trajectory/equations';
import { asAsked, asksForJudgement, isTruthForThing, loneNumber, truthAtStart } from '../trajectory/asked-answer';
import { isImpossible } from '../trajectory/possible-answer';
import { scaleOfTable } from '../trajectory/table-scale';
import {
  answerOfStep,
  numbersOf,
  readable,
  sameAnswer,
  sameKind,
  sameList,
  scaledAs,
  statedAnswer,
  unmarked,
} from '../trajectory/stated-answer';
import type { Step } from '../trajectory/step';
import type { Calls } from './calls';
import type { SolutionState } from './solution-state';
import { takeStep } from './take-step';

/**
 * A program that compares numbers which searches have found settles a question of yes or no alone: thinking turned 25,069,229 > 18,383,955
 * round on both questions of 40 where the two differed (benchmarks/models).
 *
 * @param claim the answer that the action generator had finished with; it counts as one vote
 * @returns the answer that two steps agree on, else a program's, else the first answer; undefined if the newest step does not answer the whole question, or
 * no step gave an answer
 */
export async function settle(solution: SolutionState, calls: Calls, claim?: string): Promise<string | undefined> {
  const answer = await agreed(solution, calls, claim);
  if (answer === undefined || (solution.profile.guidance?.rules ?? 0) < 6) return answer;
  const thoughts = solution.steps.filter(({ tool, step }) => tool === 'math' && isWholeQuestion(step));
  const scaled = scaledAs(
    answer,
    thoughts.map(({ output }) => output),
  );
  const ofTable = scaleOfTable(solution.question, scaled);
  return readable(ofTable === undefined ? scaled : `${scaled} ${ofTable}`);
}

async function agreed(solution: SolutionState, calls: Calls, claim?: string): Promise<string | undefined> {
  const { guidance, off = [], limits } = solution.profile;
  const first = solution.steps.at(-1);
  if (!guidance || !first || !isWholeQuestion(first.step) || isRefused(first)) return undefined;
  const { question } = solution;
  const rules = guidance.rules ?? 0;
  const isSame = (one: string, other: string) =>
    sameAnswer(one, other) ||
    (rules >= 6 && sameAnswer(unmarked(one), unmarked(other))) ||
    (rules >= 7 && sameList(one, other));
  const stated = (step: Step | undefined) => answerIn(step, question, rules);
  const answerOf = (step: Step | undefined) => (rules >= 6 && miscalculates(step, rules) ? undefined : stated(step));
  const read = (text: string | undefined) => {
    if (!guidance.checks || text === undefined) return text;
    if (rules >= 6 && isTruthForThing(question, text)) return undefined;
    const lone = rules >= 2 ? loneNumber(question, plainText(text, rules)) : text;
    if (rules >= 7 && isImpossible(question, lone)) return undefined;
    return asAsked(question, lone, numbersKnown(solution));
  };
  const isCompared = (vote: { tool: string; text: string | undefined }): vote is { tool: string; text: string } =>
    rules >= 3 && vote.tool === 'code' && /^(?:yes|no)$/i.test(vote.text ?? '') && numbersKnown(solution).length >= 2;
  // A program cannot judge: it prints what the model guessed before it thought.
  const isGuess = (tool: string) => rules >= 5 && tool === 'code' && isJudgement(solution);
  const answers = [{ tool: first.tool, text: isGuess(first.tool) ? undefined : read(answerOf(first)) }];
  if (isCompared(answers[0]!)) return answers[0].text;
  if (claim !== undefined) {
    const text = read(statedAnswer(claim) ?? claim);
    if (text && answers[0]?.text && isSame(text, answers[0].text)) return text;
    answers.push({ tool: 'finish', text });
  }
  // Sentences in other words cannot be compared; the action generator reads them.
  if (rules >= 5 && first.tool === 'commonsense' && answers[0]?.text === undefined) return undefined;
  // A judgement is asked for again as a judgement, because a program does not know what is likely.
  const isAlone = first.tool === 'commonsense' || off.includes(otherTool(first.tool));
  const ways = (isAlone ? [first.tool] : [first.tool, otherTool(first.tool)]).filter((tool) => !isGuess(tool));
  for (let asked = 1; asked < guidance.votes; asked += 1) {
    if (solution.taken >= limits.maxSteps || solution.isSpent()) break;
    const tool = ways[asked % ways.length] ?? first.tool;
    // The first answer of each tool is greedy. Later ones are sampled, so that they can differ.
    const sample = Math.floor((ways.includes(first.tool) ? asked : asked - 1) / ways.length);
    await takeStep(solution, calls, { tool, step: WHOLE_QUESTION, sample });
    const newest = { tool, text: read(answerOf(solution.steps.at(-1))) };
    if (isCompared(newest)) return newest.text;
    const same = answers.find(({ text }) => text && newest.text && isSame(text, newest.text));
    // Reasoning states the answer as people write it: 5/14, where a program prints 0.357.
    if (same) return same.tool === 'code' ? newest.text : same.text;
    answers.push(newest);
  }
  // A claim was read off the facts; whoever answered the whole question has thought more. An answer of another kind is better than none.
  const worked = guidance.checks ? answers.filter(({ tool }) => tool !== 'finish') : answers;
  return mostLikely(worked, rules) ?? mostLikely(answers, rules) ?? stated(first);
}

/** An answer without the command that sets words in a formula. */
const plainText = (text: string, rules: number) => (rules >= 3 ? text.replace(/^\\text\{([^{}]*)\}$/, '$1') : text);

/** Characters of a thought whose equations are checked. */
const MAX_THOUGHT = 10_000;
/** Characters of a found text whose numbers are compared. */
const MAX_FACT = 500;

/**
 * Of answers that all differ, the first program's: of 171 such questions it was right in 50 and the first thought in 33
 * (benchmarks/models). A program that prints words where the thought states a number has understood something else, and the reverse.
 */
function mostLikely(answers: readonly { tool: string; text: string | undefined }[], rules: number): string | undefined {
  const first = answers.find(({ text }) => text)?.text;
  const printed = answers.find(({ tool, text }) => tool === 'code' && text)?.text;
  return first !== undefined && printed !== undefined && sameKind(first, printed, rules >= 7) ? printed : first;
}

/** Whether the question asks for a judgement, and its searches found no numbers to compare. */
export const isJudgement = (solution: SolutionState): boolean =>
  asksForJudgement(solution.question) && numbersKnown(solution).length < 2;

/** Numbers that searches found. */
const numbersKnown = ({ steps }: SolutionState): number[] =>
  steps.filter(({ tool }) => tool === 'search').flatMap(({ output }) => numbersOf(output.slice(0, MAX_FACT)));

/** Nothing where the step was refused or its program failed. */
function answerIn(step: Step | undefined, question: string, rules: number): string | undefined {
  if (!step || isRefused(step) || (step.failure !== undefined && step.tool === 'code')) return undefined;
  const stated = answerOfStep(step, rules >= 6);
  return rules >= 5 ? (truthAtStart(question, stated ?? step.output) ?? stated) : stated;
}

/** Whether a thought wrote down an equation that does not hold. Two thoughts often slip in the same way, and then outvote a program. */
function miscalculates(step: Step | undefined, rules: number): boolean {
  if (step?.tool !== 'math') return false;
  const thought = step.output.slice(0, MAX_THOUGHT);
  return falseEquation(thought) !== undefined || (rules >= 7 && falseProduct(thought) !== undefined);
}

const isRefused = ({ failure }: Step) => failure?.kind === 'refused';
