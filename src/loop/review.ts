/**
 * Steps that wait for a person: which do, and what comes of a decision.
 *
 * @module
 */
import type { People, Verdict } from './calls';
import { BUILT_IN_TOOLS, HINT_TOOL, NO_USAGE, type Decision, type Step, type StepFailure } from '../trajectory/step';
import type { Hint } from '../contract/people';
import { isWholeQuestion, otherTool } from '../trajectory/parse-action';
import type { SolutionState } from './solution-state';

/** What a decision makes of a step that waits: its end, another way to take it, or another program. */
export interface Reviewed {
  ended?: Pick<Step, 'output'> & { observation?: string; failed?: StepFailure };
  again?: { tool: string; step: string };
  code?: string;
}

/** The rule by which a step of this tool waits for a person; undefined where it does not. */
export function whyAsked({ profile, spent, moneyAllowed }: SolutionState, tool: string): string | undefined {
  const { steps = [] } = profile.approval ?? {};
  if (steps.includes('always')) return 'always';
  if (steps.includes(tool)) return tool;
  if (tool === 'code' && steps.includes('programs')) return 'programs';
  if (!(BUILT_IN_TOOLS as readonly string[]).includes(tool) && steps.includes('custom-tools')) return 'custom-tools';
  return moneyAllowed !== undefined && (spent.money ?? 0) >= moneyAllowed ? 'money' : undefined;
}

/** Whether carrying an action out may ask a person, also for the other answers that a whole question is given. */
export function mayAsk(solution: SolutionState, { tool, step }: { tool: string; step: string }): boolean {
  const isVoted = solution.profile.guidance !== undefined && isWholeQuestion(step);
  const ways = isVoted ? [tool, otherTool(tool)] : [tool];
  // What a step will cost is not known: with a bound on money, each step may be the one that passes it.
  const isBounded = isVoted && solution.moneyAllowed !== undefined;
  return isBounded || ways.some((way) => whyAsked(solution, way) !== undefined);
}

/**
 * Asks a person about a step, or about its program, where a rule says so.
 *
 * @param decisions of this step so far; the new one is added
 * @returns undefined where nobody is to be asked
 */
export function review(
  solution: SolutionState,
  people: People | undefined,
  proposed: { tool: string; step: string; code?: string },
  decisions: Decision[],
): Promise<Reviewed> | undefined {
  const because = whyAsked(solution, proposed.tool);
  if (because === undefined || !people) return undefined;
  return people.decide({ index: solution.steps.length, ...proposed, because }).then((verdict) => {
    const { kind } = verdict.decision;
    decisions.push(kind === 'edited' ? { ...verdict.decision, proposed } : verdict.decision);
    const { money = 0 } = solution.profile.approval ?? {};
    if (because === 'money') solution.moneyAllowed = (solution.spent.money ?? 0) + money;
    return follow(verdict, proposed);
  });
}

function follow(
  { decision: { kind, reason }, answer = '', edit = {} }: Verdict,
  { tool, step }: { tool: string; step: string },
): Reviewed {
  if (kind === 'refused') return { ended: refused(reason) };
  if (kind === 'answered') return { ended: { output: answer, observation: answer } };
  if (edit.tool !== undefined || edit.step !== undefined)
    return { again: { tool: edit.tool ?? tool, step: edit.step ?? step } };
  return edit.code === undefined ? {} : { code: edit.code };
}

function refused(reason: string | undefined): Required<Reviewed>['ended'] {
  const output = `A person refused this step${reason ? `: ${reason}` : '; take another one.'}`;
  return { output, failed: { kind: 'refused', message: reason ?? 'no reason was given' } };
}

/** A hint as an entry of the solution history. */
export function takeHint(solution: SolutionState, { text, by, at }: Hint): void {
  solution.append({
    index: solution.steps.length,
    tool: HINT_TOOL,
    step: 'A person gave a hint.',
    output: text,
    model: {},
    usage: NO_USAGE,
    durationMs: 0,
    attempts: 1,
    decisions: [{ kind: 'hinted', decidedAt: at, by }],
  });
}
