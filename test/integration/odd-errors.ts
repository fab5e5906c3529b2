/** Errors as tools may throw them: too large to travel, or of a form that cannot be written. */
import { ApplicationFailure } from '@temporalio/common';

/** By the part that is large. */
export function largeErrors(length: number): [part: string, error: () => unknown][] {
  const long = () => `the station is on fire ${'x'.repeat(length)}`;
  return [
    ['message', () => new Error(long())],
    ['cause', () => new Error('short', { cause: new Error(long()) })],
    ['detail', () => ApplicationFailure.create({ message: 'short', details: [long()] })],
    ['stack', () => Object.assign(new Error('short'), { stack: long() })],
    ['text', () => long()],
    ['member', () => ({ reading: long() })],
  ];
}

export const unwritableErrors: [form: string, error: () => unknown][] = [
  [
    'causes that go in a circle',
    () => {
      const error = new Error('the station is on fire');
      error.cause = error;
      return error;
    },
  ],
  ['a detail that is no JSON', () => ApplicationFailure.create({ message: 'the station is on fire', details: [1n] })],
];
