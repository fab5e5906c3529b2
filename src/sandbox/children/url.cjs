/**
 * URL and URLSearchParams as the URL Standard has them, without the mapping of host names that are not ASCII. Not a module:
 * evaluated inside an isolate after text-codecs.cjs, with `inspect`.
 */
const PORTS = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
const special = (protocol) => Object.hasOwn(PORTS, protocol);
const utf8 = new TextEncoder();
const inHex = (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
/** Controls, what is not ASCII, and the characters named. */
const encoded = (text, characters) =>
  [...text]
    .map((one) =>
      one <= '\x1f' || one > '~' || characters.includes(one) ? [...utf8.encode(one)].map(inHex).join('') : one,
    )
    .join('');
const QUERY = ' "#<>';
const PATH = `${QUERY}?^\`{}`;
const USER = `${PATH}/:;=@[\\]|`;

function decoded(text) {
  const bytes = [];
  for (let i = 0; i < text.length; i += 1) {
    const hex = text[i] === '%' ? /^[\da-f]{2}/i.exec(text.slice(i + 1, i + 3)) : null;
    if (hex) {
      bytes.push(parseInt(hex[0], 16));
      i += 2;
    } else {
      const point = String.fromCodePoint(text.codePointAt(i));
      bytes.push(...utf8.encode(point));
      i += point.length - 1;
    }
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

function invalid(input, base) {
  const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input });
  if (base !== undefined) error.base = String(base);
  return error;
}

/** An IPv4 address in any of its forms; undefined for a name. @throws what says that it is none */
function ipv4(host) {
  const parts = host.replace(/\.$/, '').split('.');
  if (!/^(\d+|0x[\da-f]*)$/i.test(parts.at(-1))) return undefined;
  const numbers = parts.map((part) => {
    if (!/^(0x[\da-f]*|0[0-7]*|[1-9]\d*)$/i.test(part)) throw new RangeError(part);
    return /^0x$/i.test(part) ? 0 : Number(/^0\d/.test(part) ? `0o${part}` : part);
  });
  const last = numbers.pop();
  if (numbers.length > 3 || numbers.some((one) => one > 255) || last >= 256 ** (4 - numbers.length))
    throw new RangeError(host);
  const value = numbers.reduce((sum, one, i) => sum + one * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((by) => Math.floor(value / 2 ** by) % 256).join('.');
}

function hostOf(text, protocol) {
  if (text.startsWith('[')) {
    if (!/^\[[\da-f:.]+\]$/i.test(text)) throw new RangeError(text);
    return text.toLowerCase();
  }
  if (!special(protocol)) {
    if (/[\0\t\n\r #/:<>?@[\\\]^|]/.test(text)) throw new RangeError(text);
    return encoded(text, '');
  }
  const name = decoded(text).toLowerCase();
  if (name === '' || /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(name) || /[^\0-\x7f]/.test(name))
    throw new RangeError(text);
  return ipv4(name) ?? name;
}

/** Without `.` and `..`. */
function walked(segments) {
  const path = [];
  segments.forEach((segment, i) => {
    const plain = segment.replace(/%2e/gi, '.');
    const last = i === segments.length - 1;
    if (plain === '..') path.pop();
    else if (plain !== '.') path.push(segment);
    if (last && (plain === '.' || plain === '..')) path.push('');
  });
  return `/${path.join('/')}`;
}

function takeAuthority(parts, text) {
  const at = text.lastIndexOf('@');
  if (at >= 0) {
    const [, user, password = ''] = /^([^:]*)(?::(.*))?$/s.exec(text.slice(0, at));
    [parts.username, parts.password] = [encoded(user, USER), encoded(password, USER)];
  }
  const [, host, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(text.slice(at + 1)) ?? [];
  if (host === undefined || Number(port) > 65535) throw new RangeError(text);
  parts.hostname =
    host === '' && (parts.protocol === 'file:' || !special(parts.protocol)) ? '' : hostOf(host, parts.protocol);
  parts.port = port === '' || String(Number(port)) === PORTS[parts.protocol] ? '' : String(Number(port));
}

/** The parts of an address; `base` is what it is relative to. @throws RangeError */
function partsOf(input, base) {
  const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const [, scheme, rest0] = /^(?:([a-z][a-z\d+.-]*):)?(.*)$/is.exec(text);
  const protocol = scheme ? `${scheme.toLowerCase()}:` : base?.protocol;
  if (protocol === undefined) throw new RangeError(input);
  const [, before, hash] = /^([^#]*)(#.*)?$/s.exec(rest0);
  const [, body, search] = /^([^?]*)(\?.*)?$/s.exec(before);
  const path0 = special(protocol) ? body.replaceAll('\\', '/') : body;
  const parts = { protocol, username: '', password: '', hostname: null, port: '', pathname: '', opaque: false };
  parts.hash = hash && hash !== '#' ? encoded(hash, ' "<>`') : '';
  parts.search = search && search !== '?' ? encoded(search, special(protocol) ? `${QUERY}'` : QUERY) : '';
  const relative = base && (!scheme || (special(protocol) && protocol === base.protocol && !path0.startsWith('/')));
  if (relative && base.opaque && (path0 !== '' || search !== undefined)) throw new RangeError(input);
  const web = special(protocol) && protocol !== 'file:';
  const slashes = /^\/*/.exec(path0)[0].length;
  if (!(relative && slashes < 2) && (slashes >= 2 || web)) {
    const [, authority, path] = /^([^/]*)(.*)$/s.exec(path0.slice(web ? slashes : 2));
    takeAuthority(parts, authority);
    if (path !== '' || special(protocol)) parts.pathname = walked(encoded(path, PATH).split('/').slice(1));
    if (path === '' && special(protocol)) parts.pathname = '/';
    return parts;
  }
  if (relative) {
    const { username, password, hostname, port, opaque } = base;
    Object.assign(parts, { username, password, hostname, port, opaque });
    if (path0 === '') {
      parts.pathname = base.pathname;
      if (search === undefined) parts.search = base.search;
    } else if (path0.startsWith('/')) parts.pathname = walked(encoded(path0, PATH).split('/').slice(1));
    else {
      const folder = base.pathname.split('/').slice(1, -1);
      parts.pathname = walked([...folder, ...encoded(path0, PATH).split('/')]);
    }
    return parts;
  }
  if (protocol === 'file:') parts.hostname = '';
  parts.opaque = protocol !== 'file:' && !path0.startsWith('/');
  parts.pathname = parts.opaque ? encoded(path0, '') : walked(encoded(path0, PATH).replace(/^\//, '').split('/'));
  return parts;
}

const inForm = (text) => encoded(text, ' !"#$%&\'()+,/:;<=>?@[\\]^`{|}~').replaceAll('%20', '+');
class URLSearchParams {
  #pairs = [];
  #changed = () => undefined;
  constructor(init = '', changed) {
    if (changed) this.#changed = changed;
    if (typeof init === 'object' && init !== null)
      this.#pairs = [...(typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init))].map(
        ([name, value]) => [String(name), String(value)],
      );
    else this.#read(String(init));
  }
  #read(text) {
    this.#pairs = text
      .replace(/^\?/, '')
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const [, name, value = ''] = /^([^=]*)=?(.*)$/s.exec(part.replaceAll('+', ' '));
        return [decoded(name), decoded(value)];
      });
  }
  get size() {
    return this.#pairs.length;
  }
  get(name) {
    return this.#pairs.find(([one]) => one === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter(([one]) => one === String(name)).map(([, value]) => value);
  }
  has(name, value) {
    return this.#pairs.some(([one, its]) => one === String(name) && (value === undefined || its === String(value)));
  }
  append(name, value) {
    this.#pairs.push([String(name), String(value)]);
    this.#changed(this.toString());
  }
  set(name, value) {
    const first = this.#pairs.find(([one]) => one === String(name));
    if (!first) return this.append(name, value);
    first[1] = String(value);
    this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== String(name));
    this.#changed(this.toString());
  }
  delete(name, value) {
    this.#pairs = this.#pairs.filter(
      ([one, its]) => one !== String(name) || (value !== undefined && its !== String(value)),
    );
    this.#changed(this.toString());
  }
  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed(this.toString());
  }
  forEach(action, self) {
    for (const [name, value] of this.#pairs) action.call(self, value, name, this);
  }
  *entries() {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys() {
    for (const [name] of this.#pairs) yield name;
  }
  *values() {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${inForm(name)}=${inForm(value)}`).join('&');
  }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    const pairs = this.#pairs.map(([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
    return pairs.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${pairs.join(', ')} }`;
  }
}
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, { value: 'URLSearchParams', configurable: true });

class URL {
  #parts;
  #params;
  constructor(input, base) {
    try {
      this.#parts = partsOf(String(input), base === undefined ? undefined : new URL(base).#parts);
    } catch (error) {
      if (!(error instanceof RangeError) && error?.code !== 'ERR_INVALID_URL') throw error;
      throw invalid(String(input), base);
    }
  }
  static canParse(input, base) {
    return URL.parse(input, base) !== null;
  }
  static parse(input, base) {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }
  #set(change) {
    try {
      const parts = { ...this.#parts };
      change(parts);
      this.#parts = partsOf(textOf(parts));
    } catch {
      // As the standard has it, what makes no address is not taken.
    }
  }
  get href() {
    return textOf(this.#parts);
  }
  set href(value) {
    this.#parts = new URL(value).#parts;
    this.#params = undefined;
  }
  get origin() {
    const { protocol } = this.#parts;
    return special(protocol) && protocol !== 'file:' ? `${protocol}//${this.host}` : 'null';
  }
  get host() {
    return `${this.hostname}${this.port && `:${this.port}`}`;
  }
  set host(value) {
    this.#set((parts) => takeAuthority(parts, String(value)));
  }
  get hostname() {
    return this.#parts.hostname ?? '';
  }
  set hostname(value) {
    this.#set((parts) => void (parts.hostname = hostOf(String(value), parts.protocol)));
  }
  get search() {
    return this.#parts.search;
  }
  set search(value) {
    this.#set(
      (parts) =>
        void (parts.search = value === '' ? '' : `?${String(value).replace(/^\?/, '').replaceAll('#', '%23')}`),
    );
    this.#params = undefined;
  }
  get hash() {
    return this.#parts.hash;
  }
  set hash(value) {
    this.#set((parts) => void (parts.hash = value === '' ? '' : `#${String(value).replace(/^#/, '')}`));
  }
  get pathname() {
    return this.#parts.pathname;
  }
  set pathname(value) {
    this.#set((parts) => void (parts.pathname = `/${encoded(String(value).replace(/^\//, ''), '?#')}`));
  }
  get port() {
    return this.#parts.port;
  }
  set port(value) {
    this.#set((parts) => void (parts.port = String(value)));
  }
  get protocol() {
    return this.#parts.protocol;
  }
  set protocol(value) {
    const protocol = `${String(value).replace(/:.*$/s, '').toLowerCase()}:`;
    if (special(protocol) === special(this.#parts.protocol)) this.#set((parts) => void (parts.protocol = protocol));
  }
  get username() {
    return this.#parts.username;
  }
  set username(value) {
    this.#set((parts) => void (parts.username = encoded(String(value), USER)));
  }
  get password() {
    return this.#parts.password;
  }
  set password(value) {
    this.#set((parts) => void (parts.password = encoded(String(value), USER)));
  }
  get searchParams() {
    this.#params ??= new URLSearchParams(this.#parts.search, (text) => void (this.#parts.search = text && `?${text}`));
    return this.#params;
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    if (depth < 0) return '[URL]';
    const { href, origin, protocol, username, password, host, hostname, port, pathname, search, searchParams, hash } =
      this;
    const shown = {
      href,
      origin,
      protocol,
      username,
      password,
      host,
      hostname,
      port,
      pathname,
      search,
      searchParams,
      hash,
    };
    return `URL ${inspect(shown, options)}`;
  }
}
Object.defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true });

function textOf({ protocol, username, password, hostname, port, pathname, search, hash }) {
  const user = username || password ? `${username}${password && `:${password}`}@` : '';
  const authority = hostname === null ? '' : `//${user}${hostname}${port && `:${port}`}`;
  return `${protocol}${authority}${hostname === null && pathname.startsWith('//') ? '/.' : ''}${pathname}${search}${hash}`;
}
