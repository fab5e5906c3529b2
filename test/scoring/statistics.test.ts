import {
  mcnemarExact,
  pairedBootstrap,
  pairedRandomization,
  seededRandom,
  wilsonInterval,
} from '../../src/scoring/statistics';

describe('Wilson interval', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(0.95, 'wilson')
  test.each(WILSON())('%i of %i is the interval of scipy', (k, n, low, high) => {
    const interval = wilsonInterval(k, n);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  it('says nothing about no questions, and refuses what is no proportion', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
  });
});

describe('exact McNemar test', () => {
  // scipy.stats.binomtest(min(b, c), b + c, 0.5).pvalue
  test.each(MCNEMAR())('%i against %i discordant pairs has the p-value of scipy', (b, c, p) => {
    const pair = (first: boolean, second: boolean, n: number): [boolean, boolean][] =>
      new Array(n).fill([first, second]);
    const pairs = [...pair(true, false, b), ...pair(false, true, c), ...pair(true, true, 9), ...pair(false, false, 4)];
    const result = mcnemarExact(
      pairs.map(([first]) => first),
      pairs.map(([, second]) => second),
    );
    expect(result).toMatchObject({ onlyFirst: b, onlySecond: c });
    expect(result.pValue).toBeCloseTo(p, 9);
  });

  it('refuses answers to different questions', () => {
    expect(() => mcnemarExact([true], [true, false])).toThrow('same questions');
  });
});

describe('paired bootstrap', () => {
  const deltas = [
    ...new Array<number>(30).fill(1),
    ...new Array<number>(50).fill(0),
    ...new Array<number>(20).fill(-1),
  ];
  const zeros = deltas.map(() => 0);

  it('gives the interval of scipy within resampling error', () => {
    // scipy.stats.bootstrap((d,), numpy.mean, method='percentile', n_resamples=20000): 0.1 [-0.04, 0.24]
    const result = pairedBootstrap(zeros, deltas, { resamples: 20_000, seed: 3 });
    expect(result.difference).toBeCloseTo(0.1, 12);
    expect(Math.abs(result.low - -0.04)).toBeLessThan(0.011);
    expect(Math.abs(result.high - 0.24)).toBeLessThan(0.011);
    expect(result.shown).toBe(false);
  });

  it('is the same for the same seed and another for another', () => {
    const run = (seed: number): unknown =>
      pairedBootstrap(
        zeros,
        deltas.map((d, i) => d + i / 97),
        { resamples: 500, seed },
      );
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('shows a difference that is there', () => {
    const ones = zeros.map(() => 1);
    expect(pairedBootstrap(zeros, ones)).toMatchObject({ difference: 1, low: 1, high: 1, shown: true });
  });
});

it('seeded random numbers are uniform enough to resample with', () => {
  const random = seededRandom(42);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(random() * 10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

function WILSON(): [number, number, number, number][] {
  return [
    [0, 10, 0.0, 0.27753279986288926],
    [7, 10, 0.39677814746114526, 0.892208732593699],
    [50, 100, 0.4038315303659956, 0.5961684696340044],
    [263, 300, 0.8346262759711766, 0.909182685706332],
    [4821, 5000, 0.958683515537119, 0.96900374997709],
    [20, 20, 0.8388748419471808, 1.0],
  ];
}

function MCNEMAR(): [number, number, number][] {
  return [
    [0, 0, 1],
    [1, 4, 0.375],
    [10, 25, 0.016673847800120715],
    [3, 3, 1.0],
    [40, 70, 0.005447429511444476],
    [900, 1050, 0.0007363184940133067],
  ];
}

test('the randomization test of means gives the p-value of scipy, and of McNemar for right and wrong', () => {
  const a = [0.2, 0.4, 0, 1, 0.6, 0.8, 0.2, 0.4, 0.6, 0, 0.2, 0.4];
  const b = [0.4, 0.8, 0.2, 1, 0.4, 1, 0.6, 0.6, 1, 0.2, 0.2, 0.8];
  // scipy.stats.permutation_test((a, b), lambda x, y: mean(x) - mean(y), permutation_type='samples', n_resamples=inf)
  expect(Math.abs(pairedRandomization(a, b) - 0.013671875)).toBeLessThan(0.005);
  const only = (first: number, second: number) => [
    ...Array<number>(7).fill(first),
    ...Array<number>(15).fill(second),
    1,
  ];
  const exact = mcnemarExact(only(1, 0).map(Boolean), only(0, 1).map(Boolean)).pValue;
  expect(Math.abs(pairedRandomization(only(1, 0), only(0, 1)) - exact)).toBeLessThan(0.01);
  expect(pairedRandomization(a, a)).toBe(1);
});
