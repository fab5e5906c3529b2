/** Text to bytes and back, as the Encoding Standard has it. Not a module: evaluated inside an isolate before what uses it. */
const ENCODINGS = {
  'utf-8': ['utf-8', 'utf8', 'unicode-1-1-utf-8'],
  'utf-16le': ['utf-16le', 'utf-16', 'ucs-2'],
  'windows-1252': ['windows-1252', 'latin1', 'ascii', 'us-ascii', 'iso-8859-1'],
};
class TextDecoder {
  #encoding;
  #rest = [];
  #begun = false;
  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    const name = String(label).trim().toLowerCase();
    this.#encoding = Object.keys(ENCODINGS).find((one) => ENCODINGS[one].includes(name));
    if (!this.#encoding) throw new RangeError(`The "${label}" encoding is not supported`);
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
  }
  get encoding() {
    return this.#encoding;
  }
  decode(input, { stream = false } = {}) {
    const given = input === undefined ? new Uint8Array() : bytesIn(input);
    const bytes = this.#rest.length > 0 ? Uint8Array.from([...this.#rest, ...given]) : given;
    let text = '';
    let units = [];
    const put = (unit) => {
      units.push(unit);
      if (units.length > 4096) {
        text += String.fromCharCode.apply(null, units);
        units = [];
      }
    };
    let end = bytes.length;
    if (this.#encoding === 'utf-8') end = decodeUtf8(bytes, put, stream, this.fatal);
    else if (this.#encoding === 'utf-16le') {
      end = bytes.length & ~1;
      for (let i = 0; i < end; i += 2) put(bytes[i] | (bytes[i + 1] << 8));
      if (end < bytes.length && !stream) put(0xfffd);
    } else for (const byte of bytes) put(byte);
    this.#rest = stream ? [...bytes.subarray(end)] : [];
    text += String.fromCharCode.apply(null, units);
    const marked = !this.ignoreBOM && !this.#begun && text.charCodeAt(0) === 0xfeff;
    this.#begun = stream && (this.#begun || text !== '');
    return marked ? text.slice(1) : text;
  }
}
function bytesIn(input) {
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  return new Uint8Array(input);
}
/** The longest start of a character that is malformed becomes one U+FFFD. Where the bytes end within a character, the place of its start. */
function decodeUtf8(bytes, put, stream, fatal) {
  for (let i = 0; i < bytes.length;) {
    const start = i;
    const first = bytes[i];
    i += 1;
    if (first < 0x80) {
      put(first);
      continue;
    }
    const more =
      first >= 0xf0 && first <= 0xf4 ? 3 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xc2 && first < 0xe0 ? 1 : 0;
    let least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    let most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    let point = more === 3 ? first & 7 : more === 2 ? first & 15 : first & 31;
    let seen = 0;
    while (seen < more && bytes[i] >= least && bytes[i] <= most) {
      point = (point << 6) | (bytes[i] & 63);
      [least, most] = [0x80, 0xbf];
      i += 1;
      seen += 1;
    }
    if (more === 0 || seen < more) {
      if (stream && more > 0 && i === bytes.length) return start;
      if (fatal) throw new TypeError('The encoded data was not valid for encoding utf-8');
      put(0xfffd);
    } else if (point > 0xffff) {
      put(0xd800 | ((point - 0x10000) >> 10));
      put(0xdc00 | ((point - 0x10000) & 1023));
    } else put(point);
  }
  return bytes.length;
}
class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(value = '') {
    const source = String(value);
    const bytes = new Uint8Array(source.length * 3);
    return bytes.slice(0, this.encodeInto(source, bytes).written);
  }
  encodeInto(source, bytes) {
    let read = 0;
    let written = 0;
    while (read < source.length) {
      const unit = source.codePointAt(read);
      const point = unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit;
      const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (written + size > bytes.length) break;
      if (size === 1) bytes[written] = point;
      else {
        bytes[written] = [0, 0, 0xc0, 0xe0, 0xf0][size] | (point >> (6 * (size - 1)));
        for (let k = 1; k < size; k += 1) bytes[written + k] = 0x80 | ((point >> (6 * (size - 1 - k))) & 63);
      }
      written += size;
      read += unit > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}
