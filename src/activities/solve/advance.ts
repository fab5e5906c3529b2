/**
 * Takes several steps of the loop in one activity. That makes fewer events and workflow tasks, and a journal keeps each call durable
 * (journal.ts).
 */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Calls } from '../../loop/calls';
import { SolutionState } from '../../loop/solution-state';
import { solveLoop } from '../../loop/solve-loop';
import type { AdvanceFailureDetail, AdvanceInput, AdvanceResult } from '../../contract/payloads';
import type { HistoryEntry } from '../../trajectory/solution-history';
import { NO_USAGE, type Step, type Usage } from '../../trajectory/step';
import type { ActivityContext } from '../../runtime/activity-context';
import { executeCode } from './execute-code';
import { generateCode } from './generate-code';
import { generateQuery } from './generate-query';
import { openJournal, type Journal } from '../../runtime/journal';
import { atStep, PartialSink, withPartialSink } from '../../runtime/partial-text';
import { pullSolution } from '../../runtime/pull-solution';
import { predictAction } from './predict-action';
import { reasonCommonsense, reasonMath } from './reason';
import { rewriteResult } from './rewrite-result';
import { search } from './search';
import type { ActivityBody } from '../../runtime/activity-body';

/** The activity ends when its journal has so many bytes. Temporal takes 2 MB of heartbeat details, and one more step must fit. */
const MAX_JOURNAL_BYTES = 600_000;

/** Takes up to `profile.stepsPerActivity` steps. @returns the steps, and how the solution ended if it did */
export const createAdvance =
  (context: ActivityContext) =>
  async (input: AdvanceInput): Promise<AdvanceResult> => {
    const { attempt, workflowExecution } = activityInfo();
    const sink = input.tokens && new PartialSink(attempt);
    const abandoned = context.solutions.abandoned(workflowExecution?.runId ?? '');
    const files = input.profile.journal === 'file' ? await context.journals() : undefined;
    const journal = await openJournal(abandoned, files, sink);
    const taken = withPartialSink(sink, () => takeSteps(context, input, journal));
    // The journal keeps its records for the next attempt when this one fails.
    const failure = await taken.then(
      () => undefined,
      (error: unknown) => error,
    );
    await journal.close(failure);
    return taken;
  };

/** Runs the loop with calls that the journal records, until there are enough steps, or one that the workflow has to take. */
async function takeSteps(context: ActivityContext, input: AdvanceInput, journal: Journal): Promise<AdvanceResult> {
  const { profile, usage, startedAt, moneyAllowed } = input;
  const { question, history } = await pullSolution(context, input.solution);
  const solution = new SolutionState({
    ...{ id: '', workflowId: '', runId: '', question },
    profile: { ...profile, inlineChars: Infinity },
    sample: input.solution.sample,
    carried: { profile, usage, startedAt, moneyAllowed, steps: history.map(earlierStep) },
  });
  const taken = () => solution.steps.slice(history.length);
  try {
    const left = await solveLoop(solution, journaled(context, journal), {
      betweenSteps: () => taken().length < profile.stepsPerActivity && journal.bytes < MAX_JOURNAL_BYTES,
      handsOver: (tool) => profile.tools.some(({ name }) => name === tool),
    });
    const how = left?.handOver ? { handOver: left.handOver } : { end: left };
    return { steps: taken(), usage: solution.usage, ...how };
  } catch (error) {
    // The steps that are finished are not lost with the call that was cancelled.
    if (journal.cancelled) return { steps: taken(), usage: solution.usage, interrupted: true };
    throw withUsage(error, solution.usage);
  }
}

/** A failed activity has no result, so the usage of its finished calls travels with the error. */
function withUsage(error: unknown, usage: Usage): unknown {
  if (!(error instanceof ApplicationFailure)) return error;
  const { message, cause } = error;
  const detail: AdvanceFailureDetail = { usage };
  return ApplicationFailure.create({
    message,
    type: error.type ?? undefined,
    nonRetryable: error.nonRetryable ?? false,
    cause,
    nextRetryDelay: error.nextRetryDelay ?? undefined,
    details: [detail],
  });
}

/** Calls whose results the journal records. @param beside position of a step that runs beside others, so that its calls end in any order */
function journaled(context: ActivityContext, journal: Journal, beside?: number): Calls {
  const at =
    <Input, Result>(name: keyof Calls, work: ActivityBody<Input, Result>) =>
    (input: Input) => {
      const call = () => work(context, input, journal.signal);
      return journal.record(name, beside === undefined ? call : () => atStep(beside, call), beside);
    };
  return {
    predictAction: at('predictAction', predictAction),
    generateCode: at('generateCode', generateCode),
    executeCode: at('executeCode', executeCode),
    generateQuery: at('generateQuery', generateQuery),
    search: at('search', search),
    rewriteResult: at('rewriteResult', rewriteResult),
    reasonMath: at('reasonMath', reasonMath),
    reasonCommonsense: at('reasonCommonsense', reasonCommonsense),
    generateArguments: handedOver,
    custom: handedOver,
    beside: (index) => journaled(context, journal, index),
  };
}

/** A user's own tool is an activity, with its own queue, timeout and retries. An activity cannot call another one, so the workflow does. */
const handedOver = () => Promise.reject(new Error('A step of a tool of the user’s own is the workflow’s to take.'));

/** Models are shown only step and output of earlier steps, so the rest is left empty. */
function earlierStep({ tool = '', ...entry }: HistoryEntry, index: number): Step {
  return { index, tool, ...entry, model: {}, usage: NO_USAGE, durationMs: 0, attempts: 1 };
}
