/** Decides which steps wait for a person, and follows the decision. */
import type { Made, People, Verdict } from './calls';
import { BUILT_IN_TOOLS, HINT_TOOL, NO_USAGE, type Decision, type Step, type StepFailure } from '../trajectory/step';
import type { Hint } from '../contract/people';
import { isWholeQuestion, otherTool } from '../trajectory/parse-action';
import type { SolutionState } from './solution-state';

/** What a decision does to a step: it ends it, sends it to another tool or wording, or changes its program or arguments. */
export interface Reviewed extends Made {
  ended?: Pick<Step, 'output'> & { observation?: string; failed?: StepFailure };
  again?: { tool: string; step: string };
}

/** @returns the rule that makes a step of this tool wait for a person; undefined if none does */
function whyAsked({ profile, spent, moneyAllowed }: SolutionState, tool: string): string | undefined {
  const { steps = [] } = profile.approval ?? {};
  if (steps.includes('always')) return 'always';
  if (steps.includes(tool)) return tool;
  if (tool === 'code' && steps.includes('programs')) return 'programs';
  if (!(BUILT_IN_TOOLS as readonly string[]).includes(tool) && steps.includes('custom-tools')) return 'custom-tools';
  return moneyAllowed !== undefined && (spent.money ?? 0) >= moneyAllowed ? 'money' : undefined;
}

/** Whether people are asked about what a model writes for this step, not about the step: about programs, and the arguments of tools. */
export function isAskedLater(solution: SolutionState, people: People | undefined, tool: string): boolean {
  if (tool === 'code') return true;
  const { input } = solution.profile.tools.find(({ name }) => name === tool) ?? {};
  return input !== undefined && whyAsked(solution, tool) !== undefined && people?.seesArguments() === true;
}

/** Whether an action may ask a person: for its own step, or for the further answers that a whole question gets. */
export function mayAsk(solution: SolutionState, { tool, step }: { tool: string; step: string }): boolean {
  const isVoted = solution.profile.guidance !== undefined && isWholeQuestion(step);
  const ways = isVoted ? [tool, otherTool(tool)] : [tool];
  // The cost of a step is not known before, so with a bound on money any step may pass it.
  const isBounded = isVoted && solution.moneyAllowed !== undefined;
  return isBounded || ways.some((way) => whyAsked(solution, way) !== undefined);
}

/**
 * Asks a person about a step, its program or its arguments, if a rule says so.
 *
 * @param decisions of this step so far; the new one is added
 * @returns undefined if nobody has to be asked
 */
export function review(
  solution: SolutionState,
  people: People | undefined,
  proposed: { tool: string; step: string } & Made,
  decisions: Decision[],
): Promise<Reviewed> | undefined {
  const because = whyAsked(solution, proposed.tool);
  if (because === undefined || !people) return undefined;
  if (proposed.arguments !== undefined && !people.seesArguments()) return undefined;
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
  const { tool: toTool, step: toStep, ...made } = edit;
  if (toTool !== undefined || toStep !== undefined) return { again: { tool: toTool ?? tool, step: toStep ?? step } };
  return made;
}

function refused(reason: string | undefined): Required<Reviewed>['ended'] {
  const output = `A person refused this step${reason ? `: ${reason}` : '; take another one.'}`;
  return { output, failed: { kind: 'refused', message: reason ?? 'no reason was given' } };
}

/** Adds a hint to the solution history. */
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
