/**
 * The configurations of ANTLR's prediction (Parr, Harwell, Fisher: Adaptive LL(*) Parsing, 2014): where the grammar may stand after a few
 * tokens, for which alternative, and under which stacks of calling rules.
 */
import type { State } from './latex-grammar';

/** Return states, innermost first; the root is undefined. Equal stacks are the same object. */
export interface Stack {
  id: number;
  state: State;
  parent: Stack | undefined;
  inner: Map<number, Stack>;
}

export interface Config {
  state: State;
  alt: number;
  stack: Stack | undefined;
  reachesOut: boolean;
  keepFromFilter: boolean;
}

/** Configurations of one alternative in one state, with all their stacks. */
export interface Entry {
  state: State;
  alt: number;
  stacks: Set<Stack | undefined>;
  reachesOut: boolean;
  keepFromFilter: boolean;
}

let outermost = new Map<number, Stack>();
let stackCount = 0;

/** For when the caches are emptied, so that memory stays bounded. */
export function forgetStacks(): void {
  outermost = new Map();
}

export function push(state: State, parent: Stack | undefined): Stack {
  const siblings = parent === undefined ? outermost : parent.inner;
  let stack = siblings.get(state.id);
  if (stack === undefined) {
    stack = { id: ++stackCount, state, parent, inner: new Map() };
    siblings.set(state.id, stack);
  }
  return stack;
}

/** Whether a stack begins like another one that ends early. */
function extendsStack(stack: Stack | undefined, short: Stack | undefined): boolean {
  if (short === undefined || stack === short) return true;
  return stack !== undefined && stack.state === short.state && extendsStack(stack.parent, short.parent);
}

export const stackIds = (stacks: Iterable<Stack | undefined>): string =>
  [...stacks]
    .map((stack) => stack?.id ?? 0)
    .sort((a, b) => a - b)
    .join();

export class ConfigSet {
  readonly entries = new Map<number, Entry>();
  /** Sets by the token that leads to them. They are shared between texts and never changed. */
  readonly next = new Map<string, ConfigSet | undefined>();

  private decided: { unique?: number; conflict: boolean; viable: number[] } | undefined;

  constructor(private readonly fullContext: boolean) {}

  /** The set's meaning for the decision, computed when the set is complete. */
  decision(): { unique?: number; conflict: boolean; viable: number[] } {
    if (this.decided === undefined) {
      const unique = this.uniqueAlt();
      const conflict = unique === undefined && !this.fullContext && this.isConflict();
      const groups = unique === undefined && this.fullContext ? [...this.conflictingAlts().values()] : [];
      this.decided = { unique, conflict, viable: [...new Set(groups.map((alts) => Math.min(...alts)))] };
    }
    return this.decided;
  }

  /** @returns how many stacks it was compared with, for the work bound */
  add(config: Config): number {
    const key = config.state.id * 16 + config.alt;
    let entry = this.entries.get(key);
    if (entry === undefined) {
      const { state, alt, reachesOut, keepFromFilter } = config;
      entry = { state, alt, reachesOut, keepFromFilter, stacks: new Set() };
      this.entries.set(key, entry);
    }
    entry.reachesOut ||= config.reachesOut;
    entry.keepFromFilter ||= config.keepFromFilter;
    this.addStack(entry.stacks, config.stack);
    return entry.stacks.size;
  }

  /** Without full context an unknown caller stands for any caller: a stack that ends early includes all that begin like it. */
  private addStack(stacks: Set<Stack | undefined>, stack: Stack | undefined): void {
    if (stacks.has(stack)) return;
    if (!this.fullContext) {
      for (const other of stacks) if (extendsStack(stack, other)) return;
      for (const other of stacks) if (extendsStack(other, stack)) stacks.delete(other);
    }
    stacks.add(stack);
  }

  private uniqueAlt(): number | undefined {
    let alt: number | undefined;
    for (const entry of this.entries.values()) {
      if (alt === undefined) alt = entry.alt;
      else if (alt !== entry.alt) return undefined;
    }
    return alt;
  }

  private conflictingAlts(): Map<string, Set<number>> {
    const groups = new Map<string, Set<number>>();
    for (const entry of this.entries.values()) {
      const key = `${entry.state.id}:${stackIds(entry.stacks)}`;
      const group = groups.get(key) ?? new Set();
      groups.set(key, group.add(entry.alt));
    }
    return groups;
  }

  /** Whether the quick mode's lookahead ends: states conflict, and no state belongs to only one alternative. */
  private isConflict(): boolean {
    if ([...this.entries.values()].every((entry) => entry.state.isStop)) return true;
    const altsOfState = new Map<number, number>();
    for (const { state } of this.entries.values()) altsOfState.set(state.id, (altsOfState.get(state.id) ?? 0) + 1);
    if ([...altsOfState.values()].some((alts) => alts === 1)) return false;
    return [...this.conflictingAlts().values()].some((alts) => alts.size > 1);
  }

  hasStop(): boolean {
    return [...this.entries.values()].some((entry) => entry.state.isStop);
  }

  altThatFinished(): number | undefined {
    let found: number | undefined;
    for (const entry of this.entries.values()) {
      if (!entry.reachesOut && !(entry.state.isStop && entry.stacks.has(undefined))) continue;
      if (found === undefined || entry.alt < found) found = entry.alt;
    }
    return found;
  }
}
