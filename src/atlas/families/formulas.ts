/** Questions that are formulas. They teach to copy a formula part by part, whatever its length and parentheses. */
import { combine, factTerm, sumOf, type Expression } from '../expression';
import { found, type Family } from '../family';
import type { Random } from '../random';
import { computeStep } from '../steps';
import { fill, MEASURES } from '../wording';

const TEMPLATES = ['What is {formula}?', 'Work out {formula}.', 'How much is {formula}?'];

/** Forms of the hard set's programs, which training must not have. */
const HELD_BACK = /^(n \+ n \+ n \+ n|n - \(n \+ n\))$/;

/** Sums and differences of two to six amounts in any grouping. */
export const formula: Family = (world) => {
  const { random } = world;
  const { kind, attribute } = random.pick(MEASURES);
  const entities = world.pick(kind, attribute, random.integer(2, 6));
  const facts = entities.map((entity) => world.fact(entity, attribute));
  const expression = grouped(random, facts.map(factTerm));
  if (HELD_BACK.test(expression.code.replace(/\d[\d_.]*/g, 'n'))) return undefined;
  const question = fill(random.pick(TEMPLATES), { formula: expression.says });
  return found(world, question, facts, computeStep(expression));
};

function grouped(random: Random, terms: readonly Expression[]): Expression {
  const [only] = terms;
  if (only && terms.length === 1) return only;
  if (random.chance(0.4)) return sumOf(terms);
  const at = random.integer(1, terms.length - 1);
  return combine(grouped(random, terms.slice(0, at)), random.chance(0.7) ? '-' : '+', grouped(random, terms.slice(at)));
}
