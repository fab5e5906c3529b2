import { SolutionState } from '../../src/loop/solution-state';
import { boundTrajectory, MAX_TRAJECTORY_BYTES } from '../../src/trajectory/bound-trajectory';
import { MAX_STEPS, type SolveProfile } from '../../src/contract/profile';
import { NO_USAGE, type Step } from '../../src/trajectory/step';

const step = (index: number, observation: string, output = `Output ${index}.`): Step => ({
  index,
  tool: 'code',
  step: `Step ${index}.`,
  code: `console.log(${index})`,
  observation,
  output,
  model: { action: 'a', code: 'c' },
  usage: NO_USAGE,
  durationMs: 1,
  attempts: 1,
});
const bytes = (steps: Step[]) => Buffer.byteLength(JSON.stringify(steps));

/** Steps one after the other, bounded after each, as a solution does. */
function grow(count: number, make: (index: number) => Step): Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < count; index += 1) {
    steps.push(make(index));
    boundTrajectory(steps);
  }
  return steps;
}

test('a trajectory that fits is left as it is', () => {
  const made = Array.from({ length: 100 }, (_, index) => step(index, 'x'.repeat(4000)));
  expect(grow(100, (index) => made[index] as Step)).toEqual(made);
});

test('a thousand steps of 4,000 characters each fit; the oldest observations are cut, with their lengths, and no step is dropped', () => {
  const steps = grow(1000, (index) => step(index, 'é'.repeat(4000)));
  expect(bytes(steps)).toBeLessThan(MAX_TRAJECTORY_BYTES + 2000);
  expect(steps.map(({ index, output }) => [index, output])).toEqual(steps.map((_, i) => [i, `Output ${i}.`]));
  expect(steps[0]?.observation).toMatch(/^é{160} \[\.\.\. cut, 4000 characters in all\]$/);
  expect(steps.at(-1)?.observation).toBe('é'.repeat(4000));
});

test('outputs are cut only when that is not enough, oldest first', () => {
  const steps = grow(1000, (index) => step(index, 'x'.repeat(4000), 'y'.repeat(3000)));
  expect(bytes(steps)).toBeLessThan(MAX_TRAJECTORY_BYTES + 2000);
  expect(steps[0]?.output).toMatch(/^y{160} \[\.\.\. cut, 3000 characters in all\]$/);
  expect(steps.at(-1)?.output).toBe('y'.repeat(3000));
});

test('as many steps as a solution may have fit, however long their texts, each with the lengths of what was cut', () => {
  const wordy = (index: number) => ({ ...step(index, 'é'.repeat(4000), 'ß'.repeat(3000)), step: 'ä'.repeat(2000) });
  const steps = grow(MAX_STEPS, wordy);
  expect(steps).toHaveLength(MAX_STEPS);
  expect(bytes(steps)).toBeLessThan(MAX_TRAJECTORY_BYTES + 2000);
  expect(steps[0]).toMatchObject({
    step: 'ääääääää [... cut, 2000 characters in all]',
    observation: 'éééééééé [... cut, 4000 characters in all]',
    output: 'ßßßßßßßß [... cut, 3000 characters in all]',
  });
});

test('a question of the longest kind leaves its trajectory less room, so that both fit one payload of 2 MB', () => {
  const question = '問'.repeat(400_000);
  const solution = new SolutionState({ id: '1', question, profile: {} as SolveProfile, workflowId: 'w', runId: 'r' });
  for (let index = 0; index < 300; index += 1) solution.append(step(index, 'x'.repeat(4000)));
  expect(solution.steps).toHaveLength(300);
  expect(Buffer.byteLength(JSON.stringify(solution.progress()))).toBeLessThan(2_000_000);
});
