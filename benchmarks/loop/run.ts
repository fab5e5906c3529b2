/**
 * What the product adds to a bare Temporal loop: time at 1 and 64 questions on one simulator and the same server settings, and history a step.
 *
 * @module
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bareTemporal, product } from '../throughput/engines';
import type { Measurement } from '../throughput/measurement';
import { defaultBench, openSurroundings } from '../throughput/surroundings';
import { median, renderTable } from '../throughput/table';
import { measureHistories } from './history';

const ENGINES = [product({ stepsPerActivity: 0 }), product({ stepsPerActivity: 8 }), bareTemporal('apart')];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      questions: { type: 'string', default: '1,64' },
      runs: { type: 'string', default: '3' },
      steps: { type: 'string', default: '5,20,100' },
      bench: { type: 'string', default: defaultBench() },
    },
  });
  const sizes = await measureHistories(values.steps.split(',').map(Number), [0, 8]);
  const counts = values.questions.split(',').filter(Boolean).map(Number);
  const measurements: Measurement[] = [];
  if (counts.length > 0) {
    const surroundings = await openSurroundings({ bench: resolve(values.bench), questions: 256 });
    try {
      for (const count of counts)
        for (let run = 1; run <= Number(values.runs); run += 1)
          for (const engine of ENGINES) measurements.push(await engine(surroundings, count));
    } finally {
      await surroundings.stop();
    }
  }
  const lines = [renderTable(measurements), ''];
  const bare = (count: number) =>
    measurements.filter(({ system, questions }) => system === 'bare Temporal' && questions === count);
  for (const count of counts)
    for (const system of ['product', 'product-8']) {
      const own = measurements.filter((run) => run.system === system && run.questions === count);
      const ratio = (read: (run: Measurement) => number) => median(own.map(read)) / median(bare(count).map(read));
      const time = ratio(({ makespan }) => makespan).toFixed(2);
      const cpu = ratio(({ serverCpu, workerCpu }) => serverCpu + workerCpu).toFixed(2);
      lines.push(`${count} questions, ${system}: ${time} times the time and ${cpu} times the CPU of the bare loop`);
    }
  lines.push('', '| steps | steps per activity | events a step | bytes a step |', '| --- | --- | --- | --- |');
  for (const size of sizes)
    lines.push(
      `| ${size.steps} | ${size.stepsPerActivity} | ${size.eventsPerStep.toFixed(1)} | ${size.bytesPerStep.toFixed(0)} |`,
    );
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
