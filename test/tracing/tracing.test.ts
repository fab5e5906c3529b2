/** Traces of a solution, through OpenTelemetry's own SDK, over a real Temporal server. */
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Client } from '@temporalio/client';
import { HuskyClient } from '../../src/client';
import { scriptSolutions } from '../../src/testing';
import { HuskyIdGenerator, traceStarts } from '../../src/tracing';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

let temporal: TestServer;
let exporter: InMemorySpanExporter;

beforeAll(async () => {
  exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ idGenerator: new HuskyIdGenerator(), spanProcessors }));
  // As a setup with a copy of the API of its own that is older than ours leaves it.
  const key = Symbol.for('opentelemetry.js.api.1');
  Reflect.set(globalThis, key, { ...(Reflect.get(globalThis, key) as object), version: '1.0.0' });
  temporal = await startServer();
}, 180_000);
afterAll(() => temporal.stop());

const traced = (prefix: string) =>
  new HuskyClient({
    client: new Client({ connection: temporal.client.connection, interceptors: { workflow: [traceStarts()] } }),
    taskQueue: `${prefix}-husky`,
  });
const named = (spans: readonly ReadableSpan[], start: string) => spans.filter(({ name }) => name.startsWith(start));

test.each([
  ['a call an activity', 0, {}],
  ['replayed at every task', 0, { maxCachedWorkflows: 0 }],
  ['several steps an activity', 4, {}],
])(
  'solution, steps and calls are one tree, each once: %s',
  async (_name, stepsPerActivity, workerOptions) => {
    const script = scriptSolutions([spiders]);
    await withWorkers(
      temporal,
      { parts: script.parts, config: { stepsPerActivity }, workerOptions },
      async (_husky, prefix) => {
        exporter.reset();
        await traced(prefix).solve(spiders.question);
        const spans = exporter.getFinishedSpans();
        const [start] = named(spans, 'start huskySolve');
        const [solution, ...more] = named(spans, 'invoke_agent husky');
        const steps = named(spans, 'step ');
        expect(more).toEqual([]);
        expect(solution?.parentSpanContext?.spanId).toBe(start?.spanContext().spanId);
        expect(steps.map(({ name }) => name)).toEqual(spiders.steps.map(({ tool }) => `step ${tool}`));
        for (const step of steps) expect(step.parentSpanContext?.spanId).toBe(solution?.spanContext().spanId);
        const calls = [...named(spans, 'chat '), ...named(spans, 'execute_tool ')];
        expect(calls).toHaveLength(script.calls.length);
        const known = new Set(spans.map((span) => span.spanContext().spanId));
        expect(calls.filter((call) => !known.has(call.parentSpanContext?.spanId ?? ''))).toEqual([]);
        expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
        expect(new Set(spans.map((span) => span.spanContext().spanId)).size).toBe(spans.length);
        // What was asked, written and answered is not in the trace.
        const texts = JSON.stringify(spans.map(({ name, attributes }) => ({ name, attributes })));
        for (const secret of [spiders.question, 'insects in jar 7', '12 * 6']) expect(texts).not.toContain(secret);
      },
    );
  },
  180_000,
);
