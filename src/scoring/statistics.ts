/** Intervals and paired tests for scores. */

export interface Interval {
  low: number;
  high: number;
}

/** Two-sided 95 % quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Wilson score interval of a proportion (E. B. Wilson, 1927), without continuity correction.
 *
 * @param correct number of successes, 0 to total
 * @param z quantile of the standard normal distribution; @default 1.96 (95 %)
 * @returns proportions between 0 and 1; the whole range for total 0
 */
export function wilsonInterval(correct: number, total: number, z: number = Z_95): Interval {
  if (!(correct >= 0 && correct <= total)) throw new RangeError(`${correct} of ${total} is not a proportion.`);
  if (total === 0) return { low: 0, high: 1 };
  const p = correct / total;
  const zz = (z * z) / total;
  const centre = (p + zz / 2) / (1 + zz);
  const half = (z * Math.sqrt((p * (1 - p)) / total + zz / (4 * total))) / (1 + zz);
  return {
    low: correct === 0 ? 0 : Math.max(0, centre - half),
    high: correct === total ? 1 : Math.min(1, centre + half),
  };
}

export interface McNemar {
  /** Questions that only the first got right. */
  onlyFirst: number;
  /** Questions that only the second got right. */
  onlySecond: number;
  /** Two-sided p-value of the exact binomial test over the discordant pairs. */
  pValue: number;
}

/** Exact McNemar test of two systems over the same questions, position by position. */
export function mcnemarExact(first: readonly boolean[], second: readonly boolean[]): McNemar {
  requirePaired(first, second);
  let onlyFirst = 0;
  let onlySecond = 0;
  first.forEach((right, i) => {
    if (right && !second[i]) onlyFirst++;
    if (!right && second[i]) onlySecond++;
  });
  const n = onlyFirst + onlySecond;
  return { onlyFirst, onlySecond, pValue: Math.min(1, 2 * binomialTail(Math.min(onlyFirst, onlySecond), n)) };
}

/** P(X <= k) for X binomial(n, 1/2), summed in logarithms so that thousands of pairs do not underflow. */
function binomialTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

export interface BootstrapOptions {
  /** @default 10000 */
  resamples?: number;
  /** The same seed gives the same interval. @default 0 */
  seed?: number;
}

export interface PairedDifference extends Interval {
  /** Mean of second minus first. */
  difference: number;
  /** The interval leaves out zero. */
  shown: boolean;
}

/**
 * Percentile bootstrap, at 95 %, of the mean difference between two systems' scores on the same questions (Efron, 1979);
 * questions are resampled, so that the pairing is kept.
 */
export function pairedBootstrap(
  first: readonly number[],
  second: readonly number[],
  options: BootstrapOptions = {},
): PairedDifference {
  requirePaired(first, second);
  const { resamples = 10_000, seed = 0 } = options;
  const n = first.length;
  if (n === 0) return { difference: 0, low: 0, high: 0, shown: false };
  const deltas = Float64Array.from(second, (score, i) => score - (first[i] as number));
  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += deltas[(random() * n) | 0] as number;
    means[r] = sum / n;
  }
  means.sort();
  const low = quantile(means, 0.025);
  const high = quantile(means, 0.975);
  const difference = deltas.reduce((a, b) => a + b, 0) / n;
  return { difference, low, high, shown: low > 0 || high < 0 };
}

/**
 * Two-sided p-value of the paired randomization test of a mean difference (Fisher, 1935): under the null hypothesis each question's
 * difference has either sign. For scores of 0 and 1 it tests what {@link mcnemarExact} tests exactly.
 *
 * @returns (1 + the number of random signs that give at least the difference seen) / (1 + resamples)
 */
export function pairedRandomization(
  first: readonly number[],
  second: readonly number[],
  { resamples = 10_000, seed = 0 }: BootstrapOptions = {},
): number {
  requirePaired(first, second);
  const deltas = second.map((score, i) => score - (first[i] as number)).filter((delta) => delta !== 0);
  // A rounding error must not make an equal sum a smaller one.
  const seen = Math.abs(deltas.reduce((sum, delta) => sum + delta, 0)) - 1e-9;
  const random = seededRandom(seed);
  let extreme = 1;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (const delta of deltas) sum += random() < 0.5 ? delta : -delta;
    if (Math.abs(sum) >= seen) extreme++;
  }
  return extreme / (resamples + 1);
}

/** Linear interpolation between order statistics, as numpy's default; 0 for no values. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

function requirePaired(first: readonly unknown[], second: readonly unknown[]): void {
  if (first.length !== second.length) {
    throw new RangeError(
      `A paired test needs the same questions in the same order; got ${first.length} and ${second.length}.`,
    );
  }
}

/** Mulberry32: small, fast, and the same on every machine; values in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const percent = (share: number, digits = 1): string => (100 * share).toFixed(digits);

/** The share of `count` in `total` with its 95 % interval (Wilson): `80.0 %, 95 % interval 70.1 to 87.2`. */
export function describeShare(count: number, total: number): string {
  const { low, high } = wilsonInterval(count, total);
  return `${percent(count / total)} %, 95 % interval ${percent(low)} to ${percent(high)}`;
}
