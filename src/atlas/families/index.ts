/** The registry of families: a new one is a function in a file of this folder, and a line here. */
import type { Family } from '../family';
import { whichIs, yesOrNo } from './comparisons';
import { difference, mapDifference, mapSize, percentage, ratio } from './differences';
import { formula } from './formulas';
import {
  capitalDifference,
  capitalRatio,
  capitalTogether,
  chain,
  inventorAge,
  lookUp,
  shareOfCapital,
} from './look-ups';
import {
  differenceToMany,
  differenceToSum,
  percentageOfSum,
  ratioOfSum,
  ratioToMany,
  ratioToSum,
  sumLessOne,
  sumLessSum,
  sumYesOrNo,
} from './sums-compared';
import { average, averageOfFour, averageOfMany, total, totalOfFour, totalOfMany } from './totals';
import { density, travel, unitChange } from './units';
import { largeNumbers, smallNumbers, smallSums } from './words';
import { age, yearsBetween } from './years';

export const TRAINED_FAMILIES = {
  'look-up': lookUp,
  chain,
  difference,
  'map-difference': mapDifference,
  'map-size': mapSize,
  ratio,
  percentage,
  total,
  average,
  'which-is': whichIs,
  'yes-or-no': yesOrNo,
  'years-between': yearsBetween,
  age,
  'unit-change': unitChange,
  density,
  travel,
  'small-numbers': smallNumbers,
  'large-numbers': largeNumbers,
  'average-of-four': averageOfFour,
  'sum-less-one': sumLessOne,
  'sum-less-sum': sumLessSum,
  'ratio-to-sum': ratioToSum,
  'ratio-of-sum': ratioOfSum,
  'sum-yes-or-no': sumYesOrNo,
  'percentage-of-sum': percentageOfSum,
  'capital-together': capitalTogether,
  'capital-ratio': capitalRatio,
  'capital-difference': capitalDifference,
  'inventor-age': inventorAge,
} satisfies Record<string, Family>;

/** The hard set `families`, which training never has. */
export const HARD_FAMILIES = {
  'total-of-four': totalOfFour,
  'difference-to-sum': differenceToSum,
  'share-of-capital': shareOfCapital,
} satisfies Record<string, Family>;

/** For training only: too easy for a test. */
const SUMS = { 'small-sums': smallSums } satisfies Record<string, Family>;

/** Trained on more often: mental arithmetic, and kinds of question that small models learn last. */
export const DRILLS: readonly string[] = [
  'small-sums',
  'total',
  'average',
  'average-of-four',
  'sum-less-one',
  'ratio-to-sum',
  'percentage',
];

/** For the end of training only: longer than test questions. None has the size of a question of the hard set. */
const LONGER = {
  'total-of-many': totalOfMany,
  'average-of-many': averageOfMany,
  'difference-to-many': differenceToMany,
  'ratio-to-many': ratioToMany,
} satisfies Record<string, Family>;
export const LONGER_FAMILIES: readonly string[] = Object.keys(LONGER);

/** For training only: people do not ask such questions. */
const FORMULAS = { formula } satisfies Record<string, Family>;
export const FORMULA_FAMILIES: readonly string[] = Object.keys(FORMULAS);

export const FAMILIES: Record<string, Family> = {
  ...TRAINED_FAMILIES,
  ...HARD_FAMILIES,
  ...SUMS,
  ...LONGER,
  ...FORMULAS,
};
