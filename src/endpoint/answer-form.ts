/**
 * The form in which a caller wants the answer: text, or JSON that programs read. An answer of Husky is one value, so a schema can be filled
 * that has one field for it, beside a field for the reasoning and fields that may be null. No model writes the JSON.
 */
import { z } from 'zod';
import { isJsonObject as isObject, jsonIn, parseJson, type JsonObject as Schema } from '../trajectory/json-object';
import type { Solution } from '../trajectory/step';
import { wordsOf } from '../trajectory/bounded-text';
import { stepText } from './step-text';

const schema = z.record(z.string(), z.unknown(), { error: 'must be a JSON schema' });
const named = z.looseObject({ schema });

export type AnswerForm =
  | { type: 'text' | 'json_object' }
  | { type: 'json_schema'; schema: Schema }
  /** The call of a function, whose parameters are the form. */
  | { type: 'function'; name: string; schema: Schema };

/** `response_format` of chat completions and `text.format` of responses, which differ in where the schema stands. */
export const formSchema = z
  .looseObject({
    type: z.enum(['text', 'json_object', 'json_schema'], { error: 'must be text, json_object or json_schema' }),
    json_schema: named.nullish(),
    schema: schema.nullish(),
  })
  .transform(({ type, json_schema, schema: own }): AnswerForm =>
    // llama.cpp and others take a schema beside json_object.
    type === 'json_schema' || (type === 'json_object' && isFillable(own))
      ? { type: 'json_schema', schema: json_schema?.schema ?? own ?? {} }
      : { type },
  )
  .superRefine((form, context) => {
    if (form.type === 'json_schema' && !fieldsOf(form.schema))
      context.addIssue({ code: 'custom', message: ONE_ANSWER });
  });

export const TEXT: AnswerForm = { type: 'text' };

const ASKED_FIELDS = /\bJSON object\b[^`\n]{0,60}\bfields:\s*(`[^\n]*)$/;
const ASKED_FIELD =
  /`(\w+)`(?: \((?:must be formatted as a valid Python (int|float|bool)\)|[^\n]*? one of: ([^)\n]+)))?/g;
/** "You MUST answer with a JSON object that matches the JSON schema above", "Output should be in JSON format and conform to the following schema". */
const ASKED_SCHEMA = /\b(?:answer|respond|output|reply|return)\b[^.{}]{0,80}\bJSON\b[^{}]{0,80}\bschema\b/i;
const PYTHON: Record<string, string> = { int: 'integer', float: 'number', bool: 'boolean' };

/**
 * The form that a prompt asks for in words, as DSPy does where it does not know the model: `Respond with a JSON object in the following
 * order of fields: `reasoning`, then `answer`.` Or by a schema that stands in it, as the AI SDK and Genkit do.
 *
 * @returns undefined where it asks for none that one answer can fill
 */
export function askedForm(prompt: string): AnswerForm | undefined {
  const told = ASKED_SCHEMA.test(prompt) ? jsonIn(prompt, /\{/g, isFillable) : undefined;
  if (told) return { type: 'json_schema', schema: told };
  const [, list] = ASKED_FIELDS.exec(prompt.trim()) ?? [];
  const fields = [...(list ?? '').matchAll(ASKED_FIELD)].map(([, name = '', type = '', values]) => [
    name,
    values === undefined ? { type: PYTHON[type] ?? 'string' } : { enum: values.split(/;\s*/) },
  ]);
  const schema = { type: 'object', properties: Object.fromEntries(fields), required: fields.map(([name]) => name) };
  return fields.length > 0 && fieldsOf(schema) ? { type: 'json_schema', schema } : undefined;
}

const isFillable = (value: unknown): value is Schema => isObject(value) && fieldsOf(value) !== undefined;

const oneFunction = z.tuple([z.looseObject({ function: z.looseObject({ name: z.string(), parameters: schema }) })]);

/**
 * The one function that a caller has the model call, as instructor and others do to have an object: `tool_choice` is `required` or names it.
 *
 * @returns undefined where none is, or one answer cannot fill its parameters
 */
export function forcedFunction(tools: unknown, choice: unknown): AnswerForm | undefined {
  const [only] = oneFunction.safeParse(tools).data ?? [];
  if (!only || !(choice === 'required' || choice === 'any' || isObject(choice))) return undefined;
  const { name, parameters } = only.function;
  return fieldsOf(parameters) ? { type: 'function', name, schema: parameters } : undefined;
}

/** What stands in the message: the content, or why the answer has not the form that was asked for. */
export type FormedAnswer = { content: string } | { refusal: string };

const ONE_ANSWER =
  'must be the schema of an object with one field for the answer (a text, number, truth value or one of a list), beside a field for the reasoning and fields that may be null; ask for other objects in the question, as text';
const REASONING =
  /^(?:reasoning|reasons?|explanation|explain|rationale|thoughts?|thinking|chain_?of_?thought|justification|analysis|steps|work)$/i;

interface Fields {
  answer: { name: string; schema: Schema };
  reasoning?: { name: string; isList: boolean };
  /** Fields that are filled with null. */
  empty: string[];
}

/** @returns undefined for a schema that one answer cannot fill */
function fieldsOf(root: Schema): Fields | undefined {
  const whole = resolved(root, root);
  if (!isObject(whole.properties)) return undefined;
  const required = Array.isArray(whole.required) ? whole.required : [];
  const all = Object.entries(whole.properties).map(([name, one]) => {
    const { schema, isNullable } = withoutNull(resolved(isObject(one) ? one : {}, root), root);
    return { name, schema, isNullable, isRequired: required.includes(name) && !isNullable };
  });
  const told = all.find(
    ({ name, schema }) => REASONING.test(name) && all.length > 1 && (isText(schema) || isTexts(schema, root)),
  );
  const others = all.filter((field) => field !== told);
  const needed = others.filter(({ isRequired }) => isRequired);
  const [answer, ...more] = needed.length > 0 ? needed : others.slice(0, 1);
  if (!answer || more.length > 0 || !isValue(answer.schema)) return undefined;
  return {
    answer,
    ...(told ? { reasoning: { name: told.name, isList: !isText(told.schema) } } : {}),
    empty: others.filter((field) => field !== answer && required.includes(field.name)).map(({ name }) => name),
  };
}

const isText = ({ type }: Schema) => type === 'string';
const isTexts = ({ type, items }: Schema, root: Schema) =>
  type === 'array' && isObject(items) && isText(resolved(items, root));
const isValue = ({ type, enum: values, const: only }: Schema) =>
  ['string', 'number', 'integer', 'boolean'].includes(type as string) || Array.isArray(values) || only !== undefined;

/** What a reference within the schema means. */
function resolved(one: Schema, root: Schema): Schema {
  const [, path] = /^#\/(.+)$/.exec(typeof one.$ref === 'string' ? one.$ref : '') ?? [];
  const found = path?.split('/').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
  return isObject(found) ? found : one;
}

/** `["string", "null"]`, and `anyOf` with null, as Pydantic and Zod write a field that may be left empty. */
function withoutNull(one: Schema, root: Schema): { schema: Schema; isNullable: boolean } {
  if (Array.isArray(one.type)) {
    const types = one.type.filter((type) => type !== 'null');
    return { schema: { ...one, type: types[0] }, isNullable: types.length < one.type.length };
  }
  const ways =
    [one.anyOf, one.oneOf]
      .find(Array.isArray)
      ?.filter(isObject)
      .map((way) => resolved(way, root)) ?? [];
  const [only, ...more] = ways.filter(({ type }) => type !== 'null');
  return only && more.length === 0 ? { schema: only, isNullable: ways.length > 1 } : { schema: one, isNullable: false };
}

/** @returns the answer in the form that was asked for */
export function inForm({ answer, steps }: Pick<Solution, 'answer' | 'steps'>, form: AnswerForm): FormedAnswer {
  if (!('schema' in form)) return { content: form.type === 'text' ? answer : JSON.stringify({ answer }) };
  const fields = fieldsOf(form.schema);
  // A model that read the form in the question has filled it.
  const filled = parseJson(answer);
  if (fields && isObject(filled) && fields.answer.name in filled) return { content: answer };
  const value = fields && valueOf(answer, fields.answer.schema);
  if (!fields || value === undefined)
    return { refusal: `The answer is ${answer}, which is not ${kindOf(fields?.answer.schema ?? {})}.` };
  const told = steps.map((step) => stepText({ ...step, index: 0 }));
  const { reasoning } = fields;
  return {
    content: JSON.stringify({
      ...(reasoning ? { [reasoning.name]: reasoning.isList ? told : told.join('\n\n') } : {}),
      [fields.answer.name]: value,
      ...Object.fromEntries(fields.empty.map((name) => [name, null])),
    }),
  };
}

const kindOf = ({ type, enum: values }: Schema) =>
  Array.isArray(values)
    ? `one of ${values.join(', ')}`
    : type === 'boolean'
      ? 'yes or no'
      : type === 'integer'
        ? 'an integer'
        : `a ${String(type)}`;

const NUMBER = /[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?/gi;
const FRACTION = /^\s*([-−]?\d[\d,]*)\s*\/\s*(\d[\d,]*)\s*$/;

function valueOf(answer: string, { type, enum: values, const: only }: Schema): string | number | boolean | undefined {
  const said = answer.trim();
  const choices = Array.isArray(values) ? (values as unknown[]) : only === undefined ? undefined : [only];
  if (choices) {
    const found = choices.find((choice) => wordsOf(String(choice)) === wordsOf(said));
    return found as string | number | boolean | undefined;
  }
  if (type === 'string') return said;
  if (type === 'boolean')
    return /^(?:yes|true)\b/i.test(said) ? true : /^(?:no|false)\b/i.test(said) ? false : undefined;
  const [, over, under] = FRACTION.exec(said) ?? [];
  const numbers = said.match(NUMBER) ?? [];
  const value =
    over !== undefined && under !== undefined
      ? read(over) / read(under)
      : numbers.length === 1
        ? read(numbers[0]!)
        : NaN;
  return Number.isFinite(value) && (type !== 'integer' || Number.isInteger(value)) ? value : undefined;
}

const read = (number: string) => Number(number.replaceAll(',', '').replace('−', '-'));
