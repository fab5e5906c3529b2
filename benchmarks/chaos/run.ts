/**
 * The chaos run, large: `npm run chaos`, and a rolling update under load: `npm run chaos -- --rollout`. Their small brothers are
 * test/integration/chaos.test.ts and test/integration/rollout-under-load.test.ts.
 *
 * @module
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos, type ChaosReport } from './chaos';
import { runRollout, type RolloutReport } from './rollout';

const HELP = `node benchmarks/node-ts.cjs benchmarks/chaos/run.ts [options]     (after npm run build)
  --solutions 300        solutions
  --in-flight 40         solutions at a time; default: all at once
  --seed 1               of questions, misbehaviour and schedule
  --steps-per-activity 0 more: several steps in one activity
  --every 3000           milliseconds between disturbances, on average
  --disturbances 60      at most
  --cluster FOLDER       a cluster on PostgreSQL in the place of the development server; README.md says what the folder holds
  --trouble 0.1          share of requests answered 429, 500, garbage, half a body or not at all

--rollout makes a rolling update of worker deployment versions under load, and takes --seed, --cluster, --in-flight (24) and
  --per-role 2           worker processes of each set of roles, for each version
  --phase 8000           milliseconds of each phase after its change
  --model-ms 400         milliseconds of a model's answer, on average
  --questions 2000       at most; the load ends with the update`;

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

function renderRollout({ phases, ledger, ...report }: RolloutReport): string {
  const lines = phases.map(({ name, seconds, ended, median, p99, begun }) => {
    const cells = [name, seconds.toFixed(1), begun.A, begun.B, ended, (ended / seconds).toFixed(1)];
    return `| ${[...cells, median.toFixed(1), p99.toFixed(1)].join(' | ')} |`;
  });
  const rows: [string, string | number][] = [
    ['solutions that ended as their script says', `${report.solutions - report.wrong.length} of ${report.solutions}`],
    ['solutions carried by one version alone', `${report.solutions - report.moved.length} of ${report.solutions}`],
    ['model and search calls that the scripts need', report.due],
    ['calls that arrived', ledger.arrived],
    ['made again although recorded', ledger.repeatedRecorded.length],
    ['answered, not yet recorded, and made again', ledger.repeatedInFlight],
    ['workers that ended by themselves', report.fallen.length],
    ["a solution of A is shown when A's workers are gone", report.readable ? 'yes' : 'no'],
    ['processes and temporary files left behind', report.left.length],
    ['seconds', report.seconds.toFixed(0)],
  ];
  return [
    '| phase | seconds | begun on A | on B | ended | a second | median, s | p99, s |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    ...['', '| | |', '| --- | --- |', ...rows.map(([what, value]) => `| ${what} | ${value} |`)],
  ].join('\n');
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
      rollout: { type: 'boolean', default: false },
      'per-role': { type: 'string', default: '2' },
      phase: { type: 'string', default: '8000' },
      'model-ms': { type: 'string', default: '400' },
      questions: { type: 'string', default: '2000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const shared = {
    seed: Number(values.seed),
    ...(values.cluster === undefined ? {} : { clusterFolder: resolve(values.cluster) }),
    onProgress: (line: string) => process.stderr.write(`${line}\n`),
  };
  if (values.rollout) {
    const update = await runRollout({
      ...shared,
      inFlight: Number(values['in-flight'] ?? 24),
      perRole: Number(values['per-role']),
      phaseMs: Number(values.phase),
      modelMs: Number(values['model-ms']),
      questions: Number(values.questions),
    });
    process.stdout.write(`${renderRollout(update)}\n`);
    return conclude([...update.wrong, ...update.moved, ...update.fallen, ...update.left, ...brokenIn(update.ledger)]);
  }
  const report = await runChaos({
    ...shared,
    solutions: Number(values.solutions),
    ...(values['in-flight'] === undefined ? {} : { inFlight: Number(values['in-flight']) }),
    stepsPerActivity: Number(values['steps-per-activity']),
    everyMs: Number(values.every),
    disturbances: Number(values.disturbances),
    trouble: Number(values.trouble),
  });
  process.stdout.write(`${render(report)}\n`);
  conclude([...report.different, ...report.left, ...brokenIn(report.ledger)]);
}

const brokenIn = ({ repeatedRecorded, unknown }: ChaosReport['ledger']) => [...repeatedRecorded, ...unknown];

function conclude(broken: readonly string[]): void {
  for (const line of broken) process.stderr.write(`${line}\n`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
