/** Traces that travel with a solution: in Temporal's headers, and from workflow code to its worker. */

/** Header that Temporal's own OpenTelemetry interceptors use in every language: a JSON object with `traceparent`. */
export const TRACE_HEADER = '_tracer-data';

export interface TraceCarrier {
  /** W3C: `00-<trace id>-<span id>-<flags>`. */
  traceparent?: string;
  [field: string]: string | undefined;
}

/** Where in a trace something hangs. */
export interface TracePlace {
  traceId: string;
  spanId: string;
  /** 1: the trace is recorded. */
  flags: number;
}

/** A span that workflow code has made; its times are those of the workflow, so a replay makes the same. */
export interface WorkflowSpan {
  name: string;
  spanId: string;
  parent: TracePlace;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  attributes: Record<string, string | number | boolean>;
  /** Texts of people and models, as attributes; recorded only by a worker that was asked to. */
  texts?: Record<string, string>;
  /** Why it did not succeed. */
  error?: string;
}

/** What workflow code has to count. It is passed on outside of replays, whether the workflow is traced or not. */
export type Counted =
  | { what: 'started' }
  | { what: 'step'; tool: string; durationMs: number; failure?: string }
  /** `stopReason` is also `failed`. Its time counts from the start of the first run. */
  | { what: 'ended'; stopReason: string; durationMs: number; money?: number };

/** Header of calls whose input does not say which step they belong to: a {@link StepPlace}. */
export const STEP_HEADER = 'husky-step';

/** A step, as the lines of a log name it. */
export interface StepPlace {
  /** Its solution among those of the workflow; absent where the call does not know it. */
  solution?: string;
  /** Counted from 1. */
  step: number;
}

/** @returns undefined for a value that names no place in a trace */
export function placeOf(carrier: TraceCarrier | undefined): TracePlace | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(carrier?.traceparent ?? '');
  if (!match) return undefined;
  const [, traceId = '', spanId = '', flags = '00'] = match;
  return { traceId, spanId, flags: parseInt(flags, 16) };
}

export function carrierOf({ traceId, spanId, flags }: TracePlace): TraceCarrier {
  return { traceparent: `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}` };
}
