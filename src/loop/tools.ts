/**
 * How each built-in tool gets from a step to its output: one function a tool, all of the same form. custom-tool.ts has the user's own tools.
 */
import type { CallReport } from '../contract/payloads';
import { isWholeQuestion } from '../trajectory/parse-action';
import { EMPTY_SEARCH_OUTPUT } from '../trajectory/solution-history';
import type { Step, StepFailure } from '../trajectory/step';
import type { Calls, Made } from './calls';
import { customTool } from './custom-tool';
import type { Reviewed } from './review';
import type { SolutionState } from './solution-state';

/** What a tool adds to the step record. */
export type Outcome = Pick<Step, 'output'> &
  Partial<Pick<Step, 'code' | 'query' | 'arguments' | 'observation' | 'attempts'>> & {
    /** Its message is not shortened yet. */
    failed?: StepFailure;
  };

/** What a tool's way is given. */
export interface StepCalls {
  solution: SolutionState;
  calls: Calls;
  step: string;
  /** Above 0 for another answer to the same step, which is sampled. */
  sample?: number;
  /** Asks a person about the program or the arguments of this step. @returns undefined if no rule says so */
  review: (made: Made) => Promise<Reviewed> | undefined;
  /** Waits for a model call, and adds its report to the step and to the solution's usage. */
  count: <Report extends CallReport>(module: string, report: Promise<Report>) => Promise<Report>;
}

/** A person has given the step another tool or wording. */
export type Again = { again: { tool: string; step: string } };
export type ToolWay = (step: StepCalls) => Promise<Outcome | Again>;

const code: ToolWay = async ({ solution, calls, step, sample, count, review }) => {
  const { language, outputStyle, limits } = solution.profile;
  const label = `[code] ${step}`;
  const exact = solution.profile.guidance?.checks && isWholeQuestion(step) ? true : undefined;
  let repair: { code: string; error: string } | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const written = await count(
      'code',
      calls.generateCode(
        { solution: solution.soFar(), step, language, repair, sample: sample || undefined, exact },
        repair ? `${label} (repair ${attempts - 1})` : label,
      ),
    );
    const asked = review({ code: written.code });
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
  // A model that was not trained for the loop writes steps that are good queries. Only if one finds nothing, another query is written.
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

/** A short result is clear enough. A call that rewrites it costs as much as a step, and sometimes alters a number. */
const needsNoRewriting = ({ profile: { guidance } }: SolutionState, result: string): boolean =>
  guidance !== undefined && result.length <= guidance.shortResult;

const math: ToolWay = async ({ solution, calls, step, sample, count }) => {
  const asked = { solution: solution.soFar(), step, sample: sample || undefined };
  const { text } = await count('math', calls.reasonMath(asked, `[math] ${step}`));
  return { output: text };
};

const commonsense: ToolWay = async ({ solution, calls, step, sample, count }) => {
  const asked = { solution: solution.soFar(), step, sample: sample || undefined };
  const { text } = await count('commonsense', calls.reasonCommonsense(asked, `[commonsense] ${step}`));
  return { output: text };
};

const builtIn: Record<string, ToolWay> = { code, search, math, commonsense };

/** @returns the way of a built-in tool or of a user's own; any other name is taken by the commonsense reasoner */
export function wayOf({ profile }: SolutionState, tool: string): ToolWay {
  const custom = profile.tools.find(({ name }) => name === tool);
  return builtIn[tool] ?? (custom ? customTool(custom) : commonsense);
}
