/** Turns values and errors into text, whatever the program did to them. */
import { inspect } from 'node-inspect-extracted';

const { apply } = Reflect;
const { slice, split, includes, trim } = String.prototype;
const { floor } = Math;
const text = String;
const number = Number;
const anError = Error;
const bare = Object.create;

export const short = (value, limit) => (value.length > limit ? `${apply(slice, value, [0, limit])}…` : value);
export function asText(value, limit) {
  try {
    return short(typeof value === 'string' ? value : text(value), limit);
  } catch {
    return '[what cannot be printed]';
  }
}
export function shown(value, options) {
  try {
    const said = inspect(value, options);
    return typeof said === 'string' ? said : '[value]';
  } catch {
    return '[value]';
  }
}
export const show = (value) => (typeof value === 'string' ? value : shown(value));

/** Describes a thrown value. Its getters are the program's own code and run within its time. */
export function reduce(thrown, code) {
  const error = bare(null);
  error.name = 'Error';
  error.message = '';
  try {
    if (!(thrown instanceof anError)) {
      error.name = 'Thrown';
      error.message = short(show(thrown), 2000);
      return error;
    }
    error.name = asText(thrown.name, 100);
    error.message = asText(thrown.message, 2000);
    error.traceback = `${error.name}: ${error.message}${framesOf(asText(thrown.stack, 20000), code)}`;
  } catch {
    error.name = asText(error.name, 100);
  }
  return error;
}

/** The lines of a stack that lie in the program, with the source of the first. */
export function framesOf(stack, code) {
  const lines = apply(split, stack, ['\n']);
  const source = apply(split, code, ['\n']);
  let frames = '';
  let count = 0;
  for (let i = 0; i < lines.length && count < 6; i += 1) {
    if (!apply(includes, lines[i], ['program.js:'])) continue;
    count += 1;
    frames += `\n  ${short(apply(trim, lines[i], []), 200)}`;
    if (count > 1) continue;
    const place = apply(split, lines[i], ['program.js:']);
    const at = floor(number(apply(split, place[place.length - 1], [':'])[0]));
    if (at >= 1 && at <= source.length) frames += `\n    ${at} | ${short(apply(trim, source[at - 1], []), 160)}`;
  }
  return frames;
}
