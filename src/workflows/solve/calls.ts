/** How the solve workflow makes the calls of the loop: each is an activity, on the queue of its expert. */
import { ActivityCancellationType } from '@temporalio/workflow';
import { huskyActivities, huskyLocalActivities } from '../call-activities';
import type { HuskyActivities } from '../../activities/solve';
import type { Call, Calls } from '../../loop/calls';
import type { Expert } from '../../trajectory/modules';
import type { AdvanceInput, AdvanceResult, FindSameAnswerInput, FindSameAnswerResult } from '../../contract/payloads';
import type { SolveProfile } from '../../contract/profile';
import { activityOptions, summarized } from './activity-options';
import { createToolCall } from './call-tool';
import { tokens } from './tokens';

const compared = huskyLocalActivities<Pick<HuskyActivities, 'findSameAnswer'>>({
  startToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: 3 },
});

/** Asks the scorer which answers are the same. It cannot run as workflow code. */
export function findSameAnswer(input: FindSameAnswerInput): Promise<FindSameAnswerResult> {
  return compared.findSameAnswer(input);
}

/** Several steps in one activity. A cancelled solution still waits for its result, so that no finished step is lost. */
export function createAdvance(profile: SolveProfile): Call<AdvanceInput, AdvanceResult> {
  const { timeouts, stepsPerActivity } = profile;
  const { advance } = huskyActivities<Pick<HuskyActivities, 'advance'>>({
    ...activityOptions(profile, undefined, (timeouts.model + timeouts.execute) * stepsPerActivity),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  return (input, summary) => advance.executeWithOptions(summarized(summary), [input]);
}

/** Each call is an activity of its own. */
export function createCalls(profile: SolveProfile): Calls {
  const { model, execute, search } = profile.timeouts;
  const at = <Name extends Exclude<keyof Calls, 'custom' | 'beside' | 'people'>>(
    role: Expert | 'tool',
    timeout: number,
    name: Name,
  ) => {
    const activities = huskyActivities<Record<string, (input: unknown) => Promise<unknown>>>(
      activityOptions(profile, role, timeout),
    );
    const watched = () => (role === 'tool' ? {} : tokens());
    return ((input: object, summary: string) =>
      activities[name]?.executeWithOptions(summarized(summary), [{ ...input, ...watched() }])) as Calls[Name];
  };
  return {
    predictAction: at('action', model, 'predictAction'),
    generateCode: at('code', model, 'generateCode'),
    executeCode: at('tool', execute, 'executeCode'),
    generateQuery: at('query', model, 'generateQuery'),
    search: at('tool', search, 'search'),
    rewriteResult: at('commonsense', model, 'rewriteResult'),
    reasonMath: at('math', model, 'reasonMath'),
    reasonCommonsense: at('commonsense', model, 'reasonCommonsense'),
    generateArguments: at('commonsense', model, 'generateArguments'),
    custom: createToolCall(profile),
  };
}
