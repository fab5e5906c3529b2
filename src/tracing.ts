/**
 * Traces of solutions: `temporal-husky/tracing`. See docs/tracing.md.
 *
 * @module
 */
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { TRACE_HEADER } from './contract/trace';
import { tracing } from './runtime/tracing';

export { HuskyIdGenerator } from './runtime/span-ids';

/**
 * Begins a trace with each workflow that a client starts, or goes on with the one in which it is started. Without an OpenTelemetry that
 * is set up it does nothing.
 *
 * @example
 * ```ts
 * const client = new Client({ connection, interceptors: { workflow: [traceStarts()] } });
 * ```
 */
export function traceStarts(): WorkflowClientInterceptor {
  return {
    async start(input, next) {
      const open = tracing();
      if (!open || input.headers[TRACE_HEADER]) return next(input);
      const { api, tracer } = open;
      const span = tracer.startSpan(`start ${input.workflowType}`, {
        kind: api.SpanKind.PRODUCER,
        attributes: { 'temporal.workflow.id': input.options.workflowId },
      });
      const { traceId, spanId, traceFlags } = span.spanContext();
      const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
      try {
        const header = defaultPayloadConverter.toPayload({ traceparent });
        return await next({ ...input, headers: { ...input.headers, [TRACE_HEADER]: header } });
      } catch (error) {
        span.setStatus({ code: api.SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
