/** Metrics, logs, texts and the dashboard, through OpenTelemetry's own SDK, over a real Temporal server. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Client } from '@temporalio/client';
import type { LogEntry } from '@temporalio/worker';
import { z } from 'zod';
import { HuskyClient } from '../../src/client';
import { createFailure } from '../../src/failures';
import type { Model } from '../../src/models/model';
import type { ContextParts } from '../../src/runtime/open-context';
import { defineTool } from '../../src/tools/define-tool';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { HuskyIdGenerator, traceStarts } from '../../src/tracing';
import { logged, startServer, withWorkers, type TestServer } from '../integration/harness';
import * as pairs from '../integration/paired-searches';
import { spiders } from '../integration/solutions';

const spans = new InMemorySpanExporter();
const measured = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 3_600_000 });
let temporal: TestServer;

beforeAll(async () => {
  const spanProcessors = [new SimpleSpanProcessor({ exporter: spans })];
  trace.setGlobalTracerProvider(new TracerProvider({ idGenerator: new HuskyIdGenerator(), spanProcessors }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  temporal = await startServer();
}, 180_000);
afterAll(async () => {
  await reader.shutdown();
  await temporal.stop();
});
beforeEach(async () => {
  await taken();
  spans.reset();
});

/** What was measured since it was last asked. */
async function taken(): Promise<MetricData[]> {
  await reader.forceFlush();
  const all = measured.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  measured.reset();
  return all;
}

/** How often a metric was measured, by one of its attributes. */
function counts(all: MetricData[], name: string, attribute: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { descriptor, dataPoints } of all)
    if (descriptor.name === name)
      for (const { attributes, value } of dataPoints) {
        const key = String(attributes[attribute]);
        found[key] = (found[key] ?? 0) + (typeof value === 'number' ? value : value.count);
      }
  return found;
}

const weather = defineTool({
  name: 'weather',
  description: 'Tells the weather of a town',
  input: z.object({ town: z.string() }),
  run: ({ town }) => `It rains in ${town}.`,
});
const rain: ScriptedSolution = {
  question: 'Does it rain in Bergen, and does the program fail?',
  steps: [
    {
      tool: 'weather',
      step: 'Tell the weather of Bergen.',
      arguments: { town: 'Bergen' },
      output: 'It rains in Bergen.',
    },
    { tool: 'code', step: 'Divide by nothing.', code: 'fail()', programError: 'no fail here', output: 'It fails.' },
  ],
  answer: 'yes',
};

test.each([
  ['a call an activity', 0, {}],
  ['replayed at every task', 0, { maxCachedWorkflows: 0 }],
  ['several steps an activity', 4, {}],
])(
  'each solution, step, call and program is counted once, traced or not: %s',
  async (_name, stepsPerActivity, workerOptions) => {
    const script = scriptSolutions([spiders]);
    const options = { parts: script.parts, config: { stepsPerActivity }, workerOptions };
    await withWorkers(temporal, options, (husky) => husky.solve(spiders.question));
    const all = await taken();
    expect(spans.getFinishedSpans()).toEqual([]);
    expect(counts(all, 'husky.solutions.started', '-')).toEqual({ undefined: 1 });
    expect(counts(all, 'husky.solution.duration', 'husky.stop_reason')).toEqual({ finished: 1 });
    const steps = { search: 1, commonsense: 1, math: 1, code: 1 };
    expect(counts(all, 'husky.step.duration', 'husky.step.tool')).toEqual(steps);
    expect(counts(all, 'husky.tool.duration', 'gen_ai.tool.name')).toEqual({ search: 1, code: 1 });
    const asked = script.calls.filter(({ part }) => part !== 'search' && part !== 'execute').length;
    const calls = counts(all, 'gen_ai.client.operation.duration', 'husky.module');
    expect(Object.values(calls).reduce((sum, count) => sum + count)).toBe(asked);
    expect(calls).toMatchObject({ action: 5, code: 1, query: 1, math: 1 });
    const tokens = { input: asked, output: asked };
    expect(counts(all, 'gen_ai.client.token.usage', 'gen_ai.token.type')).toEqual(tokens);
  },
  180_000,
);

test('a solution that fails and one that is cancelled are counted by how they ended', async () => {
  const unlucky = scriptSolutions([spiders], { fail: () => createFailure('ModelNotFound', 'There is no such model.') });
  await withWorkers(temporal, { parts: unlucky.parts }, async (husky) => {
    await expect(husky.solve(spiders.question)).rejects.toThrow();
  });
  let began: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (began = resolve));
  const slow = scriptSolutions([spiders], { delayMs: () => (began(), 60_000) });
  await withWorkers(temporal, { parts: slow.parts }, async (husky) => {
    const handle = await husky.start(spiders.question);
    await running;
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
  });
  const all = await taken();
  expect(counts(all, 'husky.solution.duration', 'husky.stop_reason')).toEqual({ failed: 1, cancelled: 1 });
  expect(counts(all, 'gen_ai.client.operation.duration', 'error.type')).toMatchObject({ ModelNotFound: 1 });
}, 180_000);

test('the lines of a worker name workflow, run and step, and hold no text', async () => {
  const lines: LogEntry[] = [];
  logged.to = (line) => lines.push(line);
  let tries = 0;
  const script = scriptSolutions([spiders], {
    fail: ({ part }) => (part === 'execute' && tries++ === 0 ? createFailure('ModelUnavailable', 'gone') : undefined),
  });
  const { workflowId, runId } = await withWorkers(temporal, { parts: script.parts }, (husky) =>
    husky.solve(spiders.question),
  );
  logged.to = undefined;
  const own = lines.filter(({ meta }) => meta?.['workflowId'] === workflowId);
  const said = (message: string) => own.filter((line) => line.message === message).map(({ meta = {} }) => meta);
  expect(said('Solution ended')).toMatchObject([{ runId, stopReason: 'finished', steps: 4, solution: '1' }]);
  expect(said('Step taken').map(({ step, tool }) => [step, tool])).toEqual(
    spiders.steps.map(({ tool }, index) => [index + 1, tool]),
  );
  // The input of a search says nothing of its step; the program of step 4 failed once. The SDK reads no header before its first line.
  const of = (type: string) =>
    own.filter(({ message, meta }) => message !== 'Activity started' && meta?.['activityType'] === type);
  expect(of('huskySearch')).not.toEqual([]);
  for (const { meta } of of('huskySearch')) expect(meta).toMatchObject({ runId, step: 1, solution: '1' });
  for (const { meta } of of('huskyReasonMath')) expect(meta).toMatchObject({ runId, step: 3 });
  expect(said('Activity failed')).toMatchObject([{ runId, step: 4, activityType: 'huskyExecuteCode' }]);
  const text = JSON.stringify(own, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  for (const secret of ['three spiders', 'insects in jar 7', '12 * 6']) expect(text).not.toContain(secret);
}, 180_000);

test('the lines of steps that run at the same time name each its own step', async () => {
  const lines: LogEntry[] = [];
  logged.to = (line) => lines.push(line);
  const config = { prompts: 'instruct', guidance: { parallel: 3 } } as const;
  await withWorkers(temporal, { parts: pairs.pairedSearches().parts, config }, (husky) => husky.solve(pairs.question));
  logged.to = undefined;
  const searched = lines.filter(
    ({ message, meta }) => message !== 'Activity started' && meta?.['activityType'] === 'huskySearch',
  );
  expect(searched.map(({ meta }) => meta?.['step']).sort()).toEqual([1, 2]);
}, 180_000);

test('texts are recorded where they are asked for, without the secrets of the process', async () => {
  const key = 'a-key-that-nobody-may-see-1234';
  const asked = spiders.question.replace('A garden', `A garden (${key}, sk-0123456789abcdefghij)`);
  const switched = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true', HUSKY_TEST_API_KEY: key };
  Object.assign(process.env, switched);
  try {
    const script = scriptSolutions([{ ...spiders, question: asked }]);
    await withWorkers(temporal, { parts: script.parts }, async (_husky, prefix) => {
      const client = new Client({
        connection: temporal.client.connection,
        interceptors: { workflow: [traceStarts()] },
      });
      await new HuskyClient({ client, taskQueue: `${prefix}-husky` }).solve(asked);
    });
  } finally {
    for (const name of Object.keys(switched)) Reflect.deleteProperty(process.env, name);
  }
  const of = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name);
  expect(of('execute_tool code')[0]?.attributes).toMatchObject({
    'gen_ai.tool.call.arguments': 'console.log(12 * 6 + 24)',
    'gen_ai.tool.call.result': '96',
  });
  const [solution] = of('invoke_agent husky');
  expect(solution?.attributes['husky.question']).toContain('A garden ([secret], [secret]) holds');
  expect(solution?.attributes['husky.answer']).toBe('96');
  expect(of('step math')[0]?.attributes['gen_ai.tool.call.result']).toBe('3 x 8 = 24.');
  const [chat] = of('chat scripted-math');
  const sent = JSON.parse(String(chat?.attributes['gen_ai.input.messages'])) as unknown;
  expect(sent).toEqual(
    expect.arrayContaining([
      { role: 'user', parts: [{ type: 'text', content: expect.stringContaining('Multiply 3 by 8 for the spiders.') }] },
    ]),
  );
  expect(chat?.attributes['gen_ai.output.messages']).toContain('3 x 8 = 24.');
  const everything = JSON.stringify(spans.getFinishedSpans().map(({ attributes }) => attributes));
  expect(everything).not.toContain(key);
  expect(everything).not.toContain('sk-0123');
}, 180_000);

/** The calls of scripted models cost something. */
function priced(model: ContextParts['model']): ContextParts['model'] {
  return (expert) => {
    const plain = typeof model === 'function' ? model(expert) : (model as Model);
    return {
      ...plain,
      generate: async (request, options) => {
        const generation = await plain.generate(request, options);
        return { ...generation, usage: { ...generation.usage, money: 0.01 } };
      },
    };
  };
}

/** As Prometheus and the collector's exporter name a metric: docs of OpenTelemetry, "Prometheus and OpenMetrics compatibility". */
function prometheusNames({ descriptor: { name, unit }, dataPointType }: MetricData): string[] {
  const units: Record<string, string> = { s: '_seconds', By: '_bytes', '': '' };
  const base = name.replace(/[^a-zA-Z0-9_]/g, '_') + (unit.startsWith('{') ? '' : units[unit]);
  return dataPointType === DataPointType.HISTOGRAM
    ? ['_bucket', '_sum', '_count'].map((end) => base + end)
    : [`${base}_total`];
}

test('the dashboard asks for metrics and labels that workers export, and shows all of them', async () => {
  const script = scriptSolutions([rain]);
  const parts = { ...script.parts, model: priced(script.parts.model), tools: [weather] };
  await withWorkers(temporal, { parts }, (husky) => husky.solve(rain.question));
  const all = await taken();
  expect(counts(all, 'husky.tool.duration', 'gen_ai.tool.name')).toMatchObject({ weather: 1 });
  expect(counts(all, 'husky.step.duration', 'error.type')).toMatchObject({ 'program-failed': 1 });

  const exported = all.map((metric) => ({ metric, names: prometheusNames(metric) }));
  const labels = new Set(
    all.flatMap(({ dataPoints }) =>
      dataPoints.flatMap(({ attributes }) => Object.keys(attributes).map((key) => key.replaceAll('.', '_'))),
    ),
  );
  const dashboard = JSON.parse(readFileSync(join(__dirname, '../../deploy/grafana/husky.json'), 'utf8')) as {
    panels: { title: string; targets?: { expr: string; legendFormat: string }[] }[];
  };
  const targets = dashboard.panels.flatMap(({ targets = [] }) => targets);
  const queried = new Set(
    targets.flatMap(
      ({ expr }) => expr.replace(/\b(by|on) \([^)]*\)/g, '').match(/\b(husky|gen_ai)_\w+(?=[[{)])/g) ?? [],
    ),
  );
  const known = new Set(exported.flatMap(({ names }) => names));
  expect([...queried].filter((name) => !known.has(name))).toEqual([]);
  expect(exported.filter(({ names }) => !names.some((name) => queried.has(name)))).toEqual([]);
  const grouped = targets.flatMap(({ expr, legendFormat }) => [
    ...[...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/)),
    ...[...expr.matchAll(/[{,]\s*(\w+)\s*!?=/g)].map(([, label = '']) => label),
    ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
  ]);
  expect(grouped.length).toBeGreaterThan(10);
  expect(grouped.filter((label) => label !== 'le' && !labels.has(label))).toEqual([]);
}, 180_000);
