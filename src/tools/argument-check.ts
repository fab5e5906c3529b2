/** Checking values against a JSON Schema, as a tool of the user's own or of an MCP server gives it. */
import { createRequire } from 'node:module';
import type Ajv from 'ajv';
import type { ErrorObject, MissingRefError, ValidateFunction } from 'ajv';
import type AddFormats from 'ajv-formats';
import type { ArgumentSchema } from '../contract/profile';
import { oneLine } from '../trajectory/bounded-text';

/** Says what is wrong with a value, as a sentence for the model that wrote it; undefined where it fits. */
export type ArgumentCheck = (value: unknown) => string | undefined;

/** Schemas that stay compiled. */
const KEPT = 500;
/** Problems that are told at a time, and characters of them. */
const TOLD = 4;
const TOLD_CHARS = 1000;

const compiled = new Map<string, ValidateFunction>();
const load = createRequire(__filename);
const compilers = new Map<string, Ajv>();

/** @throws Error where it is no JSON Schema */
export function argumentCheck(schema: ArgumentSchema): ArgumentCheck {
  const validate = compile(schema);
  return (value) => (validate(value) ? undefined : problems(validate));
}

/** @returns where a value does not fit its schema: the names on the way to each such place, such as `['towns', '0']` */
export function misfits(schema: ArgumentSchema, value: unknown): string[][] {
  const validate = compile(schema);
  return validate(value) ? [] : placesOf(validate.errors);
}

/** @returns where a schema is none: the names on the way to each keyword that is wrong */
export function wrongKeywords({ $schema, ...schema }: ArgumentSchema): string[][] {
  const ajv = compiler(typeof $schema === 'string' ? $schema : '');
  return ajv.validateSchema(schema) ? [] : placesOf(ajv.errors);
}

/** @returns the first reference of a schema to what it does not hold, with the schema's `$id` before it */
export function missingReference(schema: ArgumentSchema): string | undefined {
  try {
    compile(schema);
    return undefined;
  } catch (error) {
    return (error as Partial<MissingRefError>).missingRef;
  }
}

function placesOf(errors?: ErrorObject[] | null): string[][] {
  return [...new Set((errors ?? []).map(({ instancePath }) => instancePath))].map((place) =>
    place
      .split('/')
      .slice(1)
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

function compile(schema: ArgumentSchema): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known) return known;
  const { $schema, ...rest } = schema;
  const validate = compiler(typeof $schema === 'string' ? $schema : '').compile(rest);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(key, validate);
  return validate;
}

/** Loaded when a tool has a schema: no command pays for it otherwise. */
function compiler(dialect: string): Ajv {
  const file = /2019-09|2020-12/.test(dialect) ? 'ajv/dist/2020' : 'ajv';
  let ajv = compilers.get(file);
  if (!ajv) {
    const { default: Compiler } = load(file) as { default: typeof Ajv };
    const { default: addFormats } = load('ajv-formats') as { default: typeof AddFormats };
    ajv = new Compiler({ strict: false, allErrors: true, logger: false, addUsedSchema: false });
    addFormats(ajv);
    compilers.set(file, ajv);
  }
  return ajv;
}

function problems({ errors }: ValidateFunction): string {
  const told = [...new Set((errors ?? []).map(problem))];
  const more = told.length > TOLD ? `, and ${told.length - TOLD} more` : '';
  return oneLine(told.slice(0, TOLD).join('; ') + more, TOLD_CHARS);
}

function problem({ instancePath, message = 'does not fit', keyword, params }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.') || 'the object';
  if (keyword === 'additionalProperties') return `${place} must not have ${String(params.additionalProperty)}`;
  if (keyword === 'enum') return `${place} must be one of ${JSON.stringify(params.allowedValues)}`;
  if (keyword === 'const') return `${place} must be ${JSON.stringify(params.allowedValue)}`;
  return `${place} ${message}`;
}
