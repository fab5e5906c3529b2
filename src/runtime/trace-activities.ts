/**
 * The worker's side of traces and logs: calls hang where the header of their activity says, spans of workflow code are passed on, and the
 * lines that an activity logs name its step and its trace.
 */
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInterceptorsFactory } from '@temporalio/worker';
import { placeOf, STEP_HEADER, TRACE_HEADER, type StepPlace, type TraceCarrier } from '../contract/trace';
import type { SolutionSoFar } from '../contract/payloads';
import { atStep } from './partial-text';
import { tracing } from './tracing';

type Pulled = Extract<SolutionSoFar, { pull: unknown }>;
type Inline = Exclude<SolutionSoFar, Pulled>;

export const traceActivities: ActivityInterceptorsFactory = ({ info: { workflowExecution } }) => {
  // Workflow code logs it under this name, too.
  const run = workflowExecution ? { runId: workflowExecution.runId } : {};
  let named: Record<string, unknown> = run;
  return {
    inbound: {
      execute: (input, next) => {
        const place = placeOf(read<TraceCarrier>(input.headers, TRACE_HEADER));
        const told = read<StepPlace>(input.headers, STEP_HEADER);
        named = {
          ...run,
          ...(told ?? stepOf(input)),
          ...(place ? { traceId: place.traceId, spanId: place.spanId } : {}),
        };
        const open = place && tracing();
        const call = () => (open ? open.at(place, () => next(input)) : next(input));
        return told ? atStep(told.step - 1, call) : call();
      },
    },
    outbound: {
      // Asked for each line.
      getLogAttributes: (input, next) => next({ ...input, ...named }),
    },
  };
};

function read<T>(headers: Headers, name: string): T | undefined {
  const header = headers[name];
  return header && defaultPayloadConverter.fromPayload<T>(header);
}

/** Calls of models hold the solution before their step. Activities of the user's own pass here as well. */
function stepOf({ args: [input] }: ActivityExecuteInput): StepPlace | undefined {
  const { pull, history } =
    (input as { solution?: Partial<Pulled & Inline> | null } | null | undefined)?.solution ?? {};
  if (typeof pull?.steps === 'number') return { solution: pull.solutionId, step: pull.steps + 1 };
  return Array.isArray(history) ? { step: history.length + 1 } : undefined;
}

/** Module of workflow code that carries traces; a bundler takes it as one of its `workflowInterceptorModules`. */
export const TRACE_MODULE = require.resolve('../workflows/solve/trace-interceptors');
