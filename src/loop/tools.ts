/**
 * The way of each tool from a step to its output. One function a tool, all of the same form; those of the user's own are in custom-tool.ts.
 *
 * @module
 */
import { oneLine } from '../trajectory/bounded-text';
import type { CallReport, PredictActionResult } from '../contract/payloads';
import { EMPTY_SEARCH_OUTPUT } from '../trajectory/solution-history';
import { addUsage, NO_USAGE, type Decision, type Step, type StepFailure } from '../trajectory/step';
import type { Calls } from './calls';
import { customTool } from './custom-tool';
import { review, type Reviewed } from './review';
import type { SolutionState } from './solution-state';

/** What a tool adds to the step record. */
export type Outcome = Pick<Step, 'output'> &
  Partial<Pick<Step, 'code' | 'query' | 'arguments' | 'observation' | 'attempts'>> & {
    /** With the message in full. */ failed?: StepFailure;
  };

/** One call's part in the step: its models, usage and fitted history are collected here. */
export interface StepCalls {
  solution: SolutionState;
  calls: Calls;
  step: string;
  /** Above 0 for another answer to the same step, which is sampled. */
  sample?: number;
  /** Asks a person about the program of this step, where a rule says so. */
  review: (code: string) => Promise<Reviewed> | undefined;
  /** Adds a model call to the step and to the solution's usage. */
  count: <Report extends CallReport>(module: string, report: Promise<Report>) => Promise<Report>;
}

/** A person wants the step taken otherwise. */
type Again = { again: { tool: string; step: string } };
export type ToolWay = (step: StepCalls) => Promise<Outcome | Again>;

const code: ToolWay = async ({ solution, calls, step, sample, count, review }) => {
  const { language, outputStyle, limits } = solution.profile;
  const label = `[code] ${step}`;
  let repair: { code: string; error: string } | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const written = await count(
      'code',
      calls.generateCode(
        { solution: solution.soFar(), step, language, repair, ...(sample ? { sample } : {}) },
        repair ? `${label} (repair ${attempts - 1})` : label,
      ),
    );
    const asked = review(written.code);
    const { ended, again, code = written.code } = asked ? await asked : {};
    if (again) return { again };
    if (ended) return { code, attempts, ...ended };
    const ran = await calls.executeCode({ code, language, outputStyle }, label);
    const outcome = { code, observation: ran.text, attempts };
    if (ran.error !== undefined && attempts <= limits.maxRepairs) {
      repair = { code, error: ran.error };
      continue;
    }
    const failed: StepFailure | undefined =
      ran.error === undefined ? undefined : { kind: 'program-failed', message: ran.error };
    if (failed && outputStyle !== 'husky-v1') return { ...outcome, output: 'The program failed.', failed };
    if (needsNoRewriting(solution, ran.text)) return { ...outcome, output: ran.text, failed };
    const rewritten = await count(
      'code-rewrite',
      calls.rewriteResult({ solution: solution.soFar(), kind: 'code', step, code, observation: ran.text }, label),
    );
    return { ...outcome, output: rewritten.text || ran.text, failed };
  }
};

const search: ToolWay = async ({ solution, calls, step, count }) => {
  const label = `[search] ${step}`;
  const ask = async (query: string) => ({ query, found: await calls.search({ query }, `[search] ${query}`) });
  const written = async () =>
    (await count('query', calls.generateQuery({ solution: solution.soFar(), step }, label))).query;
  // A step of a model that was not trained for the loop is a good query as it stands; only where it finds nothing another is written.
  const direct = solution.profile.guidance ? await ask(step) : undefined;
  const { query, found } = direct?.found.text === undefined ? await ask(await written()) : direct;
  if (found.text === undefined) {
    const kind = found.error === undefined ? 'search-empty' : 'search-failed';
    return { query, output: EMPTY_SEARCH_OUTPUT, failed: { kind, message: found.error ?? 'nothing was found' } };
  }
  const observation = found.text;
  if (needsNoRewriting(solution, observation)) return { query, observation, output: observation };
  const rewritten = await count(
    'search-rewrite',
    calls.rewriteResult({ solution: solution.soFar(), kind: 'search', step, observation }, label),
  );
  return { query, observation, output: rewritten.text || observation };
};

/** A short result says what it says: a call to word it anew costs as much as a step, and alters numbers now and then. */
const needsNoRewriting = ({ profile: { guidance } }: SolutionState, result: string): boolean =>
  guidance !== undefined && result.length <= guidance.shortResult;

const math: ToolWay = async ({ solution, calls, step, sample, count }) => {
  const asked = { solution: solution.soFar(), step, ...(sample ? { sample } : {}) };
  const { text } = await count('math', calls.reasonMath(asked, `[math] ${step}`));
  return { output: text };
};

const commonsense: ToolWay = async ({ solution, calls, step, count }) => {
  const { text } = await count(
    'commonsense',
    calls.reasonCommonsense({ solution: solution.soFar(), step }, `[commonsense] ${step}`),
  );
  return { output: text };
};

/** An action that was not taken as written was taken by the commonsense reasoner. */
function untaken(fallback?: 'unparsable' | 'unknown-tool', problem?: string): StepFailure | undefined {
  if (fallback === undefined) return undefined;
  return fallback === 'unparsable'
    ? { kind: 'unparsable-action', message: problem ?? 'the action generator wrote no [tool] step' }
    : { kind: 'unknown-tool', message: problem ?? 'the action generator named a tool that does not exist' };
}

/** A model that gave no text says why: it was cut while it thought, refused, filtered. */
function unanswered(output: string, problem: string | undefined): StepFailure | undefined {
  return output === '' && problem !== undefined ? { kind: 'no-answer', message: problem } : undefined;
}

/** A traceback ends with what went wrong. */
const lastLine = (text: string) => oneLine(text.trim().split('\n').at(-1) ?? '', 300);

const builtIn: Record<string, ToolWay> = { code, search, math, commonsense };

/** Milliseconds in which a step waited for people. */
const waited = (decisions: readonly Decision[]) =>
  decisions.reduce((sum, { askedAt, decidedAt }) => sum + decidedAt - (askedAt ?? decidedAt), 0);

function wayOf({ profile }: SolutionState, tool: string): ToolWay {
  const custom = profile.tools.find(({ name }) => name === tool);
  return builtIn[tool] ?? (custom ? customTool(custom) : commonsense);
}

/** What a step is made from. */
interface TakenAction {
  tool: string;
  step: string;
  fallback?: 'unparsable' | 'unknown-tool';
  instead?: string;
  sample?: number;
}
type Prediction = Pick<PredictActionResult, keyof CallReport | 'raw'>;

/** Carries out one step and appends it to the solution. */
export async function takeStep(
  solution: SolutionState,
  calls: Calls,
  action: TakenAction,
  prediction?: Prediction,
): Promise<void> {
  solution.chosen = { tool: action.tool, step: action.step };
  const step = await takenStep(solution, calls, action, prediction);
  solution.append({ ...step, index: solution.steps.length });
}

/** Carries out one step. */
export async function takenStep(
  solution: SolutionState,
  calls: Calls,
  action: TakenAction,
  prediction?: Prediction,
): Promise<Omit<Step, 'index'>> {
  const startedAt = Date.now() - (prediction?.durationMs ?? 0);
  const model: Record<string, string> = prediction ? { action: prediction.model } : {};
  let usage = prediction?.usage ?? NO_USAGE;
  let fitted = prediction?.fitted;
  let problem: string | undefined;
  const count: StepCalls['count'] = async (module, call) => {
    const report = await call;
    model[module] = report.model;
    usage = addUsage(usage, report.usage);
    solution.spend(report.usage);
    fitted = report.fitted ?? fitted;
    problem = report.problem ?? problem;
    return report;
  };
  const decisions: Decision[] = [];
  let now: { tool: string; step: string } = action;
  const reviewed = (code?: string) =>
    review(solution, calls.people, { tool: now.tool, step: now.step, code }, decisions);
  const stepCalls = () => ({ solution, calls, step: now.step, sample: action.sample, count, review: reviewed });
  // A program is shown when it is written; every other step before it begins.
  const asked = now.tool === 'code' ? undefined : reviewed();
  const { ended, again } = asked ? await asked : {};
  now = again ?? now;
  let taken: Outcome | Again = ended ?? (await wayOf(solution, now.tool)(stepCalls()));
  while ('again' in taken) {
    now = taken.again;
    taken = await wayOf(solution, now.tool)(stepCalls());
  }
  const { failed: ownFailure = untaken(action.fallback, prediction?.problem), ...outcome } = taken;
  const failed = ownFailure ?? unanswered(outcome.output, problem);
  return {
    tool: now.tool,
    step: now.step,
    ...outcome,
    model,
    usage,
    durationMs: Date.now() - startedAt - waited(decisions),
    attempts: outcome.attempts ?? 1,
    ...(failed ? { failure: { ...failed, message: lastLine(failed.message) }, error: failed.message } : {}),
    ...(prediction?.raw === undefined ? {} : { raw: prediction.raw }),
    instead: action.instead,
    ...(decisions.length > 0 ? { decisions } : {}),
    fitted,
  };
}
