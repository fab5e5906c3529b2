/** What this process has registered with OpenTelemetry, found without OpenTelemetry's own packages. */
import type * as Otel from '@opentelemetry/api';

/** Where OpenTelemetry's API keeps what a process has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** A copy of the API that is newer than the one that registered would not see these; spans and measurements are the same in both. */
export interface Registered {
  trace?: Otel.TracerProvider;
  metrics?: Otel.MeterProvider;
}

/** Milliseconds that a collector which does not answer may hold up the end of a command. */
const FLUSH_MS = 3000;

/** @returns undefined when this process has not set OpenTelemetry up */
export function registeredTelemetry(): Registered | undefined {
  return Reflect.get(globalThis, REGISTERED) as Registered | undefined;
}

/** Sends what OpenTelemetry's processors still hold, for a process that is about to end. It never fails. */
export async function flushTelemetry(): Promise<void> {
  const { trace, metrics } = registeredTelemetry() ?? {};
  const providers = [
    trace && 'getDelegate' in trace ? (trace as Otel.ProxyTracerProvider).getDelegate() : trace,
    metrics,
  ];
  const flushed = providers.map((provider) => (provider as Flushing | undefined)?.forceFlush?.());
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, FLUSH_MS)));
  await Promise.race([Promise.allSettled(flushed), late]);
  clearTimeout(timer);
}

interface Flushing {
  forceFlush?(): Promise<void>;
}
