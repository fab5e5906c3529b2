/**
 * Spans and metrics through the OpenTelemetry that the process has set up. Nothing of it is loaded, and nothing is done, in a process
 * that has not.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type * as Otel from '@opentelemetry/api';
import type { TracePlace, WorkflowSpan } from '../contract/trace';
import { createMetrics, type Metrics } from './metrics';
import { registeredTelemetry, type Registered } from './registered-telemetry';
import { withSpanId } from './span-ids';

const SCOPE = 'temporal-husky';
const load = createRequire(__filename);

export type Attributes = Record<string, string | number | boolean | string[] | undefined>;

/** Of a call: what it is, and what its result tells. */
interface TracedCall<T> {
  name: string;
  attributes: Attributes;
  /** @default undefined */
  told?: (result: T) => { attributes: Attributes; error?: string };
  /** Told of the end: milliseconds, and the type of the error. */
  ended?: (ms: number, result: T | undefined, error: string | undefined) => void;
}

export interface Tracing {
  api: typeof Otel;
  tracer: Otel.Tracer;
  metrics: Metrics;
  /** Calls that are made within `work` hang there. */
  at<T>(place: TracePlace | undefined, work: () => Promise<T>): Promise<T>;
  /** A span around a call, where a trace came with it. */
  call<T>(call: TracedCall<T>, work: () => Promise<T>): Promise<T>;
  /** A span that workflow code has made. */
  span(span: Omit<WorkflowSpan, 'texts'>): void;
}

let opened: Tracing | undefined;

/** @returns undefined when this process has not set OpenTelemetry up */
export function tracing(): Tracing | undefined {
  const registered = registeredTelemetry();
  if (opened || !registered) return opened;
  try {
    opened = open(load('@opentelemetry/api') as typeof Otel, registered);
  } catch {
    // Set up by somebody else's copy, and not installed here: there is nothing to trace with.
    return undefined;
  }
  return opened;
}

function open(api: typeof Otel, { trace = api.trace, metrics = api.metrics }: Registered): Tracing {
  const tracer = trace.getTracer(SCOPE);
  const places = new AsyncLocalStorage<TracePlace | undefined>();
  const below = ({ traceId, spanId, flags }: TracePlace) =>
    api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true });
  const end = (span: Otel.Span, error: string | undefined, at?: number) => {
    if (error !== undefined) {
      span.setAttribute('error.type', error);
      span.setStatus({ code: api.SpanStatusCode.ERROR, message: error });
    }
    span.end(at);
  };
  return {
    api,
    tracer,
    metrics: createMetrics(metrics.getMeter(SCOPE)),
    at: (place, work) => places.run(place, work),
    async call({ name, attributes, told, ended }, work) {
      const place = places.getStore();
      const startedAt = performance.now();
      const span = place && tracer.startSpan(name, { kind: api.SpanKind.CLIENT, attributes }, below(place));
      try {
        const result = await work();
        const what = told?.(result);
        if (what) span?.setAttributes(what.attributes);
        if (span) end(span, what?.error);
        ended?.(performance.now() - startedAt, result, what?.error);
        return result;
      } catch (error) {
        const type = typeOf(error);
        if (span) end(span, type);
        ended?.(performance.now() - startedAt, undefined, type);
        throw error;
      }
    },
    span({ name, spanId, parent, startedAt, endedAt, attributes, error }) {
      const span = withSpanId(spanId, () =>
        tracer.startSpan(name, { startTime: startedAt, attributes }, below(parent)),
      );
      end(span, error, endedAt);
    },
  };
}

function typeOf(error: unknown): string {
  const { type, name } = error as { type?: string; name?: string };
  return type ?? name ?? 'error';
}
