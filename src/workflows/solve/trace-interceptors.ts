/**
 * Carries a trace through Temporal's headers, from the start of a workflow to its calls, child workflows and next runs, and the number of
 * the step to calls that could not tell it. Lines of the workflow's log name the step as well. Without a trace only the number is added.
 *
 * @module
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { carrierOf, placeOf, STEP_HEADER, TRACE_HEADER, type TraceCarrier } from '../../contract/trace';
import { currentPlace, currentStep, received } from './trace';

export const interceptors = (): WorkflowInterceptors => {
  const withHeader = <Input extends { headers: Headers }>(input: Input, name: string, value: object | undefined) =>
    value && !input.headers[name]
      ? { ...input, headers: { ...input.headers, [name]: defaultPayloadConverter.toPayload(value) } }
      : input;
  const withTrace = <Input extends { headers: Headers }>(input: Input): Input => {
    const place = currentPlace();
    return withHeader(input, TRACE_HEADER, place && carrierOf(place));
  };
  /** Calls of models hold the solution, and with it the number of its steps. */
  const withStep = <Input extends { headers: Headers; args: unknown[] }>(input: Input): Input =>
    holdsSolution(input.args[0]) ? input : withHeader(input, STEP_HEADER, currentStep());
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
