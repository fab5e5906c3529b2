/**
 * What orchestration adds to synthesis: `husky synthesize` with a full window against the simulator of shared/bench, beside a
 * replay of the same calls by an orchestrator without any cost.
 *
 *     node benchmarks/node-ts.cjs benchmarks/training/synthesis.ts --questions 256 --in-flight 64 [--slowdown 4] [--python host]
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { SynthesisProgress } from '../../src/contract/synthesis';
import { cpuSeconds, machineSeconds, startChild } from '../throughput/processes';
import { defaultBench, openSurroundings, ROOT } from '../throughput/surroundings';

interface Call {
  qid: string | null;
  arrive: number;
  service: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      questions: { type: 'string', default: '256' },
      'in-flight': { type: 'string', default: '64' },
      slowdown: { type: 'string', default: '1' },
      style: { type: 'string', default: 'modular' },
      python: { type: 'string', default: 'pyodide' },
      bench: { type: 'string', default: defaultBench() },
    },
  });
  const [count, lanes, slowdown] = [values.questions, values['in-flight'], values.slowdown].map(Number) as [
    number,
    number,
    number,
  ];
  const surroundings = await openSurroundings({ bench: resolve(values.bench), questions: count, slowdown });
  try {
    const { scratch, simulator, questions } = surroundings;
    const server = await surroundings.startServer();
    const [dataset, teacher, log, out] = ['questions.jsonl', 'teacher.json', 'calls.jsonl', 'out'].map((name) =>
      join(scratch, name),
    ) as [string, string, string, string];
    const lines = questions.map(({ question, answer }, index) => JSON.stringify({ index, question, answer }));
    writeFileSync(dataset, `${lines.join('\n')}\n`);
    writeFileSync(teacher, JSON.stringify(teacherConfig(simulator, values.python)));
    await fetch(`${simulator}/reset?log=${encodeURIComponent(log)}`, { method: 'POST' });
    const before = { server: cpuSeconds(server.pid), machine: machineSeconds(), at: Date.now() };
    const child = await startChild(
      process.execPath,
      [
        ...[join(ROOT, 'benchmarks/node-ts.cjs'), join(ROOT, 'src/cli/main.ts'), 'synthesize', '--dataset', dataset],
        ...['--teacher', teacher, '--out', out],
        ...['--style', values.style, '--temperature', '0', '--in-flight', values['in-flight'], '--json'],
        ...['--address', server.address],
      ],
      { env: { SIMULATOR_KEY: 'x' } },
    );
    let worker = 0;
    const looking = setInterval(() => (worker = cpuSeconds(child.pid) || worker), 500);
    const output = await child.ended;
    clearInterval(looking);
    const progress = JSON.parse(output.trim().split('\n').at(-1) ?? '') as SynthesisProgress;
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { updatedAt: string };
    const calls = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Call);
    const seconds = (Date.parse(manifest.updatedAt) - progress.startedAt) / 1000;
    const ideal = idealSeconds(calls, lanes);
    const busy = (machineSeconds() - before.machine) / ((Date.now() - before.at) / 1000);
    process.stdout.write(
      `${JSON.stringify({
        questions: count,
        inFlight: lanes,
        slowdown,
        style: values.style,
        python: values.python,
        finished: progress.finished,
        accepted: progress.accepted,
        rejections: progress.rejections,
        calls: calls.length,
        seconds: round(seconds),
        ideal: round(ideal),
        overheadPercent: round((100 * (seconds - ideal)) / ideal),
        serverCpu: round(cpuSeconds(server.pid) - before.server),
        workerCpu: round(worker),
        busyCores: round(busy),
        load: round(loadavg()[0] ?? 0),
      })}\n`,
    );
  } finally {
    await surroundings.stop();
  }
}

/** Each of so many lanes takes the next question when its last one is done; a question takes the time of its calls, one after another. */
function idealSeconds(calls: readonly Call[], lanes: number): number {
  const byQuestion = new Map<string, number>();
  for (const { qid, service } of [...calls].sort((a, b) => a.arrive - b.arrive))
    if (qid !== null) byQuestion.set(qid, (byQuestion.get(qid) ?? 0) + service);
  const free = Array.from({ length: lanes }, () => 0);
  for (const seconds of byQuestion.values()) {
    const soonest = free.indexOf(Math.min(...free));
    free[soonest] = (free[soonest] ?? 0) + seconds;
  }
  return Math.max(...free);
}

function teacherConfig(simulator: string, python: string) {
  const model = (name: string) => ({
    provider: 'openai',
    baseUrl: `${simulator}/v1`,
    model: `husky-${name}`,
    contextTokens: 100_000,
  });
  return {
    prompts: 'few-shot',
    models: Object.fromEntries(['action', 'code', 'math', 'query', 'commonsense'].map((name) => [name, model(name)])),
    search: { engine: 'serpapi', baseUrl: simulator, apiKeyEnv: 'SIMULATOR_KEY' },
    sandbox: { language: 'python', python, concurrency: 16 },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

void main();
