/**
 * The steps to an answer, of those that the experts know: look each thing up, compute, and finish. `{capital of Ohio}` in a plan is what the step about it has found.
 */
import { UNKNOWN } from './answer-change';

export interface Plan {
  /** Phrases to look up in this order, such as `diameter of Mars`. */
  searches: readonly string[];
  /** What is computed of them. Without it and `extreme` the last thing found is the answer. */
  compute?: string;
  /** The thing is told that has what was sought: the country whose capital is Windhoek. */
  isOwner?: boolean;
  /** The name is told whose amount is the largest or the least; a phrase may be one less another: `death year of Ada Lovelace - birth year of Ada Lovelace`. */
  /** With `from` the amount nearest to it is the least. */
  /** With `rank` 1 the second is told; with `isAmount` its amount, not its name. */
  extreme?: {
    of: readonly { name: string; phrase: string }[];
    isLeast: boolean;
    from?: number;
    rank?: number;
    isAmount?: boolean;
  };
  /** How many of the amounts are more than a number, or less, or the number itself. */
  count?: { of: readonly string[]; than: number; isLess: boolean; isExact: boolean };
  /** Of two or more formulas `{larger}` and `{smaller}` in `compute` are the one with the most and the one with the least; of the second pair `{larger 1}`. */
  pairs?: readonly (readonly string[])[];
}

interface Done {
  step: string;
  output: string;
}

/** What stands before a capital in a phrase that means its country or state: `{land of Lima}`. */
export const LAND_OF = 'land of ';

const NUMBER = /-?\d[\d,]*(?:\.\d+)?/;

/** @returns the next action */
export function nextAction(plan: Plan, history: readonly Done[]): string {
  const { searches, isOwner, extreme, count } = plan;
  const fill = (text: string) => text.replace(/\{(.+?)\}/g, (_, phrase: string) => valueOf(phrase, history) ?? phrase);
  const isDone = (step: string) => history.some((done) => done.step === step);
  for (const phrase of searches) if (!isDone(`Find the ${fill(phrase)}.`)) return `[search] Find the ${fill(phrase)}.`;
  const amount = (formula: string) => amountOf(fill(formula), history);
  const compute = plan.pairs && plan.compute ? inOrder(plan.compute, plan.pairs, amount) : plan.compute;
  const step = compute && `Compute ${fill(compute)}.`;
  if (step && !isDone(step)) return `[code] ${step}`;
  if (extreme) {
    const { name, phrase } = winner(extreme, amount);
    return answered(extreme.isAmount ? String(amount(phrase)) : fill(name));
  }
  if (count) return answered(String(count.of.filter((one) => isBeyond(amount(one), count)).length));
  if (!compute) {
    const [, owner, value] = /^The (?:.+?) of (.+) is (.+)\.$/.exec(history.at(-1)?.output ?? '') ?? [];
    const found = isOwner ? owner : value;
    return found === undefined ? UNKNOWN : answered(found);
  }
  const [, result] = /^The result is (-?.+)\.$/.exec(history.at(-1)?.output ?? '') ?? [];
  return result === undefined ? UNKNOWN : answered(result.replace(/\.0$/, ''));
}

const answered = (answer: string) => `[finish] The answer is ${answer}.`;
const isBeyond = (amount: number, { than, isLess, isExact }: NonNullable<Plan['count']>) =>
  isExact ? amount === than : isLess ? amount < than : amount > than;

function winner(
  { of, isLeast, from = 0, rank = 0 }: NonNullable<Plan['extreme']>,
  amount: (formula: string) => number,
): { name: string; phrase: string } {
  const amounts = of.map((one) => ({ ...one, amount: Math.abs(amount(one.phrase) - from) }));
  return amounts.sort((x, y) => (isLeast ? x.amount - y.amount : y.amount - x.amount))[rank]!;
}

/** The formula with the largest of the amounts and the smallest in their places. */
function inOrder(compute: string, pairs: NonNullable<Plan['pairs']>, amount: (formula: string) => number): string {
  return pairs.reduce((text, formulas, at) => {
    const sorted = [...formulas].sort((x, y) => amount(y) - amount(x));
    const [larger = '', smaller = ''] = [sorted[0], sorted.at(-1)];
    const number = at === 0 ? '' : ` ${at}`;
    return text.replaceAll(`{larger${number}}`, larger).replaceAll(`{smaller${number}}`, smaller);
  }, compute);
}

/** The value of a phrase, or of one less, divided by or multiplied with another or a number. */
function amountOf(formula: string, history: readonly Done[]): number {
  const [x = 0, y] = formula
    .replace(/^\((.*)\)$/, '$1')
    .split(/ [-*/] /)
    .map((phrase) => Number(NUMBER.exec(valueOf(phrase, history) ?? phrase)?.[0].replaceAll(',', '')));
  if (y === undefined) return x;
  if (/ \* /.test(formula)) return x * y;
  return / \/ /.test(formula) ? x / y : x - y;
}

function valueOf(phrase: string, history: readonly Done[]): string | undefined {
  if (phrase.startsWith(LAND_OF)) {
    const owners = history.map(({ output }) => /^The capital of (.+) is (.+)\.$/.exec(output) ?? []);
    return owners.find(([, , capital]) => capital === phrase.slice(LAND_OF.length))?.[1];
  }
  const start = `The ${phrase} is `;
  return history
    .find(({ output }) => output.startsWith(start))
    ?.output.slice(start.length)
    .replace(/\.$/, '');
}
