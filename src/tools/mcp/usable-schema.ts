/** Schemas as servers write them that follow an earlier draft, OpenAPI, or another language's expressions. */
import type { ArgumentSchema } from '../../contract/profile';
import type { JsonObject } from '../../trajectory/json-object';
import { wrongKeywords } from '../argument-check';

/**
 * A schema without the keywords that are none, such as `exclusiveMinimum: true`, `required: true` or `type: 'int'`. The server checks
 * arguments itself; here a keyword less costs at most a call that it refuses.
 */
export function usableSchema(schema: ArgumentSchema): ArgumentSchema {
  const usable = JSON.parse(JSON.stringify(schema, withoutForeign)) as JsonObject;
  while (wrongKeywords(usable).filter((place) => drop(usable, place)).length > 0);
  return usable;
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
