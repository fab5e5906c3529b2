/** URL and URLSearchParams, printed as Node prints them and failing as they fail in Node. */
import { inspect } from 'node-inspect-extracted';
import { URL as StandardURL, URLSearchParams } from 'whatwg-url';

const PARTS = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search'];
const printed = (prototype, print) =>
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value: print, configurable: true });

printed(URLSearchParams.prototype, function (depth, options) {
  const pairs = [...this].map(([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
  return pairs.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${pairs.join(', ')} }`;
});
printed(StandardURL.prototype, function (depth, options) {
  if (depth < 0) return '[URL]';
  const parts = [...PARTS, 'searchParams', 'hash'].map((name) => [name, this[name]]);
  return `URL ${inspect(Object.fromEntries(parts), options)}`;
});

const URL = new Proxy(StandardURL, {
  construct(target, values, made) {
    try {
      return Reflect.construct(target, values, made);
    } catch (error) {
      if (!/^Invalid (?:base )?URL/.test(error?.message)) throw error;
      const [input, base] = values.map(String);
      const parts = { code: 'ERR_INVALID_URL', input, ...(base === undefined ? {} : { base }) };
      throw Object.assign(new TypeError('Invalid URL'), parts);
    }
  },
});
Object.defineProperty(URL.prototype, 'constructor', { value: URL, writable: true, configurable: true });

export { URL, URLSearchParams };
