import { z } from 'zod';
import { parseConfig } from '../../src/config';
import { loadPrompts } from '../../src/prompts';
import { testConfig } from '../../src/testing';
import { defineTool } from '../../src/tools/define-tool';
import { usableSchema } from '../../src/tools/mcp/usable-schema';
import { readArguments } from '../../src/tools/read-arguments';
import { jsonObjectIn } from '../../src/trajectory/json-object';

const input = {
  type: 'object',
  properties: {
    town: { type: 'string' },
    days: { type: 'integer', minimum: 1 },
    unit: { enum: ['celsius', 'kelvin'] },
  },
  required: ['town'],
  additionalProperties: false,
};
const read = (text: string) => readArguments(text, { name: 'weather', input });

test.each([
  ['an object alone', '{"town":"Oslo"}'],
  ['a fenced one', '```json\n{"town": "Oslo"}\n```'],
  ['one in the middle of talk', 'Sure {as asked}: {"town":"Oslo"} is what {you} want'],
  ["OpenAI's form", '{"type":"function","function":{"name":"weather","arguments":"{\\"town\\":\\"Oslo\\"}"}}'],
  ['a dictionary of Python', "{'town': 'Oslo'}"],
  ['a name without quotation marks', '{town: "Oslo",}'],
  // mastra-ai/mastra#11078
  ['a name with half of them', '{town":"Oslo"}'],
  ['arguments under their name', '{"arguments":{"town":"Oslo"}}'],
  ['arguments under their name, as text', '{"arguments":"{\\"town\\":\\"Oslo\\"}"}'],
  ["arguments under the tool's name", '{"weather":{"town":"Oslo"}}'],
  ['a call in a notation of its own', '<tool_call>{"name":"weather","arguments":{"town":"Oslo"}}</tool_call>'],
])('%s is read', (_, text) => {
  expect(read(text)).toEqual({ arguments: { town: 'Oslo' } });
});

// mastra-ai/mastra#12757, mako-ai/mako#665
test('numbers, lists and objects that were written as text are read where the schema wants no text', () => {
  const list = { type: 'array', items: { type: 'object', properties: { at: { type: ['integer', 'null'] } } } };
  const schema = { type: 'object', properties: { args: list, days: { type: 'integer' }, id: { type: 'string' } } };
  const readBy = (text: string) => readArguments(text, { name: 'plan', input: schema });
  expect(readBy('{"args":"[{\\"at\\":1}]","days":"3","id":"7"}')).toEqual({
    arguments: { args: [{ at: 1 }], days: 3, id: '7' },
  });
  expect(readBy('{"args":[{"at":"2"}]}')).toEqual({ arguments: { args: [{ at: 2 }] } });
  expect(readBy('{"days":"many"}')).toEqual({ invalid: 'days must be integer' });
});

test('a property of the schema that is called as a wrapper keeps its object, and True of Python is read', () => {
  const properties = { arguments: { type: 'object' }, town: { type: 'string' }, ok: { type: 'boolean' } };
  const schema = { type: 'object', properties, required: ['town'] };
  const readBy = (text: string) => readArguments(text, { name: 'plan', input: schema });
  expect(readBy('{"arguments":{"town":"Oslo"}}')).toEqual({ invalid: expect.stringContaining("property 'town'") });
  expect(readBy('{"town":"True","ok":"True"}')).toEqual({ arguments: { town: 'True', ok: true } });
});

test.each([
  ['a value of Python', '{"town":"Oslo","ok":True}', { town: 'Oslo', ok: true }],
  ['its words inside a text', "{'town': 'None of it', 'ok': False}", { town: 'None of it', ok: false }],
  ["a line's end inside a text", '{"town":"Os\nlo"}', { town: 'Os\nlo' }],
  ['an apostrophe that is escaped', '{"town":"L\\\'Aquila"}', { town: "L'Aquila" }],
  ['a backslash alone', '{"town":"a\\d"}', { town: 'a\\d' }],
])('%s is read', (_, text, expected) => {
  const schema = { type: 'object', properties: { town: { type: 'string' }, ok: { type: 'boolean' } } };
  expect(readArguments(text, { name: 'plan', input: schema })).toEqual({ arguments: expected });
});

// As pydantic, and so every server of Python, writes optional members, classes and enumerations.
test('the same where the schema says so by a reference, or as one of several; a null that is not wanted counts as left out', () => {
  const Place = { type: 'object', properties: { name: { type: 'string' }, 'a/b': { type: 'integer' } } };
  const schema = {
    type: 'object',
    properties: {
      place: { $ref: '#/$defs/Place' },
      days: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null },
      flags: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }] },
      unit: { enum: ['celsius', 'kelvin'] },
      size: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    },
    required: ['place'],
    $defs: { Place },
  };
  const readBy = (text: string) => readArguments(text, { name: 'plan', input: schema });
  expect(
    readBy('{"place":"{\\"name\\":\\"Oslo\\",\\"a/b\\":\\"1\\"}","days":"3","flags":"[\\"7\\"]","size":"2"}'),
  ).toEqual({
    arguments: { place: { name: 'Oslo', 'a/b': 1 }, days: 3, flags: ['7'], size: '2' },
  });
  expect(readBy('{"place":{"name":"Oslo"},"days":null,"unit":null,"size":"null"}')).toEqual({
    arguments: { place: { name: 'Oslo' }, days: null, size: 'null' },
  });
  expect(readBy('{"place":null}')).toEqual({ invalid: 'place must be object' });
});

test.each([
  ['no object', 'Oslo, please', /no JSON object/],
  ['a torn one', '{"town":"Oslo"', /no JSON object/],
  ['a missing property', '{}', /must have required property 'town'/],
  ['a wrong type', '{"town":3}', /^town must be string$/],
  ['one too many', '{"town":"Oslo","mood":1}', /must not have mood/],
  [
    'a value that is none of those allowed',
    '{"town":"Oslo","unit":"rankine"}',
    /unit must be one of \["celsius","kelvin"\]/,
  ],
  ['a number out of bounds', '{"town":"Oslo","days":0}', /days must be >= 1/],
])('%s is told as a sentence', (_, text, why) => {
  expect(read(text)).toEqual({ invalid: expect.stringMatching(why) });
});

test('braces without an end cost no time', () => {
  expect(jsonObjectIn('{'.repeat(100_000))).toBeUndefined();
  expect(jsonObjectIn(`${'{"a":'.repeat(20_000)}1`)).toBeUndefined();
});

test('a schema of either dialect is taken, with its formats', () => {
  for (const $schema of ['http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2020-12/schema']) {
    const dated = { $schema, type: 'object', properties: { day: { type: 'string', format: 'date' } } };
    const check = (text: string) => readArguments(text, { name: 'x', input: dated });
    expect(check('{"day":"2027-05-03"}')).toEqual({ arguments: { day: '2027-05-03' } });
    expect(check('{"day":"tomorrow"}')).toEqual({ invalid: expect.stringMatching(/day must match format "date"/) });
  }
});

// Generators from OpenAPI, and servers of Go and Python
test('a schema of an MCP server is taken without the keywords that are none', () => {
  const schema = {
    type: 'object',
    properties: {
      count: { type: 'integer', minimum: 1, exclusiveMinimum: true },
      name: { type: 'string', pattern: '^(?i)abc$', required: true },
      kind: { type: 'str', enum: [] },
      pattern: { type: ['string', 'any'] },
      other: { $ref: 'https://example.org/other.json', nullable: true },
    },
    required: ['count', 5],
  };
  const usable = usableSchema(schema);
  expect(usable).toEqual({
    type: 'object',
    properties: { count: { type: 'integer', minimum: 1 }, name: { type: 'string' }, kind: {}, pattern: {}, other: {} },
  });
  expect(readArguments('{"count":"2","kind":1}', { name: 'x', input: usable })).toEqual({
    arguments: { count: 2, kind: 1 },
  });
  expect(usableSchema(input)).toEqual(input);
});

test('references to what a schema does not hold cost themselves alone', () => {
  const Place = {
    type: 'object',
    properties: { name: { type: 'string' }, land: { $ref: '#/components/schemas/Land' } },
  };
  const properties = {
    place: { $ref: '#/$defs/Place' },
    day: { $ref: '#/definitions/Day', description: 'the day' },
    many: { type: 'array', items: { $ref: '#day' } },
    $ref: { type: 'string' },
  };
  const taken = {
    place: { $ref: '#/$defs/Place' },
    day: { description: 'the day' },
    many: { type: 'array', items: {} },
    $ref: { type: 'string' },
  };
  for (const more of [{}, { $id: 'https://example.org/tool' }]) {
    const usable = usableSchema({ ...more, type: 'object', properties, required: ['place'], $defs: { Place } });
    expect(usable.properties).toEqual(taken);
    expect(usable.$defs).toEqual({ Place: { type: 'object', properties: { name: { type: 'string' }, land: {} } } });
    const read = (text: string) => readArguments(text, { name: 'x', input: usable });
    expect(read('{"place":{"name":"Oslo","land":3},"day":4}')).toMatchObject({ arguments: { day: 4 } });
    expect(read('{"place":{"name":{}}}')).toEqual({ invalid: expect.stringContaining('place.name') });
  }
});

test('a tool is given what its schema makes of the arguments, and refuses what the schema alone cannot say', async () => {
  const tool = defineTool({
    name: 'span',
    description: 'counts the days from one to another',
    input: z
      .object({ from: z.number(), to: z.number().describe('not before from'), unit: z.string().default('days') })
      .refine(({ from, to }) => from <= to, 'to is before from'),
    run: ({ from, to, unit }) => `${to - from} ${unit}`,
  });
  expect(tool.settings.input).toMatchObject({ type: 'object', required: ['from', 'to'] });
  const call = { question: '', step: '', signal: new AbortController().signal };
  await expect(tool.run({ from: 1, to: 3 }, call)).resolves.toBe('2 days');
  await expect(tool.run({ from: 3, to: 1 }, call)).rejects.toMatchObject({
    type: 'ToolArgumentsInvalid',
    message: expect.stringContaining('to is before from'),
  });
});

test('a tool that cannot be offered is refused where it is defined', () => {
  const define =
    (name: string, schema: z.ZodObject, description = 'does it') =>
    () =>
      defineTool({ name, description, input: schema, run: String });
  expect(define('search', z.object({}))).toThrow(
    /The tool search: its name must be the name of a built-in tool|search/,
  );
  expect(define('a-b', z.object({}))).toThrow(/letters, digits and underscore/);
  expect(define('ok', z.object({}), ' ')).toThrow(/no description/);
  expect(define('ok', z.object({ at: z.date() }))).toThrow(/cannot be told as a JSON Schema/);
});

test('a configuration with a schema that is none, or with prompts that know no arguments, is refused', () => {
  const tool = { name: 'weather', description: 'tells it', activity: 'askWeather' };
  const parse = (schema: Record<string, unknown>, more = {}) =>
    parseConfig(testConfig({ tools: [{ ...tool, input: schema }], ...more }));
  expect(parse(input).tools[0]).toMatchObject({ input });
  expect(() => parse({ type: 'string' })).toThrow(/tools\.0\.input: a JSON Schema with type: object/);
  expect(() => parse({ type: 'object', properties: { a: { type: 'strin' } } })).toThrow(
    /tools\.0\.input: no JSON Schema/,
  );
  for (const prompts of ['compact', 'husky-v1'])
    expect(() => parse(input, { prompts, sandbox: { language: 'python' } })).toThrow(
      new RegExp(`weather has input, and prompts of style ${prompts} know no argument generator: set prompts to`),
    );
});

test.each(['few-shot', 'instruct', 'expert'])(
  'prompts of style %s show step, tool, schema and what did not fit',
  (style) => {
    const prompts = loadPrompts(style);
    const tool = { name: 'weather', description: 'tells the weather', input };
    const fields = {
      question: 'Warm in Oslo?',
      history: [{ step: 'Find it.', output: 'Oslo.' }],
      step: 'Ask for it.',
      tool,
    };
    const first = prompts.render('arguments', fields);
    for (const part of ['Warm in Oslo?', 'Ask for it.', 'weather: tells the weather', '"minimum":1', 'Oslo.'])
      expect(first.text).toContain(part);
    expect(first.form).toEqual({ kind: 'json', schema: input });
    const repair = prompts.render('arguments', { ...fields, code: '{"town":7}', programError: 'town must be string' });
    expect(repair.text).toContain('{"town":7}');
    expect(repair.text).toContain('town must be string');
    expect(prompts.readOutput?.('arguments', 'Arguments: ```json\n{"town":\n"Oslo"}\n```')).toMatch(/"Oslo"/);
  },
);

test.each(['compact'])('prompts of style %s say that they know no argument generator', (style) => {
  expect(() => loadPrompts(style).render('arguments', { question: 'x', history: [] })).toThrow(
    /Prompts of style compact know no argument generator, .* set prompts to instruct, few-shot or expert/,
  );
});

test.each([
  ['no input', { description: 'd', run: String }, /its input must be a Zod schema .*z\.object/],
  [
    'a bare JSON schema',
    { description: 'd', input: { type: 'object' }, run: String },
    /its input must be a Zod schema/,
  ],
  ['no description', { input: z.object({}), run: String }, /it has no description/],
  ['no function', { description: 'd', input: z.object({}) }, /it has no run/],
])('a tool that programs without types define with %s says what it lacks', (_, definition, message) => {
  expect(() => defineTool({ name: 'weather', ...definition } as never)).toThrow(message);
});
