/** Buffer, with the encoding that the library lacks. */
import { Buffer } from 'buffer';

const { from, isEncoding } = Buffer;
const { toString } = Buffer.prototype;
const forAddresses = (encoding) => String(encoding).toLowerCase() === 'base64url';
Buffer.from = (value, encoding, length) => from(value, forAddresses(encoding) ? 'base64' : encoding, length);
Buffer.isEncoding = (encoding) => forAddresses(encoding) || isEncoding(encoding);
Buffer.prototype.toString = function (encoding, ...range) {
  if (!forAddresses(encoding)) return toString.call(this, encoding, ...range);
  const text = toString.call(this, 'base64', ...range);
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

export { Buffer };
