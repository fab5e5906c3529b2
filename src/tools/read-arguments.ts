/** From what an argument generator wrote to the arguments of a tool. */
import type { CustomTool } from '../contract/profile';
import { isJsonObject, jsonObjectIn, type JsonObject, parseJson } from '../trajectory/json-object';
import { nearlyJson } from '../trajectory/written-call';
import { argumentCheck, misfits } from './argument-check';

export type ReadArguments = { arguments: JsonObject } | { invalid: string };

/** Where models put arguments when they write a call with the tool's name around them. */
const HOLDERS = ['arguments', 'parameters', 'args', 'input'];

export function readArguments(
  text: string,
  { name, input }: Required<Pick<CustomTool, 'name' | 'input'>>,
): ReadArguments {
  const written = jsonObjectIn(text) ?? nearlyJson(text);
  if (!written) return { invalid: 'there is no JSON object in it' };
  const check = argumentCheck(input);
  const inner = unwrapped(written, name) ?? alone(written, name, input);
  const forms = inner ? [written, inner] : [written];
  const fits = [...forms, ...forms.map((form) => mended(form, input))].find((form) => check(form) === undefined);
  return fits ? { arguments: fits } : { invalid: check(written) as string };
}

function unwrapped(written: JsonObject, name: string): JsonObject | undefined {
  if (isJsonObject(written.function)) return unwrapped(written.function, name);
  if (written.name !== name && written.tool !== name && written.function !== name) return undefined;
  return HOLDERS.map((holder) => untexted(written[holder])).find(isJsonObject);
}

/** `{"arguments": {...}}` and `{"weather": {...}}`, where the schema has no such property. */
function alone(written: JsonObject, name: string, { properties }: JsonObject): JsonObject | undefined {
  const [key = '', ...others] = Object.keys(written);
  if (others.length > 0 || ![...HOLDERS, name].includes(key)) return undefined;
  if (isJsonObject(properties) && Object.hasOwn(properties, key)) return undefined;
  const inner = untexted(written[key]);
  return isJsonObject(inner) ? inner : undefined;
}

/**
 * Models write numbers, lists and objects as text at times (`"days": "3"`), and null for what they leave out. The check tells where, so
 * that it does not matter how the schema says what it wants: by a type, a reference, or as one of several.
 */
function mended(form: JsonObject, schema: JsonObject): JsonObject {
  const mending = structuredClone(form);
  while (
    misfits(schema, mending)
      .map((place) => mend(mending, place))
      .some(Boolean)
  );
  return mending;
}

/** @returns whether something was changed: a text was read, or a null taken away */
function mend(form: JsonObject, place: string[]): boolean {
  const name = place.at(-1);
  const holder = place.slice(0, -1).reduce<unknown>((value, inner) => (value as JsonObject | undefined)?.[inner], form);
  if (name === undefined || typeof holder !== 'object' || holder === null) return false;
  const values = holder as JsonObject;
  const value = values[name];
  if (value === null && isJsonObject(holder)) return delete values[name];
  values[name] = untexted(value);
  return values[name] !== value;
}

function untexted(value: unknown): unknown {
  const read =
    typeof value === 'string' ? parseJson(/^(?:True|False)$/.test(value) ? value.toLowerCase() : value) : undefined;
  return read === undefined ? value : read;
}
