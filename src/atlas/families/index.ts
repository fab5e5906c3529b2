/**
 * The registry: a new family is a function in one of these files, or a new one, and a line here.
 *
 * @module
 */
import type { Family } from '../family';
import { whichIs, yesOrNo } from './comparisons';
import { difference, differenceToSum, mapDifference, mapSize, percentage, ratio } from './differences';
import { chain, lookUp, shareOfCapital } from './look-ups';
import { average, total, totalOfFour } from './totals';
import { density, travel, unitChange } from './units';
import { largeNumbers, smallNumbers } from './words';
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
} satisfies Record<string, Family>;

/** The hard set `families`: never trained on. */
export const HARD_FAMILIES = {
  'total-of-four': totalOfFour,
  'difference-to-sum': differenceToSum,
  'share-of-capital': shareOfCapital,
} satisfies Record<string, Family>;

export const FAMILIES: Record<string, Family> = { ...TRAINED_FAMILIES, ...HARD_FAMILIES };
