import { z } from 'zod';
import { askedForm, formSchema, inForm } from '../../src/endpoint/answer-form';

const steps = [
  { index: 0, tool: 'code', step: 'Compute 12 times 6.', output: '72', attempts: 1, durationMs: 1 },
  { index: 1, tool: 'math', step: 'Add 24.', output: 'The sum is 96.', attempts: 1, durationMs: 1 },
] as unknown as Parameters<typeof inForm>[0]['steps'];

const filled = (schema: object, answer: string) => {
  const form = formSchema.parse({ type: 'json_schema', json_schema: { name: 'reply', strict: true, schema } });
  const formed = inForm({ answer, steps }, form);
  return 'content' in formed ? (JSON.parse(formed.content) as unknown) : formed.refusal;
};
const object = (properties: object, required = Object.keys(properties)) => ({ type: 'object', properties, required });

test.each([
  ['a text', object({ answer: { type: 'string' } }), 'Lake Superior', { answer: 'Lake Superior' }],
  ['an integer with thousands', object({ people: { type: 'integer' } }), '38,462,192 people', { people: 38462192 }],
  ['a number below zero', object({ value: { type: 'number' } }), '−4.5', { value: -4.5 }],
  ['a fraction', object({ value: { type: 'number' } }), '5/8', { value: 0.625 }],
  ['yes', object({ isTrue: { type: 'boolean' } }), 'Yes.', { isTrue: true }],
  ['one of a list', object({ choice: { enum: ['A', 'B'] } }), 'b', { choice: 'B' }],
  [
    'steps as text beside it',
    object({ reasoning: { type: 'string' }, answer: { type: 'number' } }),
    '96',
    { reasoning: '[code] Compute 12 times 6.\n72\n\n[math] Add 24.\nThe sum is 96.', answer: 96 },
  ],
  [
    'steps as a list',
    object({ steps: { type: 'array', items: { type: 'string' } }, answer: { type: 'string' } }),
    '96',
    { steps: ['[code] Compute 12 times 6.\n72', '[math] Add 24.\nThe sum is 96.'], answer: '96' },
  ],
  [
    'a field that may be null, as strict clients write it',
    object({ answer: { type: 'integer' }, unit: { type: ['string', 'null'] } }),
    '96',
    { answer: 96, unit: null },
  ],
  [
    'no number',
    object({ answer: { type: 'number' } }),
    'about three',
    'The answer is about three, which is not a number.',
  ],
  ['two numbers', object({ answer: { type: 'integer' } }), '3 or 4', 'The answer is 3 or 4, which is not an integer.'],
  [
    'half where whole ones are asked for',
    object({ n: { type: 'integer' } }),
    '2.5',
    'The answer is 2.5, which is not an integer.',
  ],
])('%s', (_, schema, answer, expected) => {
  expect(filled(schema, answer)).toEqual(expected);
});

test('schemas as Zod and Pydantic write them', () => {
  const reply = z.object({
    explanation: z.string(),
    result: z.number().int().nullable(),
    kind: z.enum(['x']).optional(),
  });
  expect(filled(z.toJSONSchema(reply), '96')).toEqual({ explanation: expect.any(String) as string, result: 96 });
  const pydantic = {
    $defs: { Size: { enum: ['small', 'large'], type: 'string' } },
    ...object(
      { size: { $ref: '#/$defs/Size' }, note: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null } },
      ['size'],
    ),
  };
  expect(filled(pydantic, 'Large')).toEqual({ size: 'large' });
});

test.each([
  ['two answers', object({ first: { type: 'string' }, second: { type: 'string' } })],
  ['an object within', object({ answer: object({ value: { type: 'string' } }) })],
  ['a list alone', { type: 'array', items: { type: 'string' } }],
  ['nothing', {}],
])('a schema of %s is refused before anything is asked', (_, schema) => {
  const read = formSchema.safeParse({ type: 'json_schema', name: 'reply', schema });
  expect(read.error?.message).toContain('one field for the answer');
});

test('a schema beside json_object is filled', () => {
  const schema = { type: 'object', properties: { legs: { type: 'integer' } }, required: ['legs'] };
  expect(formSchema.parse({ type: 'json_object', schema })).toEqual({ type: 'json_schema', schema });
  expect(formSchema.parse({ type: 'json_object', schema: {} })).toEqual({ type: 'json_object' });
});

test('an object without a schema has the answer', () => {
  expect(inForm({ answer: '96', steps }, formSchema.parse({ type: 'json_object' }))).toEqual({
    content: '{"answer":"96"}',
  });
  expect(formSchema.safeParse({ type: 'grammar' }).error?.message).toContain(
    'must be text, json_object or json_schema',
  );
});

test.each([
  ['`answer`.', { answer: '96' }],
  [
    '`reasoning`, then `answer` (must be formatted as a valid Python int).',
    { reasoning: expect.any(String), answer: 96 },
  ],
  ['`answer` (must exactly match (no extra characters) one of: 95; 96).', { answer: '96' }],
])('fields that DSPy asks for in words: %s', (fields, expected) => {
  const prompt = `[[ ## question ## ]]\nHow many?\n\nRespond with a JSON object in the following order of fields: ${fields}`;
  const formed = inForm({ answer: '96', steps }, askedForm(prompt)!);
  expect(JSON.parse((formed as { content: string }).content)).toEqual(expected);
});

test.each(['Respond with a JSON object in the following order of fields: `a`, then `b`.', 'What is a JSON object?'])(
  'other words ask for no form: %s',
  (prompt) => expect(askedForm(prompt)).toBeUndefined(),
);

test.each([
  ['JSON schema:\n', '\nYou MUST answer with a JSON object that matches the JSON schema above.'],
  ['How tall is it?\n\nOutput should be in JSON format and conform to the following schema:\n\n```\n', '\n```\n'],
])('a schema that stands in the prompt is filled: %j', (before, behind) => {
  const schema = { type: 'object', properties: { height: { type: 'number' } }, required: ['height'] };
  const form = askedForm(`${before}${JSON.stringify(schema, null, 2)}${behind}`)!;
  expect(form).toEqual({ type: 'json_schema', schema });
  expect(inForm({ answer: '8,849 meters', steps: [] }, form)).toEqual({ content: '{"height":8849}' });
  expect(inForm({ answer: '{"height": 8849}', steps: [] }, form)).toEqual({ content: '{"height": 8849}' });
  expect(askedForm(`Which tables has the database with the JSON schema ${JSON.stringify(schema)}?`)).toBeUndefined();
});
