/** Carries out one step: asks people where a rule says so, takes the way of its tool, and records what came of it. */
import { oneLine } from '../trajectory/bounded-text';
import type { CallReport, HandedOver, PredictActionResult } from '../contract/payloads';
import { addUsage, NO_USAGE, type Decision, type Step, type StepFailure } from '../trajectory/step';
import type { Calls, Made } from './calls';
import { isAskedLater, review } from './review';
import type { SolutionState } from './solution-state';
import { wayOf, type Again, type Outcome, type StepCalls } from './tools';

/** What a step is made from. */
type TakenAction = Omit<HandedOver['action'], 'claim'> & { sample?: number };
type Prediction = Pick<PredictActionResult, keyof CallReport | 'raw'>;

/** Carries out one step and appends it to the solution. */
export async function takeStep(
  solution: SolutionState,
  calls: Calls,
  action: TakenAction,
  prediction?: Prediction,
): Promise<void> {
  solution.chosen = { tool: action.tool, step: action.step };
  const step = await carriedOut(solution, calls, action, prediction);
  solution.append({ ...step, index: solution.steps.length });
}

/** Carries out one step, which the caller appends to the solution. @param prediction the call that chose it, which counts as a part of it */
export async function carriedOut(
  solution: SolutionState,
  calls: Calls,
  action: TakenAction,
  prediction?: Prediction,
): Promise<Omit<Step, 'index'>> {
  const startedAt = Date.now() - (prediction?.durationMs ?? 0);
  const reports = new Reports(solution, prediction);
  const decisions: Decision[] = [];
  let { tool, step } = action;
  const reviewed = (made?: Made) => review(solution, calls.people, { tool, step, ...made }, decisions);
  const take = () =>
    wayOf(solution, tool)({ solution, calls, step, sample: action.sample, count: reports.count, review: reviewed });
  // Programs and arguments are reviewed once they are written, all other steps before they begin.
  const asked = isAskedLater(solution, calls.people, tool) ? undefined : reviewed();
  const { ended, again } = asked ? await asked : {};
  if (again) ({ tool, step } = again);
  let taken: Outcome | Again = ended ?? (await take());
  while ('again' in taken) {
    ({ tool, step } = taken.again);
    taken = await take();
  }
  const { failed: ownFailure = untaken(action.fallback, prediction?.problem), ...outcome } = taken;
  const failed = ownFailure ?? unanswered(outcome.output, reports.problem);
  return {
    tool,
    step,
    ...outcome,
    model: reports.model,
    usage: reports.usage,
    durationMs: Date.now() - startedAt - waited(decisions),
    attempts: outcome.attempts ?? 1,
    failure: failed && { ...failed, message: lastLine(failed.message) },
    error: failed?.message,
    raw: prediction?.raw,
    instead: action.instead,
    decisions: decisions.length > 0 ? decisions : undefined,
    fitted: reports.fitted,
  };
}

/** Adds up what the model calls of one step report. */
class Reports {
  readonly model: Record<string, string> = {};
  usage = NO_USAGE;
  fitted: CallReport['fitted'];
  problem: string | undefined;

  constructor(
    private readonly solution: SolutionState,
    prediction: Prediction | undefined,
  ) {
    if (!prediction) return;
    this.model.action = prediction.model;
    this.usage = prediction.usage;
    this.fitted = prediction.fitted;
  }

  readonly count: StepCalls['count'] = async (module, call) => {
    const report = await call;
    this.model[module] = report.model;
    this.usage = addUsage(this.usage, report.usage);
    this.solution.spend(report.usage);
    this.fitted = report.fitted ?? this.fitted;
    this.problem = report.problem ?? this.problem;
    return report;
  };
}

/** Why an action could not be taken as it was written; the commonsense reasoner took it instead. */
function untaken(fallback: TakenAction['fallback'], problem?: string): StepFailure | undefined {
  if (fallback === undefined) return undefined;
  return fallback === 'unparsable'
    ? { kind: 'unparsable-action', message: problem ?? 'the action generator wrote no [tool] step' }
    : { kind: 'unknown-tool', message: problem ?? 'the action generator named a tool that does not exist' };
}

/** Why a model gave no text: it was cut while it thought, refused, or was filtered. */
function unanswered(output: string, problem: string | undefined): StepFailure | undefined {
  return output === '' && problem !== undefined ? { kind: 'no-answer', message: problem } : undefined;
}

/** A traceback ends with what went wrong. */
const lastLine = (text: string) => oneLine(text.trim().split('\n').at(-1) ?? '', 300);

/** Milliseconds for which a step waited for people. */
const waited = (decisions: readonly Decision[]) =>
  decisions.reduce((sum, { askedAt, decidedAt }) => sum + decidedAt - (askedAt ?? decidedAt), 0);
