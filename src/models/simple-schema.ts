/**
 * What a server can hold an answer to of a tool's JSON schema. Ollama 0.17.4 turns schemas into grammars with an older converter: of most
 * patterns its runner or the whole server dies, also of more than about 2,000 repetitions, and it refuses `not` and `true`. What is left
 * out here is checked when the arguments are read.
 */
import { isJsonObject } from '../trajectory/json-object';

/** Keywords that hold schemas by names of the tool's own. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords that hold values, which may look like schemas. */
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'required']);
const DROPPED = new Set(['pattern', 'not']);
const BOUNDS = new Set(['minLength', 'maxLength', 'minItems', 'maxItems']);
const MOST_REPETITIONS = 1000;

/** The schema without what Ollama cannot convert; what it asks for is never more than the whole schema asks for. */
export function simpleSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (DROPPED.has(key) || (BOUNDS.has(key) && Number(value) > MOST_REPETITIONS)) return [];
      if (VALUES.has(key)) return [[key, value]];
      if (NAMED.has(key) && isJsonObject(value))
        return [[key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, simple(one)]))]];
      return [[key, Array.isArray(value) ? value.map(simple) : isJsonObject(value) ? simpleSchema(value) : value]];
    }),
  );
}

function simple(schema: unknown): unknown {
  if (schema === true) return {};
  return isJsonObject(schema) ? simpleSchema(schema) : schema;
}
