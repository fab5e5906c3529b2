import { availableParallelism } from 'node:os';
import { longestRun, placesFor } from '../../src/sandbox/places';

it('programs run one for each processor at most where nobody says, and as configured otherwise', () => {
  const places = placesFor({});
  expect(places).toBeGreaterThanOrEqual(1);
  expect(places).toBeLessThanOrEqual(availableParallelism());
  expect(placesFor({ concurrency: 7 })).toBe(7);
});

it('an activity waits for its place at least as long as every slot of a tool worker with one place would take', () => {
  const [timeoutMs, slots] = [10_000, 33];
  expect(longestRun({ timeoutMs })).toBeGreaterThan(slots * timeoutMs);
});
