/** From what an argument generator wrote to the arguments of a tool. */
import type { CustomTool } from '../contract/profile';
import { isJsonObject, jsonObjectIn, type JsonObject, parseJson } from '../trajectory/json-object';
import { nearlyJson } from '../trajectory/written-call';
import { argumentCheck } from './argument-check';

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
  const inner = unwrapped(written, name);
  const forms = inner ? [written, inner] : [written];
  const fits = [...forms, ...forms.map((form) => untexted(form, input))].find(
    (form): form is JsonObject => isJsonObject(form) && check(form) === undefined,
  );
  return fits ? { arguments: fits } : { invalid: check(written) as string };
}

function unwrapped(written: JsonObject, name: string): JsonObject | undefined {
  if (isJsonObject(written.function)) return unwrapped(written.function, name);
  if (written.name !== name && written.tool !== name && written.function !== name) return undefined;
  return HOLDERS.map((holder) => untexted(written[holder], { type: 'object' })).find(isJsonObject);
}

/** Models write numbers, lists and objects as text at times: `"days": "3"`, `"towns": "[\"Oslo\"]"`. They are read where the schema wants no text. */
function untexted(value: unknown, schema: unknown): unknown {
  if (!isJsonObject(schema)) return value;
  if (typeof value === 'string') {
    const isText = schema.type === undefined || [schema.type].flat().includes('string');
    return isText ? value : (parseJson(value) ?? value);
  }
  if (Array.isArray(value)) return value.map((one) => untexted(one, schema.items));
  const { properties } = schema;
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, untexted(one, properties[name])]));
}
