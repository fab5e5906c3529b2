/** `atob` and `btoa`. */
import { Buffer } from './buffer.mjs';
import { DOMException } from './dom-exception.mjs';

export function btoa(value) {
  const text = String(value);
  if (/[^\0-\xff]/.test(text)) throw new DOMException('Invalid character', 'InvalidCharacterError');
  return Buffer.from(text, 'latin1').toString('base64');
}

export function atob(value) {
  const text = String(value).replace(/[\t\n\f\r ]/g, '');
  const plain = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (plain.length % 4 === 1 || /[^A-Za-z\d+/]/.test(plain))
    throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
  return Buffer.from(plain, 'base64').toString('latin1');
}
