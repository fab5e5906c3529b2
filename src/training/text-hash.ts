/**
 * Fast 64-bit hashes of text, and sets of them in flat memory, to compare millions of short texts: for duplicates, splits and n-grams. They
 * do not resist deliberate collisions.
 */

/** Two 32-bit halves. */
export interface TextHash {
  high: number;
  low: number;
}

/**
 * Two multiplicative lanes over UTF-16 units, each finished by MurmurHash3's avalanche.
 *
 * @param seed a number, or the previous hash, to chain the hashes of a list
 */
export function hashText(text: string, seed: number | TextHash = 0): TextHash {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  if (typeof seed === 'number') {
    high ^= seed;
    low += seed;
  } else {
    high ^= seed.high;
    low ^= seed.low;
  }
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high ^= low >>> 15;
  }
  return { high: avalanche(high ^ Math.imul(low, 0x27d4eb2f)), low: avalanche(low ^ text.length) };
}

/** A number in [0, 1) that depends only on text and seed. */
export function hashFraction(text: string, seed: number): number {
  return hashText(text, seed).high / 2 ** 32;
}

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A set of 64-bit hashes, 8 bytes a slot, at most two thirds full. */
export class HashSet {
  private slots = new Uint32Array(2 << 12);
  private count = 0;
  private zero = false;

  get size(): number {
    return this.count + (this.zero ? 1 : 0);
  }

  has({ high, low }: TextHash): boolean {
    if (high === 0 && low === 0) return this.zero;
    const at = this.find(this.slots, high, low);
    return this.slots[at] !== 0 || this.slots[at + 1] !== 0;
  }

  /** @returns false when it was there already */
  add({ high, low }: TextHash): boolean {
    if (high === 0 && low === 0) {
      const isNew = !this.zero;
      this.zero = true;
      return isNew;
    }
    const at = this.find(this.slots, high, low);
    if (this.slots[at] !== 0 || this.slots[at + 1] !== 0) return false;
    this.slots[at] = high;
    this.slots[at + 1] = low;
    this.count += 1;
    if (this.count * 3 > this.slots.length) this.grow();
    return true;
  }

  private find(slots: Uint32Array, high: number, low: number): number {
    const mask = slots.length / 2 - 1;
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    for (;;) {
      const at = slot * 2;
      if ((slots[at] === high && slots[at + 1] === low) || (slots[at] === 0 && slots[at + 1] === 0)) return at;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const larger = new Uint32Array(this.slots.length * 2);
    for (let at = 0; at < this.slots.length; at += 2) {
      const high = this.slots[at] ?? 0;
      const low = this.slots[at + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const slot = this.find(larger, high, low);
      larger[slot] = high;
      larger[slot + 1] = low;
    }
    this.slots = larger;
  }
}
