/** Everything is killed while solutions run, and endpoints misbehave; the large run is benchmarks/chaos. */
import { runChaos } from '../../benchmarks/chaos/chaos';

test.each([0, 8])(
  'solutions end as undisturbed ones and nothing recorded is done again, %i steps an activity',
  async (stepsPerActivity) => {
    const report = await runChaos({ solutions: 8, seed: 5, stepsPerActivity, everyMs: 1500, disturbances: 6 });
    expect(report).toMatchObject({ equal: 8, different: [], left: [] });
    expect(report.ledger).toMatchObject({ repeatedRecorded: [], unknown: [] });
    expect(report.kills.worker).toBeGreaterThan(0);
  },
  400_000,
);
