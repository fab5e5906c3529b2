/** What waits for people in this workflow, what they have said, and the memo that tells of it. */
import { upsertMemo } from '@temporalio/workflow';
import { WAITING_MEMO } from '../../contract/names';
import type { CarriedPeople, Hint, Waiting, WaitingApproval } from '../../contract/people';
import type { Verdict } from '../../loop/calls';
import type { SolutionState } from '../../loop/solution-state';
import { oneLine } from '../../trajectory/bounded-text';
import type { Decision } from '../../trajectory/step';

/** Decisions that are remembered, so that a second person is told who was faster. */
const REMEMBERED = 50;
/** Characters of the memo, which every list of workflows carries. */
const MEMO = 160;

/** A step that waits. Once it has a verdict, it goes on. */
export interface Open {
  approval: WaitingApproval;
  solution: SolutionState;
  verdict?: Verdict;
}

export const open = new Map<string, Open>();
export const past = new Map<string, Decision>();
export const hints = new Map<string, Hint[]>();
/** Hints to a solution of several samples, by solution. Samples that begin later read them, too. */
const heard = new Map<string, Hint[]>();
/** Solutions and samples that run, by id. */
export const running = new Map<string, SolutionState>();
export const rest: { paused?: Waiting['paused'] } = {};
/** The last signal that was refused. */
let unheeded: Waiting['unheeded'];
/** Stands for the first solution, until it begins. */
const FIRST = '';
let hasBegun = false;
/** What the memo says now. */
let told: string | undefined;

/** Registers a solution that begins to run. @param carried what people said in the run before */
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
  hasBegun = true;
  const early = hints.get(FIRST) ?? [];
  hints.delete(FIRST);
  for (const hint of early) giveHint(solution.head, hint);
}

/** Gives a hint to a solution, and to each of its samples. */
export function giveHint(id: string, hint: Hint): void {
  for (const solution of running.values())
    if (solution.id === id || solution.head === id) hints.set(solution.id, [...(hints.get(solution.id) ?? []), hint]);
  if (!running.has(id)) heard.set(id, [...(heard.get(id) ?? []), hint]);
}

/** Whether no solution of this workflow has begun yet, as when an update comes with the start. */
export const isEarly = (): boolean => !hasBegun;

/** Keeps a hint for the solution that begins first. */
export function keepEarlyHint(hint: Hint): void {
  hints.set(FIRST, [...(hints.get(FIRST) ?? []), hint]);
}

/** Gives a sample that begins the hints that its solution got before. */
export function inheritHints(head: string, sample: string): void {
  const known = heard.get(head);
  if (known) hints.set(sample, known);
}

export function left(solution: SolutionState): void {
  running.delete(solution.id);
}

export function keepUnheeded(signal: string, why: string): void {
  unheeded = { signal, why, at: Date.now() };
}

/** A later signal was heeded. */
export function forgetUnheeded(): void {
  unheeded = undefined;
}

/** What the next run has to know, when this one continues as new. */
export function peopleForNextRun(): { people?: CarriedPeople } {
  const carried: CarriedPeople = {
    ...rest,
    ...(hints.size > 0 ? { hints: Object.fromEntries(hints) } : {}),
    ...(heard.size > 0 ? { heard: Object.fromEntries(heard) } : {}),
  };
  return Object.keys(carried).length > 0 ? { people: carried } : {};
}

/** Whether an activity of several steps should end now: there is a hint to read, or a pause to keep. */
export function wantsAttention({ id }: SolutionState): boolean {
  return rest.paused !== undefined || hints.has(id);
}

/** The step that waits, of a solution or of one of its samples. */
export function waitingOf({ id }: Pick<SolutionState, 'id'>): WaitingApproval | undefined {
  const isMine = (solutionId: string) => solutionId === id || running.get(solutionId)?.head === id;
  return waiting().approvals.find(({ solutionId }) => isMine(solutionId));
}

export function waiting(): Waiting {
  return {
    approvals: [...open.values()].filter(({ verdict }) => !verdict).map(({ approval }) => approval),
    ...rest,
    hints: [...hints.values()].reduce((sum, { length }) => sum + length, 0),
    ...(unheeded ? { unheeded } : {}),
  };
}

export function remember(id: string, decision: Decision): void {
  past.set(id, decision);
  if (past.size > REMEMBERED) past.delete(past.keys().next().value ?? '');
}

/** Updates the memo and the current details with what waits. Nothing is written if the memo says so already. */
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
