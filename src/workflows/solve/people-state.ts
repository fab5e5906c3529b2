/**
 * What people and the solutions of this workflow have to do with each other just now.
 *
 * @module
 */
import { upsertMemo } from '@temporalio/workflow';
import { WAITING_MEMO } from '../../contract/names';
import type { CarriedPeople, Hint, Waiting, WaitingApproval } from '../../contract/people';
import type { Verdict } from '../../loop/calls';
import type { SolutionState } from '../../loop/solution-state';
import { oneLine } from '../../trajectory/bounded-text';
import type { Decision } from '../../trajectory/step';

/** Decisions that are remembered, to tell whoever comes later. */
const REMEMBERED = 50;
/** Characters of the memo, which every list of workflows carries. */
const MEMO = 160;

/** A step that waits; with a verdict it has been decided, and goes on. */
export interface Open {
  approval: WaitingApproval;
  solution: SolutionState;
  verdict?: Verdict;
}

export const open = new Map<string, Open>();
export const past = new Map<string, Decision>();
export const hints = new Map<string, Hint[]>();
/** Hints to solutions of several samples, for the samples that begin later. */
const heard = new Map<string, Hint[]>();
/** Solutions that run, by number. */
export const running = new Map<string, SolutionState>();
export const rest: { paused?: Waiting['paused'] } = {};
/** What the memo says. */
let told: string | undefined;

/** A solution can be told things from now on. @param carried what the run before has heard */
export function entered(solution: SolutionState, carried: CarriedPeople = {}): void {
  running.set(solution.id, solution);
  const before = carried.hints?.[solution.id];
  if (before) hints.set(solution.id, before);
  const known = carried.heard?.[solution.head];
  if (known) heard.set(solution.head, known);
  if (carried.paused) {
    rest.paused = carried.paused;
    told ??= '(told by the run before)';
  }
}

/** Gives a hint to a solution, and to each of its samples. */
export function giveHint(id: string, hint: Hint): void {
  for (const solution of running.values())
    if (solution.id === id || solution.head === id) hints.set(solution.id, [...(hints.get(solution.id) ?? []), hint]);
  if (!running.has(id)) heard.set(id, [...(heard.get(id) ?? []), hint]);
}

/** A sample that begins reads what the others were told. */
export function inheritHints(head: string, sample: string): void {
  const known = heard.get(head);
  if (known) hints.set(sample, known);
}

export function left(solution: SolutionState): void {
  running.delete(solution.id);
}

/** For the next run, when this one ends by continue-as-new. */
export function peopleForNextRun(): { people?: CarriedPeople } {
  const carried: CarriedPeople = {
    ...rest,
    ...(hints.size > 0 ? { hints: Object.fromEntries(hints) } : {}),
    ...(heard.size > 0 ? { heard: Object.fromEntries(heard) } : {}),
  };
  return Object.keys(carried).length > 0 ? { people: carried } : {};
}

/** Whether several steps that share an activity should be left now: a person has something to say, or wants them to rest. */
export function wantsAttention({ id }: SolutionState): boolean {
  return rest.paused !== undefined || hints.has(id);
}

/** The step of a solution that waits, or of one of its samples. */
export function waitingOf({ id }: Pick<SolutionState, 'id'>): WaitingApproval | undefined {
  const isMine = (solutionId: string) => solutionId === id || running.get(solutionId)?.head === id;
  return waiting().approvals.find(({ solutionId }) => isMine(solutionId));
}

export function waiting(): Waiting {
  return {
    approvals: [...open.values()].filter(({ verdict }) => !verdict).map(({ approval }) => approval),
    ...rest,
    hints: [...hints.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

export function remember(id: string, decision: Decision): void {
  past.set(id, decision);
  if (past.size > REMEMBERED) past.delete(past.keys().next().value ?? '');
}

/** The memo and the current details say what is waited for. A workflow that nobody has to look at is left as it is. */
export function tell(solution?: SolutionState): void {
  const { approvals, paused } = waiting();
  const [first] = approvals;
  const more = approvals.length > 1 ? ` and ${approvals.length - 1} more` : '';
  const approval = first && `${oneLine(`${first.id} [${first.tool}] ${first.step}`, MEMO)}${more}`;
  const pause = paused && `paused${paused.by === undefined ? '' : ` by ${paused.by}`}`;
  const text = [pause, approval].filter((part) => part !== undefined).join('; ') || undefined;
  if (text !== told) upsertMemo({ [WAITING_MEMO]: text ?? null });
  told = text;
  for (const one of solution ? [solution] : running.values()) one.show();
}
