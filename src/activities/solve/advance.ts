/**
 * Several steps of the loop in one activity: fewer events and workflow tasks, no call less durable (see journal.ts).
 *
 * @module
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
import { PartialSink, withPartialSink } from '../../runtime/partial-text';
import { pullSolution } from '../../runtime/pull-solution';
import { predictAction } from './predict-action';
import { reasonCommonsense, reasonMath } from './reason';
import { rewriteResult } from './rewrite-result';
import { search } from './search';
import type { ActivityBody } from '../../runtime/activity-body';

/** Of a journal, after which the activity ends with the steps that it has: Temporal takes 2 MB of heartbeat details, and one step may follow. */
const MAX_JOURNAL_BYTES = 600_000;

/** Takes up to `profile.stepsPerActivity` steps and returns them, and how the solution ended if it did. */
export const createAdvance =
  (context: ActivityContext) =>
  async ({
    solution: soFar,
    usage,
    startedAt,
    profile,
    moneyAllowed,
    tokens,
  }: AdvanceInput): Promise<AdvanceResult> => {
    const abandoned = context.solutions.abandoned(activityInfo().workflowExecution?.runId ?? '');
    const sink = tokens && new PartialSink(activityInfo().attempt);
    const journal = await openJournal(
      abandoned,
      profile.journal === 'file' ? await context.journals() : undefined,
      sink,
    );
    let failure: unknown;
    try {
      const { question, history } = await pullSolution(context, soFar);
      const solution = new SolutionState({
        id: '',
        workflowId: '',
        runId: '',
        question,
        profile: { ...profile, inlineChars: Infinity },
        sample: soFar.sample,
        carried: { profile, usage, startedAt, moneyAllowed, steps: history.map(earlierStep) },
      });
      const taken = () => solution.steps.slice(history.length);
      let left: Awaited<ReturnType<typeof solveLoop>>;
      let interrupted = false;
      try {
        left = await withPartialSink(sink, () =>
          solveLoop(solution, journaled(context, journal), {
            betweenSteps: () => taken().length < profile.stepsPerActivity && journal.bytes < MAX_JOURNAL_BYTES,
            handsOver: (tool) => profile.tools.some(({ name }) => name === tool),
          }),
        );
      } catch (error) {
        if (!journal.cancelled) throw withUsage(error, solution.usage);
        interrupted = true;
      }
      return {
        steps: taken(),
        usage: solution.usage,
        ...(left && (left.handOver ? { handOver: left.handOver } : { end: left })),
        ...(interrupted ? { interrupted } : {}),
      };
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      await journal.close(failure);
    }
  };

/** What the finished calls have used would be lost with the activity's result. */
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

/** @param beside position of a step whose calls run beside those of others */
function journaled(context: ActivityContext, journal: Journal, beside?: number): Calls {
  const at =
    <Input, Result>(name: keyof Calls, work: ActivityBody<Input, Result>) =>
    (input: Input) =>
      journal.record(name, () => work(context, input, journal.signal), beside);
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

/** The user's own tools are activities of their own, with queue, timeout and retries; no activity can call another. */
const handedOver = () => Promise.reject(new Error('A step of a tool of the user’s own is the workflow’s to take.'));

/** Only step and output of earlier steps are shown to models. */
function earlierStep({ tool = '', ...entry }: HistoryEntry, index: number): Step {
  return { index, tool, ...entry, model: {}, usage: NO_USAGE, durationMs: 0, attempts: 1 };
}
