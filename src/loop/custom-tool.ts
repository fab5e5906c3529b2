/** How a user's own tool carries out a step. It gets the step as a sentence, or arguments that a model writes from the step. */
import type { CustomTool } from '../contract/profile';
import { oneLine } from '../trajectory/bounded-text';
import { fitHistory } from '../trajectory/fit-history';
import type { StepFailure } from '../trajectory/step';
import type { CustomOutcome } from './calls';
import { readToolResult } from './tool-result';
import type { Outcome, StepCalls, ToolWay } from './tools';

/** Characters of the history that a custom tool is given. Each call stores them again in Temporal's history. */
const CUSTOM_HISTORY = 4000;
/** Characters of a failure that the next prompts show. */
const SHOWN_FAILURE = 500;

export const customTool = (tool: CustomTool): ToolWay => {
  const { name, description, input } = tool;
  return input === undefined ? bySentence(tool) : byArguments(tool, { name, description, input });
};

const bySentence =
  (tool: CustomTool): ToolWay =>
  async ({ solution, calls, step }) => {
    const { entries } = fitHistory(solution.history(), CUSTOM_HISTORY, ({ length }) => length);
    const history = entries.map(({ step, output }) => ({ step, output }));
    const called = await calls.custom(tool, { question: solution.question, step, history });
    return 'returned' in called ? readToolResult(tool.name, called.returned) : failed('tool-failed', called);
  };

type Described = Required<Pick<CustomTool, 'name' | 'description' | 'input'>>;

/**
 * Arguments that fit neither the schema nor the tool go back to the argument generator, as often as a program may be repaired. So does what a
 * tool says when it fails, until the argument generator writes the same arguments again.
 */
const byArguments =
  (tool: CustomTool, described: Described): ToolWay =>
  async (call) => {
    const { solution, calls, step, count, review } = call;
    const { question, profile } = solution;
    const label = `[${tool.name}] ${step}`;
    let repair: { text: string; problem: string } | undefined;
    let before: { failed: string; as: string | undefined } | undefined;
    for (let attempts = 1; ; attempts += 1) {
      const written = await count(
        'arguments',
        calls.generateArguments(
          { solution: solution.soFar(), step, tool: described, repair },
          repair ? `${label} (repair ${attempts - 1})` : label,
        ),
      );
      // A tool that failed with these arguments is not called with them again.
      const isSame = before !== undefined && before.as === JSON.stringify(written.arguments);
      const asked = written.arguments && !isSame ? review({ arguments: written.arguments }) : undefined;
      const { ended, again, arguments: decided = written.arguments } = asked ? await asked : {};
      const given = decided === undefined ? {} : { arguments: decided };
      if (again) return { again };
      if (ended) return { ...given, attempts, ...ended };
      const as = JSON.stringify(decided);
      const called: CustomOutcome =
        decided === undefined
          ? { rejected: written.invalid ?? 'they are no JSON object' }
          : before && isSame
            ? { failed: before.failed }
            : await calls.custom(tool, { question, step, arguments: decided });
      if (attempts <= profile.limits.maxRepairs && mayCorrect(called)) {
        repair = { text: decided === written.arguments ? written.text : (as ?? ''), problem: reasonOf(called) };
        before = 'failed' in called ? { as, failed: called.failed } : undefined;
        continue;
      }
      if ('rejected' in called) return { ...given, attempts, ...failed('arguments-invalid', called) };
      if ('failed' in called) return { ...given, attempts, ...failed('tool-failed', called) };
      return { ...given, attempts, ...(await worded(tool, called.returned, call)) };
    }
  };

async function worded(
  tool: CustomTool,
  returned: unknown,
  { solution, calls, step, count }: StepCalls,
): Promise<Outcome> {
  const result = readToolResult(tool.name, returned);
  const observation = result.observation ?? result.output;
  const isShort = observation.length <= (solution.profile.guidance?.shortResult ?? 0);
  if (!tool.rewrite || result.failed || isShort) return { ...result, observation };
  const rewritten = await count(
    'search-rewrite',
    calls.rewriteResult({ solution: solution.soFar(), kind: 'search', step, observation }, `[${tool.name}] ${step}`),
  );
  return { ...result, observation, output: rewritten.text || result.output };
}

type NotReturned = Exclude<CustomOutcome, { returned: unknown }>;

const mayCorrect = (called: CustomOutcome): called is NotReturned =>
  'rejected' in called || ('failed' in called && called.correctable === true);

const reasonOf = (why: NotReturned): string => ('rejected' in why ? why.rejected : why.failed);

/** The output says why the tool failed, so that the action generator can choose another way. */
function failed(kind: StepFailure['kind'], why: NotReturned): Outcome {
  const message = reasonOf(why);
  const said = kind === 'arguments-invalid' ? 'The tool did not take its arguments' : 'The tool failed';
  return { output: `${said}: ${oneLine(message, SHOWN_FAILURE)}`, failed: { kind, message } };
}
