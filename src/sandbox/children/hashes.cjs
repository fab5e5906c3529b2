/** MD5, SHA-1 and SHA-256. Not a module: evaluated inside an isolate before what uses it. */
const rotated = (word, by) => (word << by) | (word >>> (32 - by));
/** Whole numbers from the fractions of roots, as the standards have their constants. */
const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
function firstPrimes(count) {
  const primes = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
/** A message with its length, in blocks of sixteen words. */
function wordsOf(bytes, littleEndian) {
  const size = (bytes.length + 72) & ~63;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const [high, low] = [Math.floor(bytes.length / 2 ** 29), (bytes.length << 3) >>> 0];
  view.setUint32(size - (littleEndian ? 8 : 4), low, littleEndian);
  view.setUint32(size - (littleEndian ? 4 : 8), high, littleEndian);
  return Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 * i, littleEndian) | 0);
}
function hashOf(bytes, state, rounds, littleEndian) {
  const words = wordsOf(bytes, littleEndian);
  let sum = state;
  for (let at = 0; at < words.length; at += 16) {
    const after = rounds(sum, words.slice(at, at + 16));
    sum = sum.map((word, i) => (word + after[i]) | 0);
  }
  const view = new DataView(new ArrayBuffer(4 * sum.length));
  sum.forEach((word, i) => view.setInt32(4 * i, word, littleEndian));
  return new Uint8Array(view.buffer);
}
const START = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const primes = firstPrimes(64);
const cubes = primes.map((prime) => fraction(Math.cbrt(prime)));
const HASHES = {
  md5: (bytes) =>
    hashOf(
      bytes,
      START,
      ([a, b, c, d], words) => {
        for (let i = 0; i < 64; i += 1) {
          const round = i >> 4;
          const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
          const word = words[[i, 5 * i + 1, 3 * i + 5, 7 * i][round] & 15];
          const next = (b + rotated((a + mixed + sines[i] + word) | 0, TURNS[4 * round + (i & 3)])) | 0;
          [a, b, c, d] = [d, next, b, c];
        }
        return [a, b, c, d];
      },
      true,
    ),
  sha1: (bytes) =>
    hashOf(
      bytes,
      [...START, 0xc3d2e1f0 | 0],
      ([a, b, c, d, e], words) => {
        for (let i = 0; i < 80; i += 1) {
          if (i >= 16) words.push(rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1));
          const round = Math.floor(i / 20);
          const mixed = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][round];
          const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round];
          [a, b, c, d, e] = [(rotated(a, 5) + mixed + e + constant + words[i]) | 0, a, rotated(b, 30), c, d];
        }
        return [a, b, c, d, e];
      },
      false,
    ),
  sha256: (bytes) =>
    hashOf(
      bytes,
      primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
      ([a, b, c, d, e, f, g, h], words) => {
        for (let i = 0; i < 64; i += 1) {
          if (i >= 16) {
            const [x, y] = [words[i - 15], words[i - 2]];
            const low = rotated(x, 25) ^ rotated(x, 14) ^ (x >>> 3);
            const high = rotated(y, 15) ^ rotated(y, 13) ^ (y >>> 10);
            words.push((words[i - 16] + low + words[i - 7] + high) | 0);
          }
          const turned = rotated(e, 26) ^ rotated(e, 21) ^ rotated(e, 7);
          const first = (h + turned + ((e & f) ^ (~e & g)) + cubes[i] + words[i]) | 0;
          const second = ((rotated(a, 30) ^ rotated(a, 19) ^ rotated(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
          [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
        }
        return [a, b, c, d, e, f, g, h];
      },
      false,
    ),
};
