import { tracedModel } from '../../src/runtime/traced-parts';
import type { Tracing } from '../../src/runtime/tracing';
import type { Model } from '../../src/models/model';

test('a traced model tells all that the model tells of itself', () => {
  const model: Model = {
    name: 'm',
    contextTokens: 6000,
    countTokens: ({ length }) => length,
    generate: () => Promise.reject(new Error('not asked')),
    close: () => Promise.resolve(),
  };
  const traced = tracedModel(
    { tracing: {} as Tracing, texts: undefined },
    { module: 'math', provider: 'llama.cpp' },
    model,
  );
  expect(Object.keys(traced).sort()).toEqual(Object.keys(model).sort());
  expect([traced.contextTokens, traced.countTokens?.('four')]).toEqual([6000, 4]);
});
