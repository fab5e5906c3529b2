/** The module `util`; the library of assertions uses it, too. */
import { format, formatWithOptions, inspect, stripVTControlCharacters } from 'node-inspect-extracted';
import supported from 'util/support/types.js';

const tagOf = (value) => Object.prototype.toString.call(value);
export const types = {
  ...supported,
  isDate: (value) => tagOf(value) === '[object Date]',
  isRegExp: (value) => tagOf(value) === '[object RegExp]',
  isNativeError: (value) => Error.isError(value),
};
export { format, formatWithOptions, inspect, stripVTControlCharacters };
export const { isArray } = Array;
export const inherits = (child, parent) => void Object.setPrototypeOf(child.prototype, parent.prototype);
export const deprecate = (action) => action;
export const promisify = (action) =>
  action === setTimeout
    ? (wait, value) => new Promise((go) => setTimeout(go, wait, value))
    : (...values) => new Promise((go, stop) => action(...values, (error, value) => (error ? stop(error) : go(value))));
export const callbackify =
  (action) =>
  (...values) => {
    const done = values.pop();
    action(...values).then((value) => done(null, value), done);
  };
