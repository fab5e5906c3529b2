/** A plan made of quantities, and how its number is told. */
import type { AnswerChange } from './answer-change';
import { factorBetween, type Literal } from './literals';
import type { Plan } from './plans';
import type { Quantity } from './quantity';

export interface Composed {
  plan: Plan;
  change?: AnswerChange;
}

/** The plan to look the quantities up and to compute. */
export const planFor = (of: readonly Quantity[], compute?: string, more: Partial<Plan> = {}): Plan => ({
  searches: [...new Set(of.flatMap(({ searches }) => searches))],
  ...(compute === undefined ? {} : { compute }),
  ...more,
});

export const composed = (plan: Plan, change?: AnswerChange): Composed => ({ plan, ...(change ? { change } : {}) });

/** A number without its sign, rounded where decimal places were asked for. */
export const rounding = (places: number | undefined): AnswerChange | undefined =>
  places === undefined ? undefined : { kind: 'rounded', places, isUnsigned: true };

export const UNSIGNED: AnswerChange = { kind: 'unsigned' };

/** What is computed for one quantity; undefined where it is looked up as it stands. */
export const formulaOf = ({ formula, searches }: Quantity): string | undefined =>
  searches.includes(formula) ? undefined : formula;

export const sumOf = (quantities: readonly Quantity[]): string => quantities.map(({ formula }) => formula).join(' + ');

export function inUnit(formula: string, { unit }: Quantity, wanted: string | undefined): string {
  const factor = factorBetween(unit, wanted);
  return factor === 1 ? formula : `${formula} * ${factor}`;
}

/** A number of the question in the unit of the atlas. */
export const inOwnUnit = ({ value, unit }: Pick<Literal, 'value' | 'unit'>, quantity: Quantity): number =>
  value / factorBetween(quantity.unit, unit);

const SCALES: Record<string, number> = { million: 1e6, thousand: 1e3, billion: 1e9, crore: 1e7, lakh: 1e5 };

/** "in millions", "how many million" */
export const scaleOf = (text: string): number | undefined =>
  SCALES[/\b(?:in|many) (?:more |fewer )?(million|thousand|billion|crore|lakh)s?\b/.exec(text)?.[1] ?? ''];
