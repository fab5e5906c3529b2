/**
 * The worker's side of a trace: calls hang where the header of their activity says, and spans of workflow code are passed on.
 *
 * @module
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { placeOf, TRACE_HEADER, type TraceCarrier } from '../contract/trace';
import { tracing } from './tracing';

export const traceActivities: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute: (input, next) => {
      const open = tracing();
      const header = input.headers[TRACE_HEADER];
      if (!open || !header) return next(input);
      return open.at(placeOf(defaultPayloadConverter.fromPayload<TraceCarrier>(header)), () => next(input));
    },
  },
});

/** Module of workflow code that carries traces; a bundler takes it as one of its `workflowInterceptorModules`. */
export const TRACE_MODULE = require.resolve('../workflows/solve/trace-interceptors');
