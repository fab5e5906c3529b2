/**
 * The metrics of a worker, by OpenTelemetry's conventions for generative AI where there is one. docs/tracing.md lists them, and the
 * dashboard in deploy/grafana asks for them by name.
 */
import type { Attributes, Meter } from '@opentelemetry/api';
import type { Counted } from '../contract/trace';

/** The conventions' own borders; the SDK's are made for milliseconds. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576];
/** A solution may wait for people for days. */
const LONG_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 86400];

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(meter: Meter) {
  const seconds = (name: string, description: string, borders: number[] = SECONDS) =>
    meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: borders } });
  const started = meter.createCounter('husky.solutions.started', {
    unit: '{solution}',
    description: 'Solutions that began',
  });
  const cost = meter.createCounter('husky.cost', {
    description: 'Cost of the calls of ended solutions, in the currency of the configuration',
  });
  const solution = seconds(
    'husky.solution.duration',
    'Seconds from the start of a solution to its end, by stop reason',
    LONG_SECONDS,
  );
  const step = seconds('husky.step.duration', 'Seconds of a step, by tool');
  const tool = seconds('husky.tool.duration', 'Seconds of a program, a search or a call of a tool');
  const modelCall = seconds('gen_ai.client.operation.duration', 'Seconds of a model call');
  const tokens = meter.createHistogram('gen_ai.client.token.usage', {
    unit: '{token}',
    description: 'Tokens of a model call',
    advice: { explicitBucketBoundaries: TOKENS },
  });
  return {
    /** What workflow code has counted. */
    counted(event: Counted): void {
      if (event.what === 'started') return started.add(1);
      const { durationMs } = event;
      if (event.what === 'step')
        return step.record(durationMs / 1000, { 'husky.step.tool': event.tool, ...errorType(event.failure) });
      solution.record(durationMs / 1000, { 'husky.stop_reason': event.stopReason });
      if (event.money !== undefined) cost.add(event.money);
    },
    tool: (ms: number, name: string, error: string | undefined) =>
      tool.record(ms / 1000, { 'gen_ai.tool.name': name, ...errorType(error) }),
    model(
      ms: number,
      attributes: Attributes,
      usage: { inputTokens: number; outputTokens: number } | undefined,
      error: string | undefined,
    ): void {
      modelCall.record(ms / 1000, { ...attributes, ...errorType(error) });
      if (!usage) return;
      tokens.record(usage.inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
      tokens.record(usage.outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
    },
  };
}

const errorType = (error: string | undefined): Attributes => (error === undefined ? {} : { 'error.type': error });
