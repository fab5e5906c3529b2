/** A rolling update, and a way back, while solutions run; the large run is `npm run chaos -- --rollout`. */
import { runRollout } from '../../benchmarks/chaos/rollout';

test('workers of a new version take over, and no solution fails, moves or makes a call again', async () => {
  const options = { inFlight: 6, questions: 500, seed: 3, perRole: 1, phaseMs: 500, modelMs: 200 };
  const report = await runRollout(options);
  expect(report).toMatchObject({ wrong: [], moved: [], fallen: [], left: [], readable: true });
  expect(report.ledger).toMatchObject({ repeatedRecorded: [], repeatedInFlight: 0, arrived: report.due });
  expect(report.phases.at(0)?.begun.B).toBe(0);
  expect(report.phases.at(-1)?.begun.A).toBe(0);
  expect(Math.min(...['A', 'B'].map((version) => began(report.phases, version as 'A' | 'B')))).toBeGreaterThan(0);
}, 400_000);

const began = (phases: Awaited<ReturnType<typeof runRollout>>['phases'], version: 'A' | 'B') =>
  phases.reduce((sum, { begun }) => sum + begun[version], 0);
