/**
 * OpenTelemetry as docs/tracing.md sets it up, but for its exporters: spans and metrics are written as JSON and thrown away, since the
 * collector is not what is measured.
 *
 * @module
 */
import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { HuskyIdGenerator } from '../../src/tracing';

const written = (what: object[]) => what.reduce((sum, one) => sum + JSON.stringify(one).length, 0);

export function setUpTracing(): void {
  const spans: SpanExporter = {
    export: (batch, done) => {
      written(
        batch.map(({ name, attributes, startTime, endTime, status, ...span }) => ({
          ...{ name, attributes, startTime, endTime, status },
          ...span.spanContext(),
          parent: span.parentSpanContext?.spanId,
        })),
      );
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  const measured: PushMetricExporter = {
    export: ({ scopeMetrics }, done) => {
      written(scopeMetrics);
      done({ code: 0 });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  };
  trace.setGlobalTracerProvider(
    new TracerProvider({
      idGenerator: new HuskyIdGenerator(),
      spanProcessors: [new BatchSpanProcessor({ exporter: spans })],
    }),
  );
  const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 15_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
}
