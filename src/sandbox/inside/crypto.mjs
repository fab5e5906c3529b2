/** Random bytes and hashes. */
import { DOMException } from './dom-exception.mjs';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';
import { Buffer } from './buffer.mjs';
import { ports } from './ports.mjs';

const HASHES = {
  ...{ md5, ripemd160, sha1, sha224, sha256, sha384, sha512, 'sha512-256': sha512_256 },
  ...{ 'sha3-224': sha3_224, 'sha3-256': sha3_256, 'sha3-384': sha3_384, 'sha3-512': sha3_512 },
};
const TypedArray = Object.getPrototypeOf(Uint8Array);

/** Random bytes: hashes of a counter and of the random bytes that only this program was given. */
let drawn = 0;
function randomBytes(count) {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at += 32) {
    drawn += 1;
    bytes.set(sha256(Buffer.from(`${ports.entropy}${drawn}`)).subarray(0, Math.min(32, count - at)), at);
  }
  return bytes;
}

export const crypto = {
  getRandomValues(view) {
    if (!(view instanceof TypedArray) || view instanceof Float32Array || view instanceof Float64Array)
      throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    if (view.byteLength > 65536)
      throw new DOMException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(randomBytes(view.byteLength));
    return view;
  },
  randomUUID() {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
};

const bytesOf = (data, encoding) =>
  typeof data === 'string'
    ? Buffer.from(data, encoding)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
function hashing(name, start) {
  const hash =
    HASHES[
      String(name)
        .toLowerCase()
        .replace(/^(sha|md)-(?=\d)/, '$1')
    ];
  if (!hash) throw new Error(`Digest method not supported: the sandbox has ${Object.keys(HASHES).join(', ')}`);
  const state = start(hash);
  return {
    update(data, encoding) {
      state.update(bytesOf(data, encoding));
      return this;
    },
    digest(encoding) {
      const bytes = Buffer.from(state.digest());
      return encoding === undefined ? bytes : bytes.toString(encoding);
    },
  };
}

/** The module `crypto`. */
export const nodeCrypto = {
  ...{ webcrypto: crypto, randomUUID: crypto.randomUUID, getRandomValues: crypto.getRandomValues, randomBytes },
  randomInt: (least, most) => {
    const [low, high] = most === undefined ? [0, least] : [least, most];
    const bytes = randomBytes(8);
    return low + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) % BigInt(high - low));
  },
  getHashes: () => Object.keys(HASHES),
  createHash: (name) => hashing(name, (hash) => hash.create()),
  createHmac: (name, key) => hashing(name, (hash) => hmac.create(hash, bytesOf(key))),
  hash: (name, data, encoding = 'hex') => nodeCrypto.createHash(name).update(data).digest(encoding),
};
