/**
 * Carries a trace through Temporal's headers: from the start of a workflow to its calls, child workflows and next runs. Calls whose input
 * does not tell their step get its number in a header, so that their log lines can name it. The workflow's own log lines name it, too.
 *
 * @module
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { carrierOf, placeOf, STEP_HEADER, TRACE_HEADER, type TraceCarrier } from '../../contract/trace';
import { currentPlace, currentStep, isBeside, received } from './trace';

export const interceptors = (): WorkflowInterceptors => {
  const withHeader = <Input extends { headers: Headers }>(input: Input, name: string, value: object | undefined) =>
    value && !input.headers[name]
      ? { ...input, headers: { ...input.headers, [name]: defaultPayloadConverter.toPayload(value) } }
      : input;
  const withTrace = <Input extends { headers: Headers }>(input: Input): Input => {
    const place = currentPlace();
    return withHeader(input, TRACE_HEADER, place && carrierOf(place));
  };
  /** The input of a model call holds the solution, and so the number of its steps. That is wrong only for a step beside others. */
  const withStep = <Input extends { headers: Headers; args: unknown[] }>(input: Input): Input =>
    holdsSolution(input.args[0]) && !isBeside() ? input : withHeader(input, STEP_HEADER, currentStep());
  return {
    inbound: [
      {
        execute: (input, next) => {
          const header = input.headers[TRACE_HEADER];
          if (header) received(placeOf(defaultPayloadConverter.fromPayload<TraceCarrier>(header)));
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withStep(withTrace(input))),
        scheduleLocalActivity: (input, next) => next(withTrace(input)),
        startChildWorkflowExecution: (input, next) => next(withTrace(input)),
        continueAsNew: (input, next) => next(withTrace(input)),
        getLogAttributes: (input, next) => next({ ...input, ...currentStep() }),
      },
    ],
  };
};

function holdsSolution(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'solution' in input;
}
