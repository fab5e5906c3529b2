/** Shows a solution on a terminal: each step with its tool, its instruction and its output. */
import { asCalled } from '../names/called-as';
import { cutEnd, cutMiddle } from '../../trajectory/bounded-text';
import type { WaitingApproval } from '../../contract/people';
import { decisionText } from '../../trajectory/render-markdown';
import { votesText } from '../../trajectory/votes';
import type { Solution, SolutionProgress, Step } from '../../trajectory/step';
import { printable, type Terminal } from './terminal';

const COLOURS: Record<string, 'cyan' | 'green' | 'yellow' | 'magenta'> = {
  search: 'cyan',
  code: 'green',
  math: 'yellow',
  commonsense: 'magenta',
};
/** Characters of programs and results shown; `husky show ID` prints all. */
const SHOWN = 600;
const INDENT = '   ';

export function showQuestion(terminal: Terminal, question: string): void {
  terminal.line(`${terminal.style('bold', 'Question')}  ${indented(cutEnd(question, 2000), '          ')}`);
  terminal.line();
}

export function showStep(terminal: Terminal, step: Step, shown = SHOWN): void {
  const dim = (text: string) => terminal.style('dim', text);
  const tool = terminal.style(COLOURS[step.tool] ?? 'blue', `[${step.tool}]`);
  terminal.line(
    `${terminal.style('bold', `${step.index + 1}.`)} ${tool} ${indented(cutEnd(step.step, shown))}  ${dim(seconds(step.durationMs))}`,
  );
  const part = partsOn(terminal, shown);
  part('query  ', step.query);
  part('program', step.code);
  part('with   ', step.arguments && JSON.stringify(step.arguments));
  part('result ', step.observation === step.output ? undefined : step.observation);
  part('problem', step.error);
  if (step.raw !== undefined) part('wrote  ', cutEnd(step.raw, 300));
  for (const decision of step.decisions ?? []) part('person ', decisionText(decision));
  if (step.attempts > 1) part('repairs', String(step.attempts - 1));
  if (step.fitted) part('fitted ', `${step.fitted.shortened} outputs shortened, ${step.fitted.omitted} steps left out`);
  terminal.line(`${INDENT}→ ${indented(cutEnd(step.output, shown))}`);
}

/** Shows a part of a step behind its label, where there is one. */
const partsOn = (terminal: Terminal, shown: number) => (label: string, text: string | undefined) => {
  if (text !== undefined) terminal.line(`${INDENT}${terminal.style('dim', label)} ${indented(cutMiddle(text, shown))}`);
};

/** What a person has to know of a step that waits. */
type Shown = Omit<WaitingApproval, 'askedAt' | 'index' | 'solutionId'>;

export function waitingLine({ id, tool, step, because }: Shown): string {
  return `${id} [${tool}] ${printable(step).replace(/\s+/g, ' ').slice(0, 200)}  waits for a person (${because})`;
}

/** A step that waits, with its program or arguments, and how it is decided. */
export function showWaiting(terminal: Terminal, approval: Shown, workflowId: string): void {
  const { code, arguments: made, deadlineAt, atDeadline } = approval;
  terminal.line(terminal.style('yellow', waitingLine(approval)));
  const part = partsOn(terminal, SHOWN);
  part('program', code);
  part('with   ', made && JSON.stringify(made));
  if (deadlineAt !== undefined)
    terminal.line(`${INDENT}Nobody decides by ${minuteOf(new Date(deadlineAt))} UTC: ${atDeadline}.`);
  terminal.line(
    asCalled(`${INDENT}husky approve ${workflowId}, or refuse, edit, answer; husky hint tells it something`),
  );
}

/** @param failure why it ended without a result, in a sentence */
export function showEnd(
  terminal: Terminal,
  solution: Solution | SolutionProgress,
  elapsedMs?: number,
  failure?: string,
): void {
  const { answer, stopReason, partial, steps, usage } = solution;
  terminal.line();
  for (const notice of solution.notices ?? []) terminal.line(terminal.style('yellow', `Note    ${printable(notice)}`));
  const label = terminal.style(['bold', partial ? 'yellow' : 'green'], 'Answer');
  terminal.line(
    `${label}  ${answer ? terminal.style('bold', indented(answer, '        ')) : failure !== undefined ? `none: ${printable(failure)}` : stopReason === undefined ? 'none yet' : 'none was found'}${endNote(solution)}`,
  );
  if (solution.votes) terminal.line(`${terminal.style('dim', 'Votes ')}  ${printable(votesText(solution.votes))}`);
  const spent = [
    count(steps.length, 'step'),
    count(usage.calls, 'model call'),
    `${usage.inputTokens} tokens in`,
    `${usage.outputTokens} out`,
    ...(elapsedMs === undefined ? [] : [seconds(elapsedMs)]),
    ...(stopReason === undefined && failure === undefined ? ['still running'] : []),
  ];
  terminal.line(terminal.style('dim', spent.join(', ')));
}

/** Why a solution ended, if its action generator did not finish it. */
export function endNote({ stopReason, partial, answer }: Solution | SolutionProgress): string {
  if (stopReason === undefined || !partial) return '';
  const reasons: Record<string, string> = {
    'max-steps': 'the steps allowed are used up (--max-steps)',
    'token-budget': 'the token budget is spent (--max-tokens)',
    'money-budget': 'the money is spent (limits.money)',
    'no-progress': 'the same step came again, and nothing was left to try',
    deadline: 'the deadline has passed (--deadline)',
    'finish-now': 'finished early on request',
    cancelled: 'cancelled',
  };
  return `  (${answer ? 'best result so far: ' : ''}${reasons[stopReason] ?? stopReason})`;
}

export function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `2026-11-29 04:40`, in UTC. */
export const minuteOf = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ');

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function indented(text: string, indent = `${INDENT}        `): string {
  return printable(text.trim()).replaceAll('\n', `\n${indent}`);
}
