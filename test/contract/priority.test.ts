import { runPriority } from '../../src/contract/priority';

test('a person goes before evaluation, evaluation before synthesis, and runs of a kind take turns', () => {
  expect(runPriority('interactive', 'a')).toEqual({ priorityKey: 1, fairnessKey: 'a' });
  expect(runPriority('evaluation', 'b')).toEqual({ priorityKey: 4, fairnessKey: 'b' });
  expect(runPriority('synthesis', 'c')).toEqual({ priorityKey: 5, fairnessKey: 'c' });
});

test('a fairness key is never longer than Temporal takes, and long ones differ where their runs do', () => {
  const [one, other] = ['ß'.repeat(40) + '1', 'ß'.repeat(40) + '2'].map(
    (id) => runPriority('evaluation', id).fairnessKey,
  );
  expect(Buffer.byteLength(one ?? '')).toBe(64);
  expect(one).not.toBe(other);
});
