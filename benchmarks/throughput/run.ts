/**
 * Time and CPU of our product beside a bare Temporal loop and LangGraph.js, on one simulator, one after the other in one go.
 *
 * @module
 */
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bareTemporal, huskyV1, langGraph, product, type Engine } from './engines';
import type { Measurement } from './measurement';
import { defaultBench, openSurroundings } from './surroundings';
import { renderTable } from './table';

const HELP = `node benchmarks/node-ts.cjs benchmarks/throughput/run.ts [options]
  --questions 1,64,200      questions asked at once
  --runs 3                  runs of each engine; the table shows medians and all makespans
  --engines product,product-8,product-throughput,product-batch,bare,bare-fused,langgraph,husky-v1
                            and product-traced, product-8-traced: with OpenTelemetry
  --in-flight N             questions asked at a time by the product's engines; default: all at once
  --slowdown 1              times that the models are slower (4: the GPU is the limit)
  --bench FOLDER            the baselines; default: shared/bench beside the repository, or under HUSKY_SHARED
  --langgraph FOLDER        folder in which the packages of FOLDER/package.json of the baselines are installed
  --langgraph-node PATH     Node that they were installed with; default: node on PATH
  --husky-v1 FOLDER         the folder husky of a checkout of Husky-v1
  --husky-v1-python PATH    Python with tqdm and backoff; default: python3
  --profile FOLDER          CPU profiles of the product's worker`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      questions: { type: 'string', default: '1,64,200' },
      runs: { type: 'string', default: '3' },
      engines: {
        type: 'string',
        default: 'product,product-8,product-throughput,product-batch,bare,bare-fused,langgraph,husky-v1',
      },
      'in-flight': { type: 'string' },
      slowdown: { type: 'string', default: '1' },
      bench: { type: 'string', default: defaultBench() },
      langgraph: { type: 'string' },
      'langgraph-node': { type: 'string', default: 'node' },
      'husky-v1': { type: 'string' },
      'husky-v1-python': { type: 'string', default: 'python3' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const asked = {
    cpuProfiles: values.profile,
    ...(values['in-flight'] === undefined ? {} : { inFlight: Number(values['in-flight']) }),
  };
  const engines: Record<string, Engine> = {
    product: product({ stepsPerActivity: 0, ...asked }),
    'product-8': product({ stepsPerActivity: 8, ...asked }),
    'product-throughput': product({ stepsPerActivity: 20, journal: 'file', ...asked }),
    'product-8-batch': product({ stepsPerActivity: 8, batch: 8, ...asked }),
    'product-traced': product({ stepsPerActivity: 0, traced: true, ...asked }),
    'product-8-traced': product({ stepsPerActivity: 8, traced: true, ...asked }),
    'product-batch': product({ stepsPerActivity: 20, journal: 'file', batch: 8, ...asked }),
    bare: bareTemporal('apart'),
    'bare-fused': bareTemporal('fused'),
    langgraph: langGraph(values['langgraph-node']),
    'husky-v1': huskyV1(resolve(values['husky-v1'] ?? '.'), values['husky-v1-python']),
  };
  const chosen = values.engines
    .split(',')
    .filter((name) => (name !== 'langgraph' && name !== 'husky-v1') || values[name] !== undefined);
  const unknown = chosen.filter((name) => !engines[name]);
  if (unknown.length > 0)
    throw new Error(`No engine ${unknown.join(', ')}; there are ${Object.keys(engines).join(', ')}.`);
  const counts = values.questions.split(',').map(Number);
  const surroundings = await openSurroundings({
    bench: resolve(values.bench),
    questions: Math.max(256, ...counts) + 8,
    slowdown: Number(values.slowdown),
    ...(values.langgraph === undefined ? {} : { langGraph: resolve(values.langgraph) }),
  });
  const measurements: Measurement[] = [];
  try {
    for (const count of counts)
      for (let run = 1; run <= Number(values.runs); run += 1)
        for (const name of chosen) {
          const measured = await (engines[name] as Engine)(surroundings, count);
          measurements.push(measured);
          const { makespan, serverCpu, workerCpu, othersBusy, workerThreads = {} } = measured;
          const threads = Object.entries(workerThreads)
            .filter(([, seconds]) => seconds >= 0.05)
            .sort(([, a], [, b]) => b - a)
            .map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`);
          process.stderr.write(
            `${count} questions, run ${run}, ${name}: ${makespan.toFixed(2)} s, CPU ${serverCpu.toFixed(1)} + ${workerCpu.toFixed(1)} s, others ${othersBusy.toFixed(2)} cores; worker's threads: ${threads.join(', ') || '-'}\n`,
          );
        }
  } finally {
    await surroundings.stop();
  }
  const [model = 'unknown'] = cpus().map((cpu) => cpu.model);
  process.stdout.write(
    `${renderTable(measurements)}\n\n${cpus().length} cores (${model.trim()}), load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, models ${values.slowdown}x slower, ${new Date().toISOString().slice(0, 16)}Z\n`,
  );
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
