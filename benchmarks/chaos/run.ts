/**
 * The chaos run, large: `npm run chaos`. Its small brother is test/integration/chaos.test.ts.
 *
 * @module
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos, type ChaosReport } from './chaos';

const HELP = `node benchmarks/node-ts.cjs benchmarks/chaos/run.ts [options]     (after npm run build)
  --solutions 300        solutions
  --in-flight 40         solutions at a time; default: all at once
  --seed 1               of questions, misbehaviour and schedule
  --steps-per-activity 0 more: several steps in one activity
  --every 3000           milliseconds between disturbances, on average
  --disturbances 60      at most
  --cluster FOLDER       a cluster on PostgreSQL in the place of the development server; README.md says what the folder holds
  --trouble 0.1          share of requests answered 429, 500, garbage, half a body or not at all`;

/** Disturbances in words. */
const NAMES: Record<string, string> = {
  worker: 'workers killed',
  endpoints: 'endpoints killed',
  temporal: 'Temporal server killed',
  sandbox: 'sandbox children killed',
  'service frontend': 'frontend killed',
  'service history': 'history killed',
  'service matching': 'matching killed',
  'service worker': "Temporal's own worker service killed",
  PostgreSQL: 'PostgreSQL killed',
  'PostgreSQL refuses': 'PostgreSQL refused all connections for 8 s',
  "PostgreSQL's disk": "PostgreSQL's disk was full for 8 s",
};

function render({ kills, ledger, ...report }: ChaosReport): string {
  const rows: [string, string | number][] = [
    ['solutions that ended with the undisturbed steps and answer', `${report.equal} of ${report.solutions}`],
    ...Object.entries(kills).map(([target, count]): [string, number] => [NAMES[target] ?? target, count]),
    ...Object.entries(ledger.troubles).map(([kind, count]): [string, number] => [
      `requests answered with: ${kind}`,
      count,
    ]),
    ['requests that arrived', ledger.arrived],
    ['requests answered', ledger.answered],
    ['answered, not yet recorded when something was killed, and made again', ledger.repeatedInFlight],
    ['made again although recorded', ledger.repeatedRecorded.length],
    ['requests that the undisturbed run did not make', ledger.unknown.length],
    ['processes and temporary files left behind', report.left.length],
    ['seconds', report.seconds.toFixed(0)],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      solutions: { type: 'string', default: '300' },
      'in-flight': { type: 'string' },
      seed: { type: 'string', default: '1' },
      'steps-per-activity': { type: 'string', default: '0' },
      every: { type: 'string', default: '3000' },
      disturbances: { type: 'string', default: '60' },
      trouble: { type: 'string', default: '0.1' },
      cluster: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const report = await runChaos({
    solutions: Number(values.solutions),
    ...(values['in-flight'] === undefined ? {} : { inFlight: Number(values['in-flight']) }),
    seed: Number(values.seed),
    stepsPerActivity: Number(values['steps-per-activity']),
    everyMs: Number(values.every),
    disturbances: Number(values.disturbances),
    trouble: Number(values.trouble),
    ...(values.cluster === undefined ? {} : { clusterFolder: resolve(values.cluster) }),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${render(report)}\n`);
  const { different, left, ledger } = report;
  const broken = [...different, ...left, ...ledger.repeatedRecorded, ...ledger.unknown];
  for (const line of broken) process.stderr.write(`${line}\n`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
