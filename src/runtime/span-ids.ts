/** Ids of spans. Apart from what traces, so that `temporal-husky/tracing` compiles where OpenTelemetry is not installed. */
import { randomBytes } from 'node:crypto';

let chosen: string | undefined;

/**
 * Ids of spans: random, but those of solutions and steps, which workflow code has chosen. Give it to your tracer provider.
 */
export class HuskyIdGenerator {
  generateTraceId(): string {
    return randomBytes(16).toString('hex');
  }

  generateSpanId(): string {
    const id = chosen ?? randomBytes(8).toString('hex');
    chosen = undefined;
    return id;
  }
}

/** The next span that `start` starts gets this id. */
export function withSpanId<T>(id: string, start: () => T): T {
  chosen = id;
  try {
    return start();
  } finally {
    chosen = undefined;
  }
}
