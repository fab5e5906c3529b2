/**
 * The facts of one question. In the real world they come from the atlas. In invented worlds, used in training, values are random and some
 * names are made up, so that models cannot memorize what a search must find.
 */
import type { Fact } from './facts';
import { inventName } from './invented-names';
import { KINDS, nameOf, shapeOf, valueText } from './kinds';
import { hashOf, type Random } from './random';

export interface Entity {
  kind: string;
  name: string;
}

/** An entity's attribute, in the words of steps. */
export interface KnownFact extends Entity {
  attribute: string;
  value: number | string;
  unit?: string;
}

/** `real`: atlas values, trained names. `unseen`: atlas values, at least one name that training never has. `invented`: see above. */
export type WorldMode = 'real' | 'unseen' | 'invented';

/** Share of names that training never has: the hard set `entities`. */
export function isHeldOut(name: string): boolean {
  return hashOf(`held out: ${name}`) % 8 === 0 && name !== 'Texas' && name !== 'Washington';
}

export interface Pools {
  trained: Map<string, string[]>;
  heldOut: Map<string, string[]>;
  values: Map<string, Fact>;
}

const keyOf = (kind: string, name: string, attribute: string) => `${kind}|${name}|${attribute}`;

export function poolsOf(facts: readonly Fact[]): Pools {
  const pools: Pools = { trained: new Map(), heldOut: new Map(), values: new Map() };
  for (const fact of facts) {
    pools.values.set(keyOf(fact.kind, fact.entity, fact.attribute), fact);
    const byKind = isHeldOut(fact.entity) ? pools.heldOut : pools.trained;
    const names = byKind.get(fact.kind) ?? [];
    if (!names.includes(fact.entity)) names.push(fact.entity);
    byKind.set(fact.kind, names);
  }
  return pools;
}

export class World {
  readonly entities: Entity[] = [];
  readonly #values = new Map<string, number | string>();

  constructor(
    readonly random: Random,
    readonly mode: WorldMode,
    private readonly pools: Pools,
    /** Share of made-up names in an invented world. */
    private readonly inventedShare = 0.15,
  ) {}

  /** Different entities of a kind that all have the attribute. */
  pick(kind: string, attribute: string, count: number): Entity[] {
    const has = (name: string) => this.knows({ kind, name }, attribute);
    const trained = (this.pools.trained.get(kind) ?? []).filter(has);
    const heldOut = (this.pools.heldOut.get(kind) ?? []).filter(has);
    const taken = new Set<string>(this.entities.filter((entity) => entity.kind === kind).map(({ name }) => name));
    const names: string[] = [];
    if (this.mode === 'unseen' && heldOut.length > 0) names.push(this.random.pick(heldOut));
    const free = (this.mode === 'unseen' ? [...trained, ...heldOut] : trained).filter((name) => !taken.has(name));
    while (names.length < count) {
      const invent = this.mode === 'invented' && this.random.chance(this.inventedShare);
      const name = invent ? inventName(this.random, kind) : this.random.pick(free);
      if (!names.includes(name)) names.push(name);
    }
    const entities = this.random.sample(names, count).map((name) => ({ kind, name }));
    this.entities.push(...entities);
    return entities;
  }

  pickOne(kind: string, attribute: string): Entity {
    const [entity] = this.pick(kind, attribute, 1);
    if (!entity) throw new RangeError(`No ${kind} with ${attribute}.`);
    return entity;
  }

  /** Whether {@link fact} has a value. */
  knows({ kind, name }: Entity, attribute: string): boolean {
    return this.mode === 'invented' || this.pools.values.has(keyOf(kind, name, attribute));
  }

  fact({ kind, name }: Entity, attribute: string): KnownFact {
    const shape = shapeOf(kind, attribute);
    const unit = shape.unit ? { unit: shape.unit } : {};
    return { kind, name, attribute, value: this.#value(kind, name, attribute), ...unit };
  }

  #value(kind: string, name: string, attribute: string): number | string {
    const key = keyOf(kind, name, attribute);
    const existing =
      this.#values.get(key) ?? (this.mode === 'invented' ? undefined : this.pools.values.get(key)?.value);
    if (existing !== undefined) return existing;
    if (this.mode !== 'invented') throw new RangeError(`The atlas does not know the ${attribute} of ${name}.`);
    const value = this.#invent(kind, name, attribute);
    this.#values.set(key, value);
    return value;
  }

  #invent(kind: string, name: string, attribute: string): number | string {
    const { names, year, low, high } = shapeOf(kind, attribute);
    if (names)
      return this.random.chance(0.2)
        ? inventName(this.random, names)
        : this.random.pick(this.pools.trained.get(names) ?? []);
    if (attribute === 'death year') return Number(this.#value(kind, name, 'birth year')) + this.random.integer(20, 95);
    if (year) return this.random.integer(low, high);
    return Math.round(Math.exp(Math.log(low) + this.random.next() * (Math.log(high) - Math.log(low))));
  }
}

/** The name of a fact in steps, outputs and formulas: `area of Texas`. */
export function phraseOf(fact: KnownFact): string {
  return `${fact.attribute} of ${nameOf(fact.kind, fact.name)}`;
}

export function valueOf(fact: KnownFact): string {
  return valueText(fact.kind, fact.attribute, fact.value, fact.unit);
}

/** Forms of search results in training; the first is the atlas's own. */
export function resultText(world: World, fact: KnownFact): string {
  const { random } = world;
  const { kind, name, attribute } = fact;
  const label = KINDS[kind]?.label ?? kind;
  const value = valueOf(fact);
  const draw = random.next();
  if (world.mode !== 'invented' || draw < 0.55) return `${name} (${label}): ${attribute} ${value}.`;
  if (draw < 0.7) return `The ${phraseOf(fact)} is ${value}.`;
  if (draw < 0.8) return `${name}: ${attribute}: ${value}`;
  const all = Object.keys(KINDS[kind]?.attributes ?? {});
  const attributes = random.sample(all, all.length);
  return `${name} (${label}): ${attributes.map((other) => `${other} ${valueOf(world.fact(fact, other))}`).join('; ')}.`;
}
