/**
 * Plans for kinds of question that the action generator was never trained on, made of steps that the other experts know: look each thing
 * up, compute, and finish. `{capital of Ohio}` in a plan is what the step about it has found.
 *
 * @module
 */
import { UNKNOWN } from './answer-change';
import { BEGINNINGS, meantAs, subjectOf } from './attributes';
import type { Named } from './names';
import { asksOfTime } from './phrases';
import type { Reduced } from './read-question';
import { named, type Rule, type Wording } from './wording-rule';
import { wordsOf } from './words';

export interface Plan {
  /** Phrases to look up in this order, such as `diameter of Mars`. */
  searches: readonly string[];
  /** What is computed of them. Without it and `extreme` the last thing found is the answer. */
  compute?: string;
  /** The thing is told that has what was sought: the country whose capital is Windhoek. */
  isOwner?: boolean;
  /** The name is told whose amount is the largest or the least. */
  /** A phrase may be one less another: `death year of Ada Lovelace - birth year of Ada Lovelace`. */
  /** With `from` the amount nearest to it is the least. */
  extreme?: { of: readonly { name: string; phrase: string }[]; isLeast: boolean; from?: number };
  /** How many of the amounts are more than a number, or less. */
  count?: { of: readonly string[]; than: number; isLess: boolean };
  /** Two formulas; `{larger}` and `{smaller}` in `compute` are the one or the other. */
  pair?: readonly string[];
}

interface Done {
  step: string;
  output: string;
}

const NUMBER = /-?\d[\d,]*(?:\.\d+)?/;

/** @returns the next action */
export function nextAction(plan: Plan, history: readonly Done[]): string {
  const { searches, isOwner, extreme, count } = plan;
  const fill = (text: string) => text.replace(/\{(.+?)\}/g, (_, phrase: string) => valueOf(phrase, history) ?? phrase);
  const isDone = (step: string) => history.some((done) => done.step === step);
  for (const phrase of searches) if (!isDone(`Find the ${fill(phrase)}.`)) return `[search] Find the ${fill(phrase)}.`;
  const amount = (formula: string) => amountOf(fill(formula), history);
  const compute = plan.pair && plan.compute ? inOrder(plan.compute, plan.pair, amount) : plan.compute;
  const step = compute && `Compute ${fill(compute)}.`;
  if (step && !isDone(step)) return `[code] ${step}`;
  if (extreme) return answered(fill(winner(extreme, amount)));
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
const isBeyond = (amount: number, { than, isLess }: { than: number; isLess: boolean }) =>
  isLess ? amount < than : amount > than;

function winner(
  { of, isLeast, from = 0 }: NonNullable<Plan['extreme']>,
  amount: (formula: string) => number,
): string {
  const amounts = of.map(({ name, phrase }) => ({ name, amount: Math.abs(amount(phrase) - from) }));
  return amounts.sort((x, y) => (isLeast ? x.amount - y.amount : y.amount - x.amount))[0]!.name;
}

/** The formula with the larger of two amounts and the smaller one in their places. */
function inOrder(compute: string, [x = '', y = '']: readonly string[], amount: (formula: string) => number): string {
  const [larger, smaller] = amount(x) < amount(y) ? [y, x] : [x, y];
  return compute.replaceAll('{larger}', larger).replaceAll('{smaller}', smaller);
}

/** The value of a phrase, or of one less or divided by another. */
function amountOf(formula: string, history: readonly Done[]): number {
  const [x = 0, y] = formula
    .replace(/^\((.*)\)$/, '$1')
    .split(/ [-/] /)
    .map((phrase) => Number(NUMBER.exec(valueOf(phrase, history) ?? '')?.[0].replaceAll(',', '')));
  if (y === undefined) return x;
  return / \/ /.test(formula) ? x / y : x - y;
}

function valueOf(phrase: string, history: readonly Done[]): string | undefined {
  const start = `The ${phrase} is `;
  return history
    .find(({ output }) => output.startsWith(start))
    ?.output.slice(start.length)
    .replace(/\.$/, '');
}

/** What is asked of the amounts behind the phrases, in the order of the question. */
export function planOf(text: string, phrases: readonly string[], names: readonly string[]): Plan | undefined {
  const searches = [...phrases];
  const [x, y] = phrases;
  const isLess = wordsOf('smaller').test(text);
  if (wordsOf('average').test(text))
    return { searches, compute: `to one decimal place: (${phrases.join(' + ')}) / ${phrases.length}` };
  if (wordsOf('total').test(text)) return { searches, compute: phrases.join(' + ') };
  if (/^(?:is|are|does|do|has|have)\b/.test(text) && !/ or /.test(text))
    return phrases.length === 2 ? { searches, compute: `whether ${x} ${isLess ? '<' : '>'} ${y}` } : undefined;
  if (phrases.length === 2 && /how (?:much|many)|difference|minus|gap|by what|subtract/.test(text))
    return { searches, compute: `${x} - ${y}` };
  if (!/\bwh(?:ich|at|o)\b|\bbetween\b| or |\bof\b|est\b/.test(text)) return undefined;
  return { searches, extreme: { of: names.map((name, at) => ({ name, phrase: phrases[at]! })), isLeast: isLess } };
}

/** Planets and elements, which the generator compares in no sentence. */
export const ofOtherKinds: Rule = ({ text, mentions, spelled }) => {
  if (mentions.length < 2 || wordsOf('times', 'percent').test(text)) return undefined;
  const attribute = wordsOf('atomic').test(text) ? 'atomic number' : 'diameter';
  const things = meantAs(mentions, attribute);
  return things && planned(spelled, planOf(text, ...phrasesOf(attribute, things)));
};

const EARLIEST = /\b(?:first|earliest|oldest|eldest)\b/;
const LATEST = /\b(?:last|latest|youngest|newest|recent)\b/;

/** The earliest or latest of three or more. */
export const firstOfMany: Rule = ({ text, mentions, spelled }) => {
  const isLeast = EARLIEST.test(text);
  if (mentions.length < 3 || isLeast === LATEST.test(text) || /die[ds]? (?:the )?young|how (?:many|much)/.test(text))
    return undefined;
  const subject = asksOfTime(text) ? subjectOf(text, mentions) : undefined;
  const attribute = subject?.attribute.endsWith('year')
    ? subject.attribute
    : BEGINNINGS[mentions[0]!.meanings[0]!.kind];
  const things = attribute === undefined ? undefined : meantAs(mentions, attribute);
  if (attribute === undefined || !things) return undefined;
  const [searches, names] = phrasesOf(attribute, things);
  return planned(spelled, {
    searches,
    extreme: { of: names.map((name, at) => ({ name, phrase: searches[at]! })), isLeast },
  });
};

/** Who of several lived longer, or died younger. */
export const ofAges: Rule = ({ text, mentions, spelled }) => {
  const people = meantAs(mentions, 'birth year');
  const isLeast = /\b(?:young|short|less|fewe)/.test(text);
  if (!people || people.length < 2 || !/\bli(?:ve|fe)|\bage\b|die[ds]? (?:the |at (?:a|the) )?(?:young|old)/.test(text))
    return undefined;
  if (
    !/\b(?:longe|olde|young|greate|high|more|most|short|less|fewe)/.test(text) ||
    /how (?:many|much)|difference/.test(text)
  )
    return undefined;
  const years = people.map((person) => ['death year', 'birth year'].map((year) => `${year} of ${named(person)}`));
  return planned(spelled, {
    searches: years.flat(),
    extreme: { of: people.map(({ name }, at) => ({ name, phrase: years[at]!.join(' - ') })), isLeast },
  });
};

/** Two capitals. */
export function ofCapitals({ text, spelled }: Reduced, states: readonly Named[]): Wording | undefined {
  const capitals = states.map((state) => `capital of ${named(state)}`);
  const phrases = capitals.map((capital) => `population of {${capital}}`);
  const plan = planOf(
    text,
    phrases,
    capitals.map((capital) => `{${capital}}`),
  );
  return plan && planned(spelled, { ...plan, searches: capitals.flatMap((capital, at) => [capital, phrases[at]!]) });
}

export function phrasesOf(attribute: string, things: readonly Named[]): [phrases: string[], names: string[]] {
  return [things.map((thing) => `${attribute} of ${named(thing)}`), things.map(({ name }) => name)];
}

export const planned = (question: string, plan: Plan | undefined, change?: Wording['change']): Wording | undefined =>
  plan && { question, plan, ...(change ? { change } : {}) };

/** "Which country has Windhoek as its capital?" */
export const ofCapitalCity: Rule = ({ text, mentions, spelled }) => {
  const [city, ...more] = mentions;
  const name = city?.meanings.find(({ kind }) => kind === 'city')?.name;
  if (
    more.length > 0 ||
    name === undefined ||
    !/\b(?:which|what) (?:\w+ )?(?:country|state|nation)\b.*\bcapital\b|\bcapital of (?:which|what)\b/.test(text)
  )
    return undefined;
  return planned(spelled, { searches: [`capital of ${name}`], isOwner: true });
};
