/** Schemas as servers write them that follow an earlier draft, OpenAPI, or another language's expressions. */
import type { ArgumentSchema } from '../../contract/profile';
import type { JsonObject } from '../../trajectory/json-object';
import { missingReference, wrongKeywords } from '../argument-check';

/**
 * A schema without the keywords that are none, such as `exclusiveMinimum: true`, `required: true` or `type: 'int'`, and without
 * references to what the schema does not hold. The server checks arguments itself; here a keyword less costs at most a call that it refuses.
 */
export function usableSchema(schema: ArgumentSchema): ArgumentSchema {
  const usable = JSON.parse(JSON.stringify(schema, withoutForeign)) as JsonObject;
  while (wrongKeywords(usable).filter((place) => drop(usable, place)).length > 0);
  return withoutDangling(usable);
}

/** A compiler names one reference at a time. */
function withoutDangling(schema: JsonObject): JsonObject {
  const missing = missingReference(schema);
  if (missing === undefined) return schema;
  let isFound = false;
  const without = JSON.stringify(schema, (keyword, value: unknown) => {
    const isMissing =
      /^\$(dynamic|recursive)?ref$/i.test(keyword) && typeof value === 'string' && missing.endsWith(value);
    isFound ||= isMissing;
    return isMissing ? undefined : value;
  });
  return isFound ? withoutDangling(JSON.parse(without) as JsonObject) : schema;
}

/** What is well formed, and yet cannot be compiled. */
function withoutForeign(keyword: string, value: unknown): unknown {
  const isForeign =
    (keyword === 'pattern' && typeof value === 'string' && !isExpression(value)) ||
    (keyword === '$ref' && typeof value === 'string' && !value.startsWith('#')) ||
    (keyword === 'nullable' && typeof value === 'boolean');
  return isForeign ? undefined : value;
}

function isExpression(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

/** @returns whether the keyword was still there; of a list that has a wrong member the whole list goes */
function drop(schema: JsonObject, place: string[]): boolean {
  const name = place.at(-1);
  const holder = place
    .slice(0, -1)
    .reduce<unknown>((value, inner) => (value as JsonObject | undefined)?.[inner], schema);
  if (name === undefined || typeof holder !== 'object' || holder === null) return false;
  return Array.isArray(holder)
    ? drop(schema, place.slice(0, -1))
    : name in holder && delete (holder as JsonObject)[name];
}
