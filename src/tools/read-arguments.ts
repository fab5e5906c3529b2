/**
 * From what an argument generator wrote to the arguments of a tool.
 *
 * @module
 */
import type { CustomTool } from '../contract/profile';
import { isJsonObject, jsonObjectIn, type JsonObject } from '../trajectory/json-object';
import { argumentCheck } from './argument-check';

export type ReadArguments = { arguments: JsonObject } | { invalid: string };

/** Where models put arguments when they write a call with the tool's name around them. */
const HOLDERS = ['arguments', 'parameters', 'args', 'input'];

export function readArguments(
  text: string,
  { name, input }: Required<Pick<CustomTool, 'name' | 'input'>>,
): ReadArguments {
  const written = jsonObjectIn(text);
  if (!written) return { invalid: 'there is no JSON object in it' };
  const check = argumentCheck(input);
  const invalid = check(written);
  if (invalid === undefined) return { arguments: written };
  const inner = unwrapped(written, name);
  return inner && check(inner) === undefined ? { arguments: inner } : { invalid };
}

function unwrapped(written: JsonObject, name: string): JsonObject | undefined {
  if (written.name !== name && written.tool !== name && written.function !== name) return undefined;
  return HOLDERS.map((holder) => written[holder]).find(isJsonObject);
}
