/**
 * Carries a trace through Temporal's headers: from the start of a workflow to its calls, child workflows and next runs. Without a trace
 * nothing is added.
 *
 * @module
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { carrierOf, placeOf, TRACE_HEADER, type TraceCarrier } from '../../contract/trace';
import { currentPlace, received } from './trace';

export const interceptors = (): WorkflowInterceptors => {
  const withTrace = <Input extends { headers: Headers }>(input: Input): Input => {
    const place = currentPlace();
    if (!place || input.headers[TRACE_HEADER]) return input;
    const header = defaultPayloadConverter.toPayload(carrierOf(place));
    return { ...input, headers: { ...input.headers, [TRACE_HEADER]: header } };
  };
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
        scheduleActivity: (input, next) => next(withTrace(input)),
        scheduleLocalActivity: (input, next) => next(withTrace(input)),
        startChildWorkflowExecution: (input, next) => next(withTrace(input)),
        continueAsNew: (input, next) => next(withTrace(input)),
      },
    ],
  };
};
