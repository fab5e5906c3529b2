import { fileURLToPath } from 'node:url';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';
import { HuskyIdGenerator, traceStarts } from 'temporal-husky/tracing';

// In memory, to print it; yours sends with OTLPTraceExporter and BatchSpanProcessor.
const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(
  new TracerProvider({ idGenerator: new HuskyIdGenerator(), spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const client = new Client({ connection, interceptors: { workflow: [traceStarts()] } });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'traced-questions',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
});

await worker.runUntil(async () => {
  const husky = new HuskyClient({ client, taskQueue: 'traced-questions' });
  console.log('answer:', (await husky.solve('How many meters taller is Mount Everest than K2?')).answer);
});
print(undefined, '');
await connection.close();
await native.close();

function print(parent: string | undefined, indent: string): void {
  const spans = exporter.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent);
  const begun = ([seconds, nanoseconds]: [number, number]) => seconds * 1000 + nanoseconds / 1e6;
  for (const span of spans.sort((a, b) => begun(a.startTime) - begun(b.startTime))) {
    console.log(`${indent}${span.name}  ${begun(span.duration).toFixed(0)} ms`);
    print(span.spanContext().spanId, `${indent}  `);
  }
}
